import { describe, expect, it } from "vitest";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createPracticeTable } from "#shared/adapters/dynamodb/practice-table.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { putTouched } from "#shared/adapters/dynamodb/touch.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createAdmit } from "#shared/staff/admit.ts";
import type { Identity } from "#shared/staff/tokens.ts";
import { createTestClock } from "#test/support/clock.ts";
import { createStore } from "#test/support/store.ts";

function aDoor() {
  const store = createStore();
  const clock = createTestClock();
  const { now } = clock;
  const { dynamodb } = store;
  const read = createReadSnapshot(dynamodb);
  const staff = createPracticeTable("Practice");
  const journal = createJournal(dynamodb, { table: "Audit", function: "authorize", read, newId, now });
  const admit = createAdmit({
    read,
    staff,
    journal,
    touch: (actor, sessions) => putTouched(dynamodb, staff.setStaffSessions(actor, sessions)),
    now,
  });
  return {
    store,
    clock,
    admit: (identity: Identity) => admit(identity, "request-1"),
    staff,
    journal,
    sessionsOf: async (actor: string) => (await read(staff.staffSessions(actor)))[0],
    entries: () => store.items("Audit").filter(({ sk }) => sk !== "head"),
    signIn: (id: string): Identity => ({
      actor: "staff_1",
      roles: ["clinician", "admin"],
      signIn: { id, signedInAt: now() },
    }),
  };
}

const CLIENT: Identity = { actor: "client_1", roles: ["integration"], signIn: null };

describe("admitting a caller", () => {
  it("starts a session on a fresh sign-in, on record", async () => {
    const door = aDoor();

    const admitted = await door.admit(door.signIn("s1"));

    expect(admitted).toBe(true);
    expect(await door.sessionsOf("staff_1")).toMatchObject({ sessions: [{ id: "s1" }], version: 1 });
    expect(door.entries()).toEqual([
      expect.objectContaining({
        action: "session.started",
        actor: "staff_1",
        role: "clinician",
        requestId: "request-1",
        details: { replacedOldest: false },
      }),
    ]);
  });

  it("writes nothing within a minute of the last call", async () => {
    const door = aDoor();
    const identity = door.signIn("s1");
    await door.admit(identity);
    door.clock.advance(59);

    await door.admit(identity);

    expect(await door.sessionsOf("staff_1")).toMatchObject({ version: 1 });
  });

  it("writes the time of a later call without an entry", async () => {
    const door = aDoor();
    const identity = door.signIn("s1");
    await door.admit(identity);
    door.clock.advance(61);

    const admitted = await door.admit(identity);

    expect(admitted).toBe(true);
    expect(await door.sessionsOf("staff_1")).toMatchObject({
      sessions: [{ id: "s1", lastSeenAt: door.clock.iso() }],
      version: 2,
    });
    expect(door.entries()).toHaveLength(1);
  });

  it("keeps a session alive as long as it is used, up to twelve hours", async () => {
    const door = aDoor();
    const identity = door.signIn("s1");
    const answers: boolean[] = [];
    for (let minutes = 0; minutes <= 12 * 60 + 14; minutes += 14) {
      answers.push(await door.admit(identity));
      door.clock.advance(14 * 60);
    }

    expect(answers.slice(0, -1).every(Boolean)).toBe(true);
    expect(answers.at(-1)).toBe(false);
  });

  it("refuses an idle session and lets the person sign in anew", async () => {
    const door = aDoor();
    const identity = door.signIn("s1");
    await door.admit(identity);
    door.clock.advance(15 * 60 + 1);

    expect(await door.admit(identity)).toBe(false);
    expect(await door.admit(door.signIn("s2"))).toBe(true);
    expect(await door.admit(identity)).toBe(false);
  });

  it("refuses the oldest session from its very next call once a sixth began", async () => {
    const door = aDoor();
    const identities = ["s1", "s2", "s3", "s4", "s5", "s6"].map(door.signIn);
    for (const identity of identities) {
      await door.admit(identity);
      door.clock.advance(1);
    }

    const answers = await Promise.all(identities.map((identity) => door.admit(identity)));

    expect(answers).toEqual([false, true, true, true, true, true]);
  });

  it("starts every one of several sign-ins at once", async () => {
    const door = aDoor();
    const identities = ["s1", "s2", "s3", "s4"].map(door.signIn);

    const answers = await Promise.all(identities.map((identity) => door.admit(identity)));

    expect(answers).toEqual([true, true, true, true]);
    expect((await door.sessionsOf("staff_1"))?.sessions.map(({ id }) => id).sort()).toEqual([
      "s1",
      "s2",
      "s3",
      "s4",
    ]);
  });

  it("starts one session for two first calls of one sign-in at once", async () => {
    const door = aDoor();
    const identity = door.signIn("s1");

    const answers = await Promise.all([door.admit(identity), door.admit(identity)]);

    expect(answers).toEqual([true, true]);
    expect((await door.sessionsOf("staff_1"))?.sessions).toHaveLength(1);
    expect(door.entries()).toHaveLength(1);
  });

  it("admits the machine client without a session", async () => {
    const door = aDoor();

    expect(await door.admit(CLIENT)).toBe(true);
    expect(door.entries()).toEqual([]);
  });

  it.each(["staff_1", "client_1"])("refuses %s once disabled", async (actor) => {
    const door = aDoor();
    const identity = actor === "client_1" ? CLIENT : door.signIn("s1");
    await door.admit(identity);
    const state = (await door.sessionsOf(actor)) ?? { sessions: [], ended: [], version: 0 };
    await door.journal.commit(
      { action: "staff.disabled", actor: "staff_9", role: "admin", requestId: "request-2" },
      [door.staff.setStaffSessions(actor, { ...state, disabled: true })],
    );

    expect(await door.admit(identity)).toBe(false);
  });

  it("fails when the start of a session cannot be recorded", async () => {
    const door = aDoor();
    door.store.setIntercept(({ action }) => {
      if (action === "TransactWriteItems") throw new Error("out of reach");
    });

    await expect(door.admit(door.signIn("s1"))).rejects.toThrow();
  });
});
