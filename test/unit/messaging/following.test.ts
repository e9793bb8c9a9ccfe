import { describe, expect, it } from "vitest";
import { aWorldWithAlert, createWorld, type World } from "#test/support/core-world.ts";

const UNKNOWN = "msg_01KAEV0000000000000000NEW1";

describe("a message's state", () => {
  it("tells everything but its words", async () => {
    const { world, patientId, messageId, alertId } = await aWorldWithAlert({}, { body: "About diabetes." });

    const answer = await world.call("GET /messages/{id}", { roles: "compliance", path: { id: messageId } });

    expect(answer).toMatchObject({
      status: 200,
      body: {
        id: messageId,
        patientId,
        purpose: "scheduling",
        tier: 3,
        sender: "staff_1",
        expiresAt: null,
        alert: { id: alertId, status: "queued", reason: null },
      },
    });
    expect(answer.text).not.toMatch(/diabetes|condition/);
  });

  it("follows its alert", async () => {
    const { world, patientId, messageId, alertId } = await aWorldWithAlert();
    await world.sendAlert(patientId, alertId);
    await world.report({ eventType: "TEXT_BLOCKED", messageId: "provider-1", context: { alertId } });

    const answer = await world.call("GET /messages/{id}", { path: { id: messageId } });

    expect(answer.body["alert"]).toMatchObject({ status: "failed", reason: "blocked" });
  });

  it.each([
    [UNKNOWN, 404],
    ["msg_1", 404],
  ])("of %s is not found", async (id, status) => {
    const { world } = await aWorldWithAlert();

    expect((await world.call("GET /messages/{id}", { path: { id } })).status).toBe(status);
  });

  it("is not for auditors", async () => {
    const { world, messageId } = await aWorldWithAlert();

    expect(
      (await world.call("GET /messages/{id}", { roles: "auditor", path: { id: messageId } })).status,
    ).toBe(403);
  });
});

describe("a patient's messages", () => {
  it("are listed newest first, page by page", async () => {
    const world = createWorld();
    const patientId = await world.prepare();
    for (let count = 1; count <= 5; count += 1) {
      world.clock.advance(1);
      await world.send(patientId, count % 2 === 0 ? { deliver: "portal-only" } : {}, `key-${count}`);
    }
    const page = async (cursor?: string) =>
      (
        await world.call("GET /patients/{id}/messages", {
          path: { id: patientId },
          query: { limit: "2", ...(cursor === undefined ? {} : { cursor }) },
        })
      ).body as { items: { createdAt: string; alert: object | null }[]; nextCursor: string | null };

    const first = await page();
    const second = await page(String(first.nextCursor));
    const third = await page(String(second.nextCursor));

    const items = [first, second, third].flatMap((each) => each.items);
    expect(items.map(({ createdAt }) => createdAt)).toEqual([0, -1, -2, -3, -4].map(world.clock.iso));
    expect(items.map(({ alert }) => alert === null)).toEqual([false, true, false, true, false]);
    expect(third.nextCursor).toBeNull();
  });

  it("are none for a patient without any", async () => {
    const world = createWorld();
    const patientId = await world.register();

    const answer = await world.call("GET /patients/{id}/messages", { path: { id: patientId } });

    expect(answer.body).toEqual({ items: [], nextCursor: null });
  });

  it.each([{ limit: "0" }, { limit: "101" }, { limit: "x" }, { cursor: "thr_1" }, { other: "1" }])(
    "are not listed for the query %j",
    async (query) => {
      const { world, patientId } = await aWorldWithAlert();

      const answer = await world.call("GET /patients/{id}/messages", { path: { id: patientId }, query });

      expect(answer.status).toBe(400);
    },
  );
});

describe("revoking a message", () => {
  async function revoke(world: World, id: string, roles = "frontdesk") {
    return world.call("POST /messages/{id}/revocation", {
      roles,
      path: { id },
      body: { reason: "canary reason" },
    });
  }

  it("is written down for the portal and on record, without the reason's words", async () => {
    const { world, patientId, messageId } = await aWorldWithAlert();

    const answer = await revoke(world, messageId);

    const [revocation] = await world.read(world.messages.revocation(patientId, messageId));
    expect(answer).toMatchObject({ status: 204, text: "" });
    expect(revocation).toEqual({ before: world.clock.iso() });
    expect(world.entries(patientId).at(-1)).toMatchObject({
      action: "message.revoked",
      details: { messageId },
    });
    expect(JSON.stringify(world.store.items("Audit"))).not.toContain("canary");
  });

  it("stops an alert that has not left", async () => {
    const { world, patientId, messageId, alertId, alert } = await aWorldWithAlert();
    await revoke(world, messageId);

    await world.sendAlert(patientId, alertId);

    expect(await alert()).toMatchObject({ status: "blocked", reason: "revoked", dueAt: null });
    expect(world.texts).toEqual([]);
  });

  it("leaves the state of an alert that has left", async () => {
    const { world, patientId, messageId, alertId, alert } = await aWorldWithAlert();
    await world.sendAlert(patientId, alertId);

    await revoke(world, messageId);

    expect(await alert()).toMatchObject({ status: "sent" });
  });

  it("can be done again", async () => {
    const { world, messageId } = await aWorldWithAlert();
    await revoke(world, messageId);

    expect((await revoke(world, messageId)).status).toBe(204);
  });

  it("of a message that is not there is not found", async () => {
    const { world } = await aWorldWithAlert();

    expect((await revoke(world, UNKNOWN)).status).toBe(404);
  });

  it.each(["integration", "compliance", "auditor"])("is forbidden to %s", async (roles) => {
    const { world, messageId } = await aWorldWithAlert();

    expect((await revoke(world, messageId, roles)).status).toBe(403);
  });
});

describe("a new link", () => {
  const OPERATION = "POST /messages/{id}/alerts";

  it("is another alert of the same message", async () => {
    const { world, patientId, messageId, alertId } = await aWorldWithAlert();
    await world.sendAlert(patientId, alertId);

    const answer = await world.call(OPERATION, { path: { id: messageId } });

    const { id } = answer.body["alert"] as { readonly id: string };
    const state = await world.call("GET /messages/{id}", { path: { id: messageId } });
    expect(answer).toMatchObject({ status: 202, body: { alert: { channel: "sms", status: "queued" } } });
    expect(id).not.toBe(alertId);
    expect(state.body["alert"]).toMatchObject({ id });
    expect(world.requests.at(-1)).toMatchObject({ queue: "urgent", alertId: id });
    expect(world.actions(patientId).at(-1)).toBe("alert.requested");
  });

  it("is refused by the rules of the first one, on record", async () => {
    const { world, patientId, messageId } = await aWorldWithAlert();
    await world.grant(patientId, { decision: "revoked" });

    const answer = await world.call(OPERATION, { path: { id: messageId } });

    expect(answer).toMatchObject({ status: 409, body: { code: "consent_revoked" } });
    expect(world.entries(patientId).at(-1)).toMatchObject({
      action: "alert.refused",
      details: { messageId, reason: "consent_revoked" },
    });
  });

  it("of a message that is not there is not found", async () => {
    const { world } = await aWorldWithAlert();

    expect((await world.call(OPERATION, { path: { id: UNKNOWN } })).status).toBe(404);
  });
});
