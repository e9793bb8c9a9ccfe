import { describe, expect, it } from "vitest";
import { createNumbersTable } from "#shared/adapters/dynamodb/numbers-table.ts";
import { newNumber } from "#shared/numbers/new-number.ts";
import type { NumberRecord } from "#shared/numbers/records.ts";
import { createWorld, GRANT, type WorldChoices } from "#test/support/core-world.ts";

const OPERATION = "POST /patients/{id}/consent-requests";
const DAY = 24 * 60 * 60;
const NUMBER_ID = "nbr_01KAEV0000000000000000NBR1";
const UNKNOWN = "pat_01KAEV0000000000000000NEW1";
const LEAVE = { how: "At check-in, verbally", when: "2026-11-04" };

async function aPatientToAsk(fields: object = {}, choices: WorldChoices = {}) {
  const world = createWorld(choices);
  await world.signVendor();
  const patientId = await world.register(fields);
  const ask = (body: object = {}, parts: object = {}) =>
    world.call(OPERATION, {
      path: { id: patientId },
      body: { purpose: "billing", permission: LEAVE, ...body },
      ...parts,
    });
  const number = () =>
    world.store.items("Patients").find(({ sk }) => sk === "number") as unknown as NumberRecord | undefined;
  const index = () =>
    String(world.store.items("Patients").find(({ sk }) => sk === "profile")?.["numberIndex"]);
  const history = async () =>
    (await world.call("GET /patients/{id}/consents", { path: { id: patientId } })).body as {
      readonly state: readonly object[];
      readonly history: readonly Record<string, unknown>[];
    };
  return { world, patientId, ask, number, index, history };
}

/** The patient's number, which has stopped all texts. */
async function stopNumber(
  { world, index }: Pick<Awaited<ReturnType<typeof aPatientToAsk>>, "world" | "index">,
  parts: Partial<NumberRecord> = {},
) {
  const number = { ...newNumber(NUMBER_ID, index(), "en"), stoppedAt: world.clock.iso(-60), version: 1 };
  await world.put(createNumbersTable("Patients").setNumber({ ...number, ...parts }));
}

describe("asking by text whether texts are welcome", () => {
  it("is accepted, and the question waits on the urgent queue", async () => {
    const { world, patientId, ask } = await aPatientToAsk();

    const { status, body } = await ask();

    expect({ status, body }).toMatchObject({
      status: 202,
      body: {
        id: expect.stringMatching(/^con_/),
        purpose: "billing",
        alert: { id: expect.stringMatching(/^alr_/), status: "queued" },
        expiresAt: world.clock.iso(3 * DAY),
      },
    });
    const { id: alertId } = body["alert"] as { readonly id: string };
    expect(world.requests).toEqual([{ queue: "urgent", alertId, delaySeconds: 0 }]);
    expect(await world.alert(patientId, alertId)).toMatchObject({
      kind: "opt-in-billing",
      template: "opt-in-billing@1",
      patientId,
      purpose: "billing",
      status: "queued",
      queue: "urgent",
      consentId: null,
      expiresAt: world.clock.iso(DAY),
    });
  });

  it("is recorded as asked with its wording, language and sealed permission, and grants nothing", async () => {
    const { world, patientId, ask, history } = await aPatientToAsk({ language: "es" });

    const { body } = await ask();

    const found = await history();
    expect(found.state).toEqual([]);
    expect(found.history).toEqual([
      expect.objectContaining({
        id: body["id"],
        decision: "asked",
        method: "text",
        channel: "sms",
        purpose: "billing",
        wordingVersion: "opt-in-billing@1",
        language: "es",
        contactId: expect.stringMatching(/^num_/),
        evidence: "Permission to ask, 2026-11-04: At check-in, verbally",
        acknowledgements: null,
        recordedBy: "staff_1",
      }),
    ]);
    expect(JSON.stringify(world.store.items("Consents"))).not.toContain("check-in");
    expect(world.entries(patientId).find(({ action }) => action === "consent.asked")).toMatchObject({
      purpose: "billing",
      details: {
        consentId: body["id"],
        numberId: expect.stringMatching(/^nbr_/),
        wording: "opt-in-billing@1",
      },
    });
  });

  it("is noted at the number, whose owner is asked", async () => {
    const { world, patientId, ask, number } = await aPatientToAsk();

    const { body } = await ask();

    const { id: alertId } = body["alert"] as { readonly id: string };
    expect(number()).toMatchObject({
      phone: null,
      stoppedAt: null,
      version: 1,
      asked: {
        patientId,
        purpose: "billing",
        consentId: body["id"],
        alertId,
        askedAt: world.clock.iso(),
        answeredAt: null,
      },
    });
  });

  it("happens although the queue does not answer: the alert stands in the due index", async () => {
    const { world, patientId, ask } = await aPatientToAsk();
    world.state.queueFails = true;

    const { status, body } = await ask();

    expect(status).toBe(202);
    const { id } = body["alert"] as { readonly id: string };
    expect((await world.alert(patientId, id)).dueAt).toBe(world.clock.iso(120));
    expect(world.log.lines.join()).toContain("ALERT_DEFERRED");
  });

  it("happens once within 30 days, whatever the purpose, and says when again", async () => {
    const { world, ask } = await aPatientToAsk();
    await ask();
    world.clock.advance(10 * DAY);

    const early = await ask({ purpose: "portal" });
    world.clock.advance(20 * DAY);
    const later = await ask({ purpose: "portal" });

    expect(early).toMatchObject({
      status: 429,
      headers: { "Retry-After": String(20 * DAY) },
      body: { code: "rate_limited" },
    });
    expect(later.status).toBe(202);
  });

  it("happens once where it is asked twice at the same time", async () => {
    const { world, ask } = await aPatientToAsk();

    const answers = await Promise.all([ask(), ask({ purpose: "portal" })]);

    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([202, 429]);
    expect(world.requests).toHaveLength(1);
  });

  it("asks a number that several patients have once", async () => {
    const { world, ask } = await aPatientToAsk();
    const other = await world.register({ externalId: "MRN-2" });
    await ask();

    const answer = await world.call(OPERATION, {
      path: { id: other },
      body: { purpose: "billing", permission: LEAVE },
    });

    expect(answer.status).toBe(429);
  });

  it("with an idempotency key answers as the first time", async () => {
    const { world, ask } = await aPatientToAsk();
    const headers = { "Idempotency-Key": "ask-1" };

    const first = await ask({}, { headers });
    const again = await ask({}, { headers });
    const another = await ask({ purpose: "portal" }, { headers });

    expect(again).toMatchObject({ status: 202, body: first.body });
    expect(another).toMatchObject({ status: 409, body: { code: "idempotency_conflict" } });
    expect(world.requests).toHaveLength(1);
  });
});

describe("nobody is asked", () => {
  it("who is not there", async () => {
    const { world } = await aPatientToAsk();

    const answer = await world.call(OPERATION, {
      path: { id: UNKNOWN },
      body: { purpose: "billing", permission: LEAVE },
    });

    expect(answer.status).toBe(404);
  });

  it.each([
    ["without a mobile number", { mobilePhone: undefined }, 422, "unprocessable"],
    ["who wants no texts", { constraints: { neverText: true } }, 409, "constraint_violation"],
    ["who wants none about this", { constraints: { neverAbout: ["billing"] } }, 409, "constraint_violation"],
  ])("%s", async (_who, fields, status, code) => {
    const { world, patientId, ask, number } = await aPatientToAsk(fields);

    expect(await ask()).toMatchObject({ status, body: { code } });
    expect(number()).toBeUndefined();
    expect(world.requests).toEqual([]);
    expect(world.actions(patientId).at(-1)).toBe("consent.asking-refused");
  });

  it("while the vendor has no agreement", async () => {
    const { world, ask } = await aPatientToAsk();
    await world.signVendor({ baaEndsOn: "2026-11-03" });

    expect(await ask()).toMatchObject({ status: 409, body: { code: "vendor_without_baa" } });
  });

  it("who has agreed to it for the present number, but who has a new one is", async () => {
    const { world, patientId, ask } = await aPatientToAsk();
    await world.grant(patientId, { purpose: "billing" });

    const before = await ask();
    await world.call("PATCH /patients/{id}", {
      path: { id: patientId },
      body: { mobilePhone: "+12065550143" },
    });
    const after = await ask();

    expect(before).toMatchObject({ status: 422, body: { code: "unprocessable", pointer: "/purpose" } });
    expect(after.status).toBe(202);
  });

  it("whose number has stopped all texts", async () => {
    const situation = await aPatientToAsk();
    await stopNumber(situation);

    expect(await situation.ask()).toMatchObject({ status: 409, body: { code: "consent_revoked" } });
  });

  it("whose number no text reaches", async () => {
    const situation = await aPatientToAsk();
    const undeliverable = { reason: "invalid_number", since: "2026-11-01T00:00:00.000Z" };
    await stopNumber(situation, { stoppedAt: null, undeliverable });

    expect(await situation.ask()).toMatchObject({ status: 422, body: { code: "unprocessable" } });
  });

  it.each([
    ["2026-11-03", 409],
    ["2026-11-04", 409],
    ["2026-11-04T17:00:00Z", 409],
    ["2026-11-04T12:30:00-05:00", 202],
    ["2026-11-04T17:30:00Z", 202],
  ])("who revoked it at 17:00 UTC on 2026-11-04, with permission of %s: %i", async (when, status) => {
    const { world, patientId, ask } = await aPatientToAsk();
    await world.grant(patientId, { purpose: "billing", decision: "revoked" });
    world.clock.advance(3600);

    expect((await ask({ permission: { ...LEAVE, when } })).status).toBe(status);
  });

  it("about anything, who ended the last of all texts after giving permission", async () => {
    const { world, patientId, ask } = await aPatientToAsk();
    await world.grant(patientId, { purpose: "scheduling", decision: "revoked" });

    expect((await ask()).status).toBe(409);
  });

  it("but who ended one purpose may be asked about another", async () => {
    const { world, patientId, ask } = await aPatientToAsk();
    await world.grant(patientId, { purpose: "portal" });
    await world.grant(patientId, { purpose: "survey", decision: "revoked" });

    expect((await ask()).status).toBe(202);
  });

  it.each([
    [{ permission: { how: "Verbally", when: "2026-11-05" } }, 422, "/permission/when"],
    [{ permission: { how: "Verbally", when: "2026-11-04T17:10:00Z" } }, 422, "/permission/when"],
    [{ permission: { how: "Verbally", when: "yesterday" } }, 400, "/permission/when"],
    [{ permission: { how: " ", when: "2026-11-04" } }, 400, "/permission/how"],
    [{ permission: undefined }, 400, "/permission"],
    [{ purpose: "marketing" }, 400, "/purpose"],
  ])("by a request such as %j", async (body, status, pointer) => {
    const { world, ask } = await aPatientToAsk();

    expect(await ask(body)).toMatchObject({ status, body: { pointer } });
    expect(world.requests).toEqual([]);
  });

  it.each(["compliance", "auditor", "integration"])("by the role %s", async (roles) => {
    const { ask } = await aPatientToAsk();

    expect((await ask({}, { roles })).status).toBe(403);
  });

  it("where it cannot be recorded", async () => {
    const { world, ask, number } = await aPatientToAsk();
    world.store.setIntercept(({ action }) => {
      if (action === "TransactWriteItems") throw new Error("out of reach");
    });

    expect((await ask()).status).toBe(500);
    expect(number()).toBeUndefined();
    expect(world.requests).toEqual([]);
  });
});

describe("a grant for a number that has stopped all texts", () => {
  it("lets it take texts again, and what it may know of it is on record", async () => {
    const situation = await aPatientToAsk();
    const { world, patientId, number } = situation;
    await stopNumber(situation);

    const answer = await world.grant(patientId);

    expect(answer.status).toBe(201);
    expect(answer.body).not.toHaveProperty("notice");
    expect(number()).toMatchObject({ stoppedAt: null, startedAt: world.clock.iso(), version: 2 });
    expect(world.entries(patientId).at(-1)).toMatchObject({
      action: "consent.granted",
      details: { numberId: NUMBER_ID, stopEnded: world.clock.iso(-60) },
    });
  });

  it.each([
    ["that has texted us", { sealed: new Uint8Array(1), wrappedKey: new Uint8Array(1) }],
    ["that never texted us", null],
  ])("tells a number %s so, by an answer that takes it off the list", async (_which, phone) => {
    const situation = await aPatientToAsk();
    const { world, patientId, index } = situation;
    await stopNumber(situation, { phone });

    await world.grant(patientId);

    const [request] = world.requests;
    expect(await world.alert(NUMBER_ID, request?.alertId ?? "")).toMatchObject({
      kind: "started",
      optOutList: "lift",
      numberIndex: index(),
      concerns: patientId,
      queue: "urgent",
      status: "queued",
    });
  });

  it("leaves the stop where it is the carrier's, and says so each time that it is asked", async () => {
    const situation = await aPatientToAsk({}, { optOuts: "carrier" });
    const { world, patientId, number } = situation;
    await stopNumber(situation);
    const request = {
      path: { id: patientId },
      body: GRANT,
      headers: { "Idempotency-Key": "grant-1" },
    };

    const answers = [
      await world.call("POST /patients/{id}/consents", request),
      await world.call("POST /patients/{id}/consents", request),
    ];

    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 201, body: { notice: "carrier-stop" } });
    }
    expect(number()?.stoppedAt).not.toBeNull();
    expect(world.requests).toEqual([]);
  });

  it.each(["self-managed", "carrier"] as const)(
    "forgets under the regime %s what carriers said against the number",
    async (optOuts) => {
      const situation = await aPatientToAsk({}, { optOuts });
      const { world, patientId, number } = situation;
      const undeliverable = { reason: "invalid_number", since: world.clock.iso(-60) };
      await stopNumber(situation, { stoppedAt: null, undeliverable });

      const { body } = await world.grant(patientId);

      expect(number()).toMatchObject({ undeliverable: null, stoppedAt: null, version: 2 });
      expect(body).not.toHaveProperty("notice");
    },
  );

  it("by e-mail leaves the stop", async () => {
    const situation = await aPatientToAsk({ email: "given@example.com" });
    await stopNumber(situation);

    await situation.world.grant(situation.patientId, { channel: "email" });

    expect(situation.number()?.stoppedAt).not.toBeNull();
  });

  it("leaves a STOP that comes while it is being recorded", async () => {
    const situation = await aPatientToAsk();
    const { world, patientId, number } = situation;
    await world.grant(patientId);
    world.store.setIntercept(async ({ action }) => {
      if (action !== "TransactWriteItems") return;
      world.store.setIntercept(undefined);
      // What receive-text does meanwhile: the state is another one, and the number has stopped.
      await world.grant(patientId, { decision: "revoked", method: "text" });
      await stopNumber(situation, { stoppedAt: world.clock.iso() });
    });

    expect((await world.grant(patientId)).status).toBe(201);

    expect(number()?.stoppedAt).toBe(world.clock.iso());
  });
});
