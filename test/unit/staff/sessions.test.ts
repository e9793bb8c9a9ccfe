import { describe, expect, it } from "vitest";
import { judgeSession, NO_SESSIONS, type StaffSession, type StaffSessions } from "#shared/staff/sessions.ts";
import { createTestClock } from "#test/support/clock.ts";

const { now, iso } = createTestClock();

function aSession(id: string, startedSecondsAgo: number, seenSecondsAgo = startedSecondsAgo): StaffSession {
  return { id, startedAt: iso(-startedSecondsAgo), lastSeenAt: iso(-seenSecondsAgo) };
}

function aState(parts: Partial<StaffSessions> = {}): StaffSessions {
  return { ...NO_SESSIONS, version: 3, ...parts };
}

function aSignIn(id: string, secondsAgo = 5) {
  return { id, signedInAt: new Date(now().getTime() - secondsAgo * 1000) };
}

const HOUR = 3600;

describe("a known session", () => {
  it("goes on without a write when it was seen within the last minute", () => {
    const state = aState({ sessions: [aSession("s1", HOUR, 59)] });

    expect(judgeSession(state, aSignIn("s1", HOUR), now())).toEqual({ kind: "valid" });
  });

  it("is written as seen once a minute, and only that session", () => {
    const state = aState({ sessions: [aSession("s1", HOUR, 60), aSession("s2", 300, 30)] });

    const verdict = judgeSession(state, aSignIn("s1", HOUR), now());

    expect(verdict).toEqual({
      kind: "touched",
      next: { ...state, sessions: [{ ...aSession("s1", HOUR), lastSeenAt: iso() }, aSession("s2", 300, 30)] },
    });
  });

  it.each([
    ["15 minutes idle", aSession("s1", HOUR, 15 * 60), "touched"],
    ["15 minutes and a second idle", aSession("s1", HOUR, 15 * 60 + 1), "over"],
    ["12 hours old", aSession("s1", 12 * HOUR, 90), "touched"],
    ["12 hours and a second old", aSession("s1", 12 * HOUR + 1, 10), "over"],
  ] as const)("that is %s is %s (%s)", (_name, session, kind) => {
    const verdict = judgeSession(aState({ sessions: [session] }), aSignIn("s1", HOUR), now());

    expect(verdict.kind).toBe(kind);
  });

  it("that is over does not start again, however fresh the sign-in claims to be", () => {
    const state = aState({ sessions: [aSession("s1", HOUR, HOUR)] });

    expect(judgeSession(state, aSignIn("s1", 1), now())).toEqual({ kind: "over" });
  });

  it("that was ended is over", () => {
    const state = aState({ ended: [{ id: "s1", endedAt: iso(-10) }] });

    expect(judgeSession(state, aSignIn("s1"), now())).toEqual({ kind: "over" });
  });
});

describe("a disabled member", () => {
  it.each([
    ["a live session", aState({ disabled: true, sessions: [aSession("s1", 60, 1)] })],
    ["a fresh sign-in", aState({ disabled: true })],
  ])("is refused with %s", (_name, state) => {
    expect(judgeSession(state, aSignIn("s1"), now())).toEqual({ kind: "over" });
  });
});

describe("an unknown session", () => {
  it("starts on a fresh sign-in", () => {
    const verdict = judgeSession(NO_SESSIONS, aSignIn("s1"), now());

    expect(verdict).toEqual({
      kind: "started",
      endedId: null,
      next: { ...NO_SESSIONS, sessions: [{ id: "s1", startedAt: iso(), lastSeenAt: iso() }] },
    });
  });

  it.each([
    [10 * 60, "started"],
    [10 * 60 + 1, "over"],
  ])("of a sign-in %i seconds ago is %s", (secondsAgo, kind) => {
    expect(judgeSession(NO_SESSIONS, aSignIn("s1", secondsAgo), now()).kind).toBe(kind);
  });

  it("takes the place of the oldest when there are five", () => {
    const sessions = [500, 400, 300, 200, 100].map((age) => aSession(`old-${age}`, age, 50));

    const verdict = judgeSession(aState({ sessions }), aSignIn("new"), now());

    expect(verdict).toMatchObject({
      kind: "started",
      endedId: "old-500",
      next: { ended: [{ id: "old-500", endedAt: iso() }] },
    });
    expect(verdict.kind === "started" && verdict.next.sessions.map(({ id }) => id)).toEqual([
      "old-400",
      "old-300",
      "old-200",
      "old-100",
      "new",
    ]);
  });

  it("ends no live one while dead ones can go, and keeps the dead from coming back", () => {
    const sessions = [aSession("dead", HOUR, HOUR), ...[4, 3, 2, 1].map((n) => aSession(`live-${n}`, n))];

    const verdict = judgeSession(aState({ sessions }), aSignIn("new"), now());

    expect(verdict).toMatchObject({ kind: "started", endedId: null, next: { ended: [{ id: "dead" }] } });
    expect(verdict.kind === "started" && verdict.next.sessions).toHaveLength(5);
  });

  it("remembers an ended one for as long as its sign-in could start a session again", () => {
    const ended = [
      { id: "long-ended", endedAt: iso(-601) },
      { id: "just-ended", endedAt: iso(-599) },
    ];
    const state = aState({ ended, sessions: [aSession("dead", HOUR, HOUR)] });

    const verdict = judgeSession(state, aSignIn("new"), now());

    const kept = verdict.kind === "started" ? verdict.next.ended : [];
    expect(kept.map(({ id }) => id)).toEqual(["just-ended", "dead"]);
  });
});
