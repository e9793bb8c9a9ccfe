import { describe, expect, it } from "vitest";
import { createWorld } from "#test/support/core-world.ts";

const OPERATION = "POST /patients/{id}/opt-outs";
const UNKNOWN = "pat_01KAEV0000000000000000NEW1";

async function aConsentingPatient() {
  const world = createWorld();
  const patientId = await world.register({ email: "given@example.com" });
  await world.grant(patientId, { purpose: "scheduling" });
  await world.grant(patientId, { purpose: "portal" });
  await world.grant(patientId, { purpose: "portal", channel: "email" });
  world.clock.advance(60);
  const optOut = (body: object = {}, parts: object = {}) =>
    world.call(OPERATION, {
      path: { id: patientId },
      body: { channel: "sms", method: "verbal", ...body },
      ...parts,
    });
  const granted = async () => {
    const { body } = await world.call("GET /patients/{id}/consents", { path: { id: patientId } });
    return (body["state"] as readonly Record<string, unknown>[])
      .filter(({ decision }) => decision === "granted")
      .map(({ purpose, channel }) => `${String(purpose)} ${String(channel)}`);
  };
  const ledger = async () => {
    const { body } = await world.call("GET /patients/{id}/consents", { path: { id: patientId } });
    return body["history"] as readonly Record<string, unknown>[];
  };
  return { world, patientId, optOut, granted, ledger };
}

describe("an opt-out that staff record", () => {
  it("ends every consent of the channel and tells which", async () => {
    const { world, optOut, granted } = await aConsentingPatient();

    const answer = await optOut();

    expect(answer).toMatchObject({ status: 201, body: { at: world.clock.iso() } });
    expect(answer.body["revoked"]).toEqual([
      { purpose: "scheduling", channel: "sms" },
      { purpose: "portal", channel: "sms" },
    ]);
    expect(await granted()).toEqual(["portal email"]);
  });

  it.each([
    ["email", ["scheduling sms", "portal sms"]],
    ["all", []],
  ])("of %s leaves %j", async (channel, left) => {
    const { optOut, granted } = await aConsentingPatient();

    await optOut({ channel });

    expect(await granted()).toEqual(left);
  });

  it("stands in the ledger with what was said, sealed, and how", async () => {
    const { world, optOut, ledger } = await aConsentingPatient();

    await optOut({ method: "email", evidence: "Mail of today: no more, thanks" });

    const [newest] = await ledger();
    expect(newest).toMatchObject({
      decision: "revoked",
      method: "email",
      evidence: "Mail of today: no more, thanks",
      contactId: expect.stringMatching(/^num_/),
      recordedBy: "staff_1",
    });
    expect(await ledger()).toHaveLength(5);
    expect(JSON.stringify(world.store.items("Consents"))).not.toContain("thanks");
  });

  it("is one transaction with one entry on record", async () => {
    const { world, patientId, optOut } = await aConsentingPatient();
    const before = world.store.calls.length;

    await optOut({ channel: "all" });

    const writes = world.store.calls.slice(before).filter(({ action }) => action === "TransactWriteItems");
    expect(writes).toHaveLength(1);
    const entry = world.entries(patientId).at(-1);
    expect(entry).toMatchObject({
      action: "consent.revoked",
      details: { channel: "all", method: "verbal" },
    });
    expect(entry?.details?.["consentIds"]).toHaveLength(3);
  });

  it("again ends nothing, and is on record all the same", async () => {
    const { world, patientId, optOut, ledger } = await aConsentingPatient();
    await optOut();

    const again = await optOut();

    expect(again).toMatchObject({ status: 201, body: { revoked: [] } });
    expect(await ledger()).toHaveLength(5);
    expect(world.actions(patientId)).toContain("consent.opt-out-repeated");
  });

  it("with an idempotency key answers as the first time", async () => {
    const { optOut } = await aConsentingPatient();
    const headers = { "Idempotency-Key": "out-1" };
    const first = await optOut({}, { headers });

    expect((await optOut({}, { headers })).body).toEqual(first.body);
    expect(await optOut({ channel: "all" }, { headers })).toMatchObject({
      status: 409,
      body: { code: "idempotency_conflict" },
    });
  });

  it("ends what is granted at the same moment too", async () => {
    const { world, patientId, optOut, granted } = await aConsentingPatient();
    world.store.setIntercept(async ({ action }) => {
      if (action !== "TransactWriteItems") return;
      world.store.setIntercept(undefined);
      await world.grant(patientId, { purpose: "portal", evidence: "at the same moment" });
    });

    await optOut();

    expect(await granted()).toEqual(["portal email"]);
  });

  it("refuses what is sent after it", async () => {
    const { world, patientId, optOut } = await aConsentingPatient();
    await world.signVendor();
    await optOut();

    expect((await world.send(patientId)).body).toMatchObject({ code: "consent_revoked" });
  });

  it.each([
    [{ channel: "fax" }, 400],
    [{ method: "carrier" }, 400],
    [{ evidence: "" }, 400],
    [{ purpose: "portal" }, 400],
  ])("is refused as %j", async (body, status) => {
    const { optOut, granted } = await aConsentingPatient();

    expect((await optOut(body)).status).toBe(status);
    expect(await granted()).toHaveLength(3);
  });

  it("of a patient that is not there is not found", async () => {
    const { world } = await aConsentingPatient();

    const answer = await world.call(OPERATION, {
      path: { id: UNKNOWN },
      body: { channel: "sms", method: "verbal" },
    });

    expect(answer.status).toBe(404);
  });

  it.each(["compliance", "auditor"])("is forbidden to %s", async (roles) => {
    const { optOut } = await aConsentingPatient();

    expect((await optOut({}, { roles })).status).toBe(403);
  });
});
