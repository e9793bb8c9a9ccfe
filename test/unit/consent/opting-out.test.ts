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

  it("again ends nothing, and stands in the ledger once more for what had been ended", async () => {
    const { world, patientId, optOut, ledger } = await aConsentingPatient();
    await optOut();
    world.clock.advance(60);

    const again = await optOut({ evidence: "I said so before" });

    expect(again).toMatchObject({ status: 201, body: { revoked: [] } });
    const newest = (await ledger()).slice(0, 2);
    expect(new Set(newest.map(({ purpose }) => purpose))).toEqual(new Set(["portal", "scheduling"]));
    for (const entry of newest) {
      expect(entry).toMatchObject({
        decision: "revoked",
        channel: "sms",
        method: "verbal",
        evidence: "I said so before",
        recordedAt: world.clock.iso(),
      });
    }
    expect(await ledger()).toHaveLength(7);
    expect(world.actions(patientId)).toContain("consent.opt-out-repeated");
  });

  it("keeps START from bringing back what a STOP had ended before", async () => {
    const { world, patientId, optOut } = await aConsentingPatient();
    const readState = async () => (await world.read(world.consents.state(patientId, "portal", "sms")))[0];
    const before = await readState();
    if (before === undefined) throw new Error("no state");
    const stopped = {
      ...before,
      patientId,
      consentId: "con_01KAEV0000000000000000C0N9",
      decision: "revoked",
      ended: before.consentId,
      method: "text",
      wording: "stop",
      language: "en",
      acknowledgements: null,
      recordedBy: `patient:${patientId}`,
      recordedAt: world.clock.iso(),
      sealed: new Uint8Array(1),
      wrappedKey: new Uint8Array(1),
    } as const;
    await world.put(...world.consents.append(stopped, before));
    await optOut();

    await optOut();

    expect(await readState()).toMatchObject({ decision: "revoked", ended: null });
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

describe("an opt-out with nothing to end", () => {
  /** A patient who has agreed to nothing. */
  async function aPatientOfNothing() {
    const world = createWorld();
    await world.signVendor();
    const patientId = await world.register({ email: "given@example.com" });
    const optOut = (channel = "sms") =>
      world.call(OPERATION, {
        path: { id: patientId },
        body: { channel, method: "verbal", evidence: "By phone" },
      });
    const ask = async (when = world.clock.iso(), purpose = "billing") => {
      const { status, body } = await world.call("POST /patients/{id}/consent-requests", {
        path: { id: patientId },
        body: { purpose, permission: { how: "At check-in", when } },
      });
      return { status, body, alertId: (body["alert"] as { readonly id: string } | undefined)?.id ?? "" };
    };
    const consents = async () =>
      (await world.call("GET /patients/{id}/consents", { path: { id: patientId } })).body as {
        readonly state: readonly object[];
        readonly history: readonly Record<string, unknown>[];
      };
    return { world, patientId, optOut, ask, consents };
  }

  it.each([
    ["sms", ["portal sms"]],
    ["all", ["portal email", "portal sms"]],
  ])(
    "of %s stands in the ledger, and keeps anybody from asking by earlier leave",
    async (channel, entries) => {
      const { world, optOut, ask, consents } = await aPatientOfNothing();
      const leave = world.clock.iso();
      world.clock.advance(60);

      const answer = await optOut(channel);

      expect(answer).toMatchObject({ status: 201, body: { revoked: [] } });
      const { history } = await consents();
      expect(
        history.map(({ purpose, channel: one }) => `${String(purpose)} ${String(one)}`).toSorted(),
      ).toEqual(entries);
      for (const entry of history) {
        expect(entry).toMatchObject({ decision: "revoked", method: "verbal", evidence: "By phone" });
      }
      expect(await ask(leave)).toMatchObject({ status: 409, body: { code: "consent_revoked" } });
      world.clock.advance(60);
      expect((await ask()).status).toBe(202);
    },
  );

  it("answers the question that is open, so that it leaves no more and YES says nothing", async () => {
    const { world, patientId, optOut, ask, consents } = await aPatientOfNothing();
    const { body, alertId } = await ask();
    world.clock.advance(60);

    const answer = await optOut();
    await world.sendAlert(patientId, alertId);

    expect(answer.body).toMatchObject({ revoked: [] });
    expect(world.texts).toEqual([]);
    expect((await world.alert(patientId, alertId)).status).toBe("blocked");
    expect((await consents()).state).toEqual([
      expect.objectContaining({ purpose: "billing", channel: "sms", decision: "revoked" }),
    ]);
    const number = world.store.items("Patients").find(({ sk }) => sk === "number");
    expect(number).toMatchObject({ asked: { answeredAt: world.clock.iso() }, version: 2 });
    expect(world.entries(patientId)).toContainEqual(
      expect.objectContaining({
        action: "consent.revoked",
        details: expect.objectContaining({ askedConsentId: body["id"] }),
      }),
    );
  });

  it("of e-mails leaves a question by text open", async () => {
    const { world, patientId, optOut, ask } = await aPatientOfNothing();
    const { alertId } = await ask();
    world.clock.advance(60);

    await optOut("email");
    await world.sendAlert(patientId, alertId);

    expect(world.texts).toHaveLength(1);
  });

  it("leaves open what another patient with the same number is asked", async () => {
    const { world, optOut } = await aPatientOfNothing();
    const otherId = await world.register({ externalId: "MRN-2" });
    const { body } = await world.call("POST /patients/{id}/consent-requests", {
      path: { id: otherId },
      body: { purpose: "billing", permission: { how: "At check-in", when: world.clock.iso() } },
    });

    await optOut();
    await world.sendAlert(otherId, (body["alert"] as { readonly id: string }).id);

    expect(world.texts).toHaveLength(1);
  });

  it("answers a question that is asked at the same moment too", async () => {
    const { world, patientId, optOut, ask } = await aPatientOfNothing();
    let asked: Awaited<ReturnType<typeof ask>> | undefined;
    world.store.setIntercept(async ({ action }) => {
      if (action !== "TransactWriteItems") return;
      world.store.setIntercept(undefined);
      asked = await ask();
    });

    await optOut();
    await world.sendAlert(patientId, asked?.alertId ?? "");

    expect(asked?.status).toBe(202);
    expect(world.texts).toEqual([]);
  });
});
