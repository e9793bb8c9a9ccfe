import { describe, expect, it } from "vitest";
import type { AlertRecord } from "#shared/messaging/records.ts";
import { aWorld, BIRTH_DATE, cookiesOf, PATIENT, type World, WRONG_DATE } from "./world.ts";

const HOUR_SECONDS = 3600;
const MESSAGE = "msg_00000000000000000000000001";

/** A world whose patient agreed to texts. */
async function aWillingWorld(): Promise<World> {
  const world = await aWorld();
  world.addConsent("portal", "sms");
  return world;
}

/** The alerts that were asked for. */
function asked(world: World): readonly AlertRecord[] {
  return world.requests.map((request) => world.alert((request as { alertId: string }).alertId));
}

describe("asking for a new link", () => {
  it("asks for an alert about the same message, on the urgent queue, on the consent that stands", async () => {
    const world = await aWillingWorld();

    const answer = await world.newLink(world.token);

    expect(answer.statusCode).toBe(200);
    expect(world.requests).toEqual([{ kind: "message", patientId: PATIENT, alertId: "alr_code_1" }]);
    expect(asked(world)).toMatchObject([
      {
        kind: "message",
        messageId: MESSAGE,
        channel: "sms",
        queue: "urgent",
        status: "queued",
        consentId: "con_portal_sms",
        sender: "staff_1",
        linkLookup: null,
      },
    ]);
    expect(world.entries).toMatchObject([
      {
        action: "alert.requested",
        actor: `patient:${PATIENT}`,
        role: "patient",
        details: { messageId: MESSAGE, alertId: "alr_code_1", linkAlertId: "alr_1" },
      },
    ]);
    expect(JSON.stringify([world.entries, world.requests, world.logs])).not.toContain(world.token);
  });

  it("goes by e-mail where only that was agreed to, and a person calls rather than a nudge", async () => {
    const world = await aWorld();
    world.addConsent("portal", "sms", { decision: "revoked" });
    world.addConsent("portal", "email");

    await world.newLink(world.token);

    expect(asked(world)).toMatchObject([
      {
        channel: "email",
        consentId: "con_portal_email",
        nudges: 2,
        template: expect.stringContaining("email"),
      },
    ]);
  });

  it("opens no session and needs none", async () => {
    const world = await aWillingWorld();

    const answer = await world.newLink(world.token, { cookies: ["__Host-session=x"] });

    expect(cookiesOf(answer)).toEqual([]);
  });

  it.each([
    ["is over", { expiresAt: "2026-11-04T16:00:00.000Z" }],
    ["died of wrong proofs", { misses: 5, diedAt: "2026-11-04T16:30:00.000Z" }],
  ])("works with a link that %s", async (_name, settings) => {
    const world = await aWillingWorld();
    const link = await world.addLink(2, settings);

    await world.newLink(link.token);

    expect(world.requests).toHaveLength(1);
  });

  it("works with a link that a newer one took the place of", async () => {
    const world = await aWillingWorld();
    const newer = await world.addLink(2, { createdAt: "2026-11-04T16:30:00.000Z" });
    world.setNewest(newer.link());

    await world.newLink(world.token);

    expect(world.requests).toHaveLength(1);
  });

  const IDLE: readonly (readonly [string, (world: World) => Promise<string | undefined>])[] = [
    ["of a forged token", async (world) => `${world.token.slice(0, -4)}AAAA`],
    ["of what is no token", async () => "%00"],
    [
      "of a link whose record is gone",
      async (world) => void world.items.delete(world.keys.link(world.lookup)),
    ],
    [
      "without a consent",
      async (world) => world.addConsent("portal", "sms", { decision: "revoked" }) ?? undefined,
    ],
    [
      "after the patient's links were revoked",
      async (world) =>
        void world.setMarks({ linksRevokedBefore: "2026-11-04T16:30:00.000Z", erasedAt: null }),
    ],
    [
      "of an erased patient",
      async (world) =>
        void world.setMarks({ linksRevokedBefore: null, erasedAt: "2026-11-04T16:30:00.000Z" }),
    ],
    [
      "after its sender's links were revoked",
      async (world) => void world.setLinksMark("staff_1", world.link().createdAt),
    ],
    [
      "after all links were revoked",
      async (world) => void world.setLinksMark("practice", world.link().createdAt),
    ],
    [
      "while the portal is off",
      async (world) => void world.setSwitches({ sending: true, portal: false, version: 1 }),
    ],
    [
      "of a link that went to an older number",
      async (world) => (await world.addLink(2, { createdAt: "2025-12-31T23:59:59.999Z" })).token,
    ],
    [
      "of a message that was revoked",
      async (world) => {
        const key = world.keys.message(PATIENT, MESSAGE);
        world.items.set(key, { ...world.items.get(key), revokedAt: "2026-11-04T16:30:00.000Z" });
        return undefined;
      },
    ],
    [
      "of a message that is over",
      async (world) => {
        const key = world.keys.message(PATIENT, MESSAGE);
        world.items.set(key, { ...world.items.get(key), expiresAt: "2026-11-04T17:00:00.000Z" });
        return undefined;
      },
    ],
    [
      "of a link that ended more than seven days ago",
      async (world) => (await world.addLink(2, { expiresAt: "2026-10-28T16:59:59.999Z" })).token,
    ],
    [
      "of a link that died of wrong proofs more than seven days ago",
      async (world) => (await world.addLink(2, { misses: 5, diedAt: "2026-10-28T16:59:59.999Z" })).token,
    ],
    [
      "when the patient's wrong proofs of the day are used up",
      async (world) => {
        const day = world.state.now.toISOString().slice(0, 10);
        world.items.set(world.keys.misses(PATIENT, day), { count: 10, taskId: null });
        return undefined;
      },
    ],
  ];

  it.each(IDLE)(
    "%s is answered the same, after the same calls, and asks for nothing",
    async (_name, prepare) => {
      const granted = await aWillingWorld();
      const sent = await granted.newLink(granted.token);
      const world = await aWillingWorld();
      const token = (await prepare(world)) ?? world.token;
      world.calls.length = 0;

      const answer = await world.newLink(token);

      expect(answer).toEqual(sent);
      expect(world.calls).toEqual(granted.calls.filter((call) => call !== "commit"));
      expect(world.calls.at(-1)).toBe("answer 400 ms later");
      expect(world.requests).toEqual([]);
      expect(world.entries).toEqual([]);
      expect(world.logs).toEqual([["NEW_LINK_NOT_ASKED", { count: 1 }]]);
    },
  );

  it("is heard three times an hour over one link", async () => {
    const world = await aWillingWorld();
    for (let count = 0; count < 5; count += 1) await world.newLink(world.token);
    expect(world.requests).toHaveLength(3);

    world.advance(HOUR_SECONDS - 1);
    await world.newLink(world.token);
    expect(world.requests).toHaveLength(3);
    world.advance(1);
    await world.newLink(world.token);
    expect(world.requests).toHaveLength(4);
  });

  it("is heard three times an hour for one patient, over however many links", async () => {
    const world = await aWillingWorld();
    const links = await Promise.all([2, 3, 4, 5].map((number) => world.addLink(number)));

    await Promise.all(links.map(({ token }) => world.newLink(token)));

    expect(world.requests).toHaveLength(3);
    expect(world.entries).toHaveLength(3);
  });

  it("is heard six times a day for one patient, over however many links", async () => {
    const world = await aWillingWorld();
    const links = await Promise.all([2, 3, 4, 5, 6, 7, 8, 9].map((number) => world.addLink(number)));

    for (const { token } of links) {
      await world.newLink(token);
      world.advance(HOUR_SECONDS);
    }
    expect(world.requests).toHaveLength(6);

    world.advance(16 * HOUR_SECONDS - 1);
    await world.newLink(world.token);
    expect(world.requests).toHaveLength(6);
    world.advance(1);
    await world.newLink(world.token);
    await world.newLink(world.token);
    expect(world.requests).toHaveLength(7);
  });

  it("works with a link that ended seven days ago", async () => {
    const world = await aWillingWorld();
    const link = await world.addLink(2, { expiresAt: "2026-10-28T17:00:00.000Z" });

    await world.newLink(link.token);

    expect(world.requests).toHaveLength(1);
  });

  it("ends the steps of the alert before it, which may not have left yet", async () => {
    const world = await aWillingWorld();
    await world.newLink(world.token);
    world.advance(60);

    await world.newLink(world.token);

    expect(world.alert("alr_code_1")).toMatchObject({
      status: "blocked",
      reason: "superseded",
      fallbackId: "alr_code_2",
      dueAt: null,
    });
    expect(world.items.get(world.keys.message(PATIENT, MESSAGE))).toMatchObject({ alertId: "alr_code_2" });
  });

  it("leaves it to the due index when the queue does not take the request", async () => {
    const world = await aWillingWorld();
    world.state.queueFails = true;

    const answer = await world.newLink(world.token);

    expect(answer.statusCode).toBe(200);
    expect(world.logs).toEqual(["lost"]);
    expect(world.alert("alr_code_1").dueAt).toBe("2026-11-04T17:02:00.000Z");
  });

  it("changes nothing of what proves the link", async () => {
    const world = await aWillingWorld();
    await world.post(world.token, { birthDate: WRONG_DATE });

    await world.newLink(world.token);

    expect(world.link()).toMatchObject({ misses: 1, diedAt: null });
    expect((await world.post(world.token, { birthDate: BIRTH_DATE })).statusCode).toBe(303);
  });

  it("is tried again after a lost race, but never so late that the answer would tell of it", async () => {
    const [lost, late] = [await aWillingWorld(), await aWillingWorld()];
    Object.assign(lost.state, { lostRaces: 1, raceMs: 150 });
    Object.assign(late.state, { lostRaces: 10, raceMs: 150 });

    await lost.newLink(lost.token);
    await late.newLink(late.token);

    expect(lost.requests).toHaveLength(1);
    expect(lost.calls.at(-1)).toBe("answer 250 ms later");
    expect(late.requests).toEqual([]);
    expect(late.calls.filter((call) => call === "commit")).toHaveLength(2);
    expect(late.calls.at(-1)).toBe("answer 100 ms later");
  });

  it("is refused from another site", async () => {
    const world = await aWillingWorld();

    const answer = await world.newLink(world.token, { headers: { "sec-fetch-site": "cross-site" } });

    expect(answer.statusCode).toBe(403);
    expect(world.requests).toEqual([]);
  });
});
