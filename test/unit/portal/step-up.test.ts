import { describe, expect, it } from "vitest";
import type { PortalSession } from "#shared/portal/records.ts";
import {
  aWorld,
  BIRTH_DATE,
  CODE,
  cookieLines,
  cookiesOf,
  PATIENT,
  type World,
  WRONG_DATE,
} from "./world.ts";

const RIGHT = { birthDate: BIRTH_DATE };
const STEP_UP = { stepUp: "1" };
const DAY = 24 * 3600;

const openSessions = (world: World) =>
  [...world.items.entries()]
    .filter(([key]) => key.startsWith("session|"))
    .map(([, item]) => item as unknown as PortalSession)
    .filter(({ stage }) => stage === "open");

describe("a step up", () => {
  it("asks for the code alone where the date was right, and keeps what the session has", async () => {
    const world = await aWorld({ tier: 2 });
    const cookies = cookiesOf(await world.post(world.token, RIGHT));
    const [session] = openSessions(world);
    world.items.set(`session|${session?.hash ?? ""}`, {
      ...session,
      written: ["msg_own"],
      uploads: ["att_1"],
    });
    world.setTier(3);

    const asked = await world.post(world.token, STEP_UP, { cookies });
    expect(asked.body).toContain('name="code"');
    expect(asked.body).not.toContain('name="birthDate"');
    await world.mintCode();
    const answer = await world.post(world.token, { code: CODE }, { cookies });

    expect(answer.statusCode).toBe(303);
    expect(openSessions(world)).toMatchObject([
      { tier: 3, birthDateProven: true, written: ["msg_own"], uploads: ["att_1"] },
    ]);
    expect(world.entries.at(-1)?.details).toMatchObject({ tier: 3, from: 2, code: true });
    expect((await world.thread(world.token, { cookies })).statusCode).toBe(303);
    expect((await world.thread(world.token, { cookies: cookiesOf(answer) })).statusCode).toBe(200);
  });

  it("asks a session that the link alone opened for the date first", async () => {
    const world = await aWorld({ tier: 1 });
    const cookies = cookiesOf(await world.post(world.token));
    world.setTier(2);

    const asked = await world.post(world.token, STEP_UP, { cookies });
    const answer = await world.post(world.token, RIGHT, { cookies });

    expect(asked).toEqual(await world.get(world.token));
    expect(JSON.stringify(world.logs)).not.toContain("PROOF_REJECTED");
    expect(answer.statusCode).toBe(303);
    expect(openSessions(world)).toMatchObject([{ tier: 2, birthDateProven: true }]);
  });

  it("leads back where the session shows everything already", async () => {
    const world = await aWorld({ tier: 2 });
    const cookies = cookiesOf(await world.post(world.token, RIGHT));

    const answer = await world.post(world.token, STEP_UP, { cookies });

    expect(answer.statusCode).toBe(303);
    expect(cookieLines(answer)).toEqual([]);
    expect(world.actions()).toEqual(["session.opened"]);
  });

  it("counts a wrong code, and opens nothing by it", async () => {
    const world = await aWorld({ tier: 2 });
    const cookies = cookiesOf(await world.post(world.token, RIGHT));
    world.setTier(3);
    await world.post(world.token, STEP_UP, { cookies });
    await world.mintCode();

    const answer = await world.post(world.token, { code: "000000" }, { cookies });

    expect(answer.body).toContain('name="code"');
    expect(world.link().misses).toBe(1);
    expect(openSessions(world)).toMatchObject([{ tier: 2 }]);
  });

  it.each([
    ["without a session", []],
    ["with a session of nobody", [`__Host-session=${"x".repeat(43)}`]],
  ])("%s is a form that says nothing", async (_how, cookies) => {
    const world = await aWorld({ tier: 3 });

    expect(await world.post(world.token, STEP_UP, { cookies })).toEqual(await world.get(world.token));
    expect(world.entries).toEqual([]);
  });

  it("is refused to the session of another link", async () => {
    const world = await aWorld({ tier: 2 });
    const other = await world.addLink(2);
    const cookies = cookiesOf(await world.post(world.token, RIGHT));
    world.setTier(3);

    expect(await world.post(other.token, STEP_UP, { cookies })).toEqual(await world.get(world.token));
    expect(world.requests).toEqual([]);
  });

  it("goes on in a session whose link was superseded or is over; opening anew does not", async () => {
    const world = await aWorld({ tier: 2 });
    const cookies = cookiesOf(await world.post(world.token, RIGHT));
    const newer = await world.addLink(2, { createdAt: "2026-11-04T16:30:00.000Z" });
    world.setNewest(newer.link());
    world.setTier(3);

    expect((await world.post(world.token, RIGHT)).statusCode).toBe(200);
    const asked = await world.post(world.token, STEP_UP, { cookies });

    expect(asked.body).toContain('name="code"');
  });

  const ENDED: readonly (readonly [string, (world: World) => Promise<void>])[] = [
    ["is over", async (world) => world.advance(500)],
    [
      "was superseded",
      async (world) => {
        world.setNewest((await world.addLink(2, { createdAt: "2026-11-04T16:30:00.000Z" })).link());
      },
    ],
  ];

  it.each(ENDED)("is all that a session of a link that %s is good for", async (_name, end) => {
    for (const tier of [1, 2, 3] as const) {
      const world = await aWorld({ tier });
      const link = await world.addLink(9, { expiresAt: "2026-11-04T17:08:00.000Z" });
      await world.mintCode(link);
      const cookies = cookiesOf(await world.post(link.token, { ...RIGHT, code: CODE, device: "own" }));
      expect((await world.thread(link.token, { cookies })).statusCode).toBe(200);
      await end(world);
      const opened = openSessions(world);

      for (const fields of [{}, RIGHT, { ...RIGHT, device: "own" }]) {
        const answer = await world.post(link.token, fields, { cookies });
        expect([answer.statusCode, cookieLines(answer)]).toEqual([200, []]);
      }
      expect(openSessions(world)).toEqual(opened);
    }
  });

  it("of a session that the link alone opened takes the date after the link was superseded, within the hour", async () => {
    const world = await aWorld({ tier: 1 });
    const cookies = cookiesOf(await world.post(world.token));
    world.advance(300);
    const newer = await world.addLink(2, { createdAt: "2026-11-04T16:30:00.000Z" });
    world.setNewest(newer.link());
    world.setTier(2);

    const empty = await world.post(world.token, {}, { cookies });
    const answer = await world.post(world.token, RIGHT, { cookies });

    expect(cookieLines(empty)).toEqual([]);
    expect(answer.statusCode).toBe(303);
    expect(openSessions(world)).toMatchObject([{ tier: 2, createdAt: "2026-11-04T17:00:00.000Z" }]);
    expect(cookieLines(await world.post(world.token, RIGHT, { cookies: cookiesOf(answer) }))).toEqual([]);
  });

  it("does not begin the hour anew", async () => {
    const world = await aWorld({ tier: 2 });
    let cookies = cookiesOf(await world.post(world.token, RIGHT));
    for (let count = 0; count < 6; count += 1) {
      world.advance(540);
      expect((await world.thread(world.token, { cookies })).statusCode).toBe(200);
    }
    world.setTier(3);
    await world.post(world.token, STEP_UP, { cookies });
    await world.mintCode();
    cookies = cookiesOf(await world.post(world.token, { code: CODE }, { cookies }));

    expect(openSessions(world)).toMatchObject([
      { tier: 3, createdAt: "2026-11-04T17:00:00.000Z", lastSeenAt: "2026-11-04T17:54:00.000Z" },
    ]);
    world.advance(359);
    expect((await world.thread(world.token, { cookies })).statusCode).toBe(200);
    world.advance(1);
    expect((await world.thread(world.token, { cookies })).statusCode).toBe(303);
  });
});

describe("a change of number or date of birth", () => {
  async function aHeldWorld() {
    const world = await aWorld({ tier: 3 });
    const changedAt = "2026-11-04T15:00:00.000Z";
    world.items.set(`${PATIENT}|verifier`, {
      ...world.items.get(`${PATIENT}|verifier`),
      since: changedAt,
      changedAt,
    });
    return world;
  }

  it("holds clinical content back for a day: the date opens what is below, and no code is sent", async () => {
    const world = await aHeldWorld();

    const answer = await world.post(world.token, RIGHT);
    const cookies = cookiesOf(answer);

    expect(answer.statusCode).toBe(303);
    expect(world.requests).toEqual([]);
    expect(openSessions(world)).toMatchObject([{ tier: 2 }]);
    expect((await world.thread(world.token, { cookies })).body).not.toContain("Words of message 1.");
    const held = await world.post(world.token, STEP_UP, { cookies });
    expect(held.statusCode).toBe(200);
    expect(held.body).not.toContain("<input");
  });

  it("leaves the alert and the thread unread, so that reminders go on, until everything was shown", async () => {
    const world = await aHeldWorld();
    const isRead = () => [...world.items.keys()].some((key) => key.includes("|read|"));
    const cookies = cookiesOf(await world.post(world.token, RIGHT));
    await world.thread(world.token, { cookies });

    expect(world.alert("alr_1").status).toBe("delivered");
    expect(isRead()).toBe(false);

    world.advance(DAY - 2 * 3600);
    await world.mintCode();
    await world.post(world.token, { ...RIGHT, code: CODE });
    expect(world.alert("alr_1").status).toBe("opened");
    expect(isRead()).toBe(true);
  });

  it("still counts a wrong date, and takes no code", async () => {
    const world = await aHeldWorld();
    await world.mintCode();

    expect((await world.post(world.token, { birthDate: WRONG_DATE })).statusCode).toBe(200);
    expect(world.link().misses).toBe(1);
    await world.post(world.token, { ...RIGHT, code: CODE });
    expect(openSessions(world)).toMatchObject([{ tier: 2 }]);
    expect(world.link().codeMac).not.toBeNull();
  });

  it("holds nothing back a day later", async () => {
    const world = await aHeldWorld();
    world.advance(DAY - 2 * 3600);

    expect((await world.post(world.token, RIGHT)).body).toContain('name="code"');
  });
});
