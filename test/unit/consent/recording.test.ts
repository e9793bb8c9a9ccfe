import { describe, expect, it } from "vitest";
import { createWorld, GRANT } from "#test/support/core-world.ts";

const OPERATION = "POST /patients/{id}/consents";
const UNKNOWN = "pat_01KAEV0000000000000000NEW1";

async function aPatientsWorld(fields: object = {}) {
  const world = createWorld();
  const patientId = await world.register(fields);
  const history = async (query?: Record<string, string>) =>
    (
      await world.call("GET /patients/{id}/consents", {
        path: { id: patientId },
        ...(query ? { query } : {}),
      })
    ).body as {
      readonly state: readonly Record<string, unknown>[];
      readonly history: readonly Record<string, unknown>[];
      readonly nextCursor: string | null;
    };
  return { world, patientId, history };
}

describe("recording a decision", () => {
  it("answers with who recorded what and when", async () => {
    const { world, patientId } = await aPatientsWorld();

    const answer = await world.grant(patientId, { evidence: "Form in cabinet 3" });

    expect(answer).toMatchObject({
      status: 201,
      body: {
        ...GRANT,
        patientId,
        evidence: "Form in cabinet 3",
        recordedBy: "staff_1",
        recordedAt: world.clock.iso(),
      },
    });
  });

  it("is on record in the patient's chain, with the number's opaque name", async () => {
    const { world, patientId } = await aPatientsWorld();

    await world.grant(patientId);

    const entry = world.entries(patientId).at(-1);
    expect(entry).toMatchObject({
      action: "consent.granted",
      purpose: "scheduling",
      role: "frontdesk",
      details: { channel: "sms", method: "paper", contactId: expect.stringMatching(/^num_/) },
    });
  });

  it.each(["unsecuredText", "numberConfirmed", "optOutAnytime"] as const)(
    "as granted needs the acknowledgement %s",
    async (which) => {
      const { world, patientId, history } = await aPatientsWorld();

      const answer = await world.grant(patientId, {
        acknowledgements: { ...GRANT.acknowledgements, [which]: false },
      });

      expect(answer).toMatchObject({
        status: 422,
        body: { code: "unprocessable", pointer: `/acknowledgements/${which}` },
      });
      expect((await history()).state).toEqual([]);
    },
  );

  it("as granted needs acknowledgements at all", async () => {
    const { world, patientId } = await aPatientsWorld();

    expect((await world.grant(patientId, { acknowledgements: undefined })).status).toBe(422);
  });

  it.each([
    ["sms", { mobilePhone: undefined }],
    ["email", {}],
  ])("as granted needs a contact detail for %s", async (channel, fields) => {
    const { world, patientId } = await aPatientsWorld(fields);

    expect(await world.grant(patientId, { channel })).toMatchObject({
      status: 422,
      body: { pointer: "/channel" },
    });
  });

  it("as revoked needs neither acknowledgements nor a contact detail", async () => {
    const { world, patientId } = await aPatientsWorld({ mobilePhone: undefined });

    const answer = await world.grant(patientId, { decision: "revoked", acknowledgements: undefined });

    expect(answer.status).toBe(201);
  });

  it("for a patient that is not there is not found", async () => {
    const { world } = await aPatientsWorld();

    expect((await world.grant(UNKNOWN)).status).toBe(404);
    expect(world.entries(UNKNOWN)).toEqual([]);
  });

  it("replaces the state and keeps the history, newest first", async () => {
    const { world, patientId, history } = await aPatientsWorld();
    await world.grant(patientId, { evidence: "first" });
    world.clock.advance(60);
    await world.grant(patientId, { decision: "revoked", method: "verbal" });
    world.clock.advance(60);
    await world.grant(patientId, { purpose: "billing" });

    const found = await history();

    expect(found.state).toEqual([
      { purpose: "scheduling", channel: "sms", decision: "revoked", since: world.clock.iso(-60) },
      { purpose: "billing", channel: "sms", decision: "granted", since: world.clock.iso() },
    ]);
    expect(found.history.map(({ purpose, decision, evidence }) => [purpose, decision, evidence])).toEqual([
      ["billing", "granted", null],
      ["scheduling", "revoked", null],
      ["scheduling", "granted", "first"],
    ]);
  });

  it("loses none of several decisions at once", async () => {
    const { world, patientId, history } = await aPatientsWorld();

    await Promise.all([
      world.grant(patientId),
      world.grant(patientId, { decision: "revoked" }),
      world.grant(patientId),
    ]);

    const found = await history();
    expect(found.history).toHaveLength(3);
    expect(world.actions(patientId).filter((action) => action.startsWith("consent."))).toHaveLength(4);
  });

  it("leaves nothing where its audit entry cannot be written", async () => {
    const { world, patientId } = await aPatientsWorld();
    world.store.setIntercept(({ action }) => {
      if (action === "TransactWriteItems") throw new Error("out of reach");
    });

    const answer = await world.grant(patientId);

    expect(answer.status).toBe(500);
    expect(world.store.items("Consents")).toEqual([]);
  });

  it("keeps evidence sealed", async () => {
    const { world, patientId } = await aPatientsWorld();

    await world.grant(patientId, { evidence: "canary-evidence" });

    expect(JSON.stringify(world.store.items("Consents"))).not.toContain("canary-evidence");
    expect(JSON.stringify(world.store.items("Audit"))).not.toContain("canary-evidence");
  });
});

describe("recording a decision with an idempotency key", () => {
  const headers = { "Idempotency-Key": "key-1" };

  it("answers a repeated request as the first time and records it once", async () => {
    const { world, patientId, history } = await aPatientsWorld();
    const request = { path: { id: patientId }, body: GRANT, headers };
    const first = await world.call(OPERATION, request);
    world.clock.advance(3600);

    const second = await world.call(OPERATION, request);

    expect(second).toEqual(first);
    expect((await history()).history).toHaveLength(1);
  });

  it("refuses the key for another decision", async () => {
    const { world, patientId } = await aPatientsWorld();
    await world.call(OPERATION, { path: { id: patientId }, body: GRANT, headers });

    const answer = await world.call(OPERATION, {
      path: { id: patientId },
      body: { ...GRANT, purpose: "billing" },
      headers,
    });

    expect(answer).toMatchObject({ status: 409, body: { code: "idempotency_conflict" } });
  });

  it("records once when the request comes twice at the same time", async () => {
    const { world, patientId, history } = await aPatientsWorld();
    const request = { path: { id: patientId }, body: GRANT, headers };

    const [one, other] = await Promise.all([world.call(OPERATION, request), world.call(OPERATION, request)]);

    expect(other).toEqual(one);
    expect((await history()).history).toHaveLength(1);
  });
});

describe("reading consents", () => {
  it("is on record before anything is opened", async () => {
    const { world, patientId } = await aPatientsWorld();
    await world.grant(patientId, { evidence: "Form" });
    const before = world.store.calls.length;

    await world.call("GET /patients/{id}/consents", { path: { id: patientId } });

    const actions = world.store.calls.slice(before).map(({ action }) => action);
    expect(actions.indexOf("TransactWriteItems")).toBeLessThan(actions.indexOf("Decrypt"));
    expect(world.actions(patientId).at(-1)).toBe("consent.read");
  });

  it("opens nothing where the reading cannot be recorded", async () => {
    const { world, patientId } = await aPatientsWorld();
    await world.grant(patientId, { evidence: "Form" });
    world.store.setIntercept(({ action }) => {
      if (action === "TransactWriteItems") throw new Error("out of reach");
    });

    const answer = await world.call("GET /patients/{id}/consents", { path: { id: patientId } });

    expect(answer.status).toBe(500);
    expect(world.store.calls.some(({ action }) => action === "Decrypt")).toBe(false);
  });

  it("pages through a long history without gap or repetition", async () => {
    const { world, patientId, history } = await aPatientsWorld();
    for (let count = 0; count < 52; count += 1) {
      world.clock.advance(1);
      await world.grant(patientId, { evidence: String(count) });
    }

    const first = await history();
    const second = await history({ cursor: String(first.nextCursor) });

    const seen = [...first.history, ...second.history].map(({ evidence }) => Number(evidence));
    expect(seen).toEqual(Array.from({ length: 52 }, (_, index) => 51 - index));
    expect(second.nextCursor).toBeNull();
  });

  it("of a patient that is not there is not found", async () => {
    const { world } = await aPatientsWorld();

    expect((await world.call("GET /patients/{id}/consents", { path: { id: UNKNOWN } })).status).toBe(404);
  });

  it.each(["compliance", "auditor"])("is forbidden to %s", async (roles) => {
    const { world, patientId } = await aPatientsWorld();

    const answer = await world.call("GET /patients/{id}/consents", { roles, path: { id: patientId } });

    expect(answer.status).toBe(403);
  });
});

describe("a grant that is imported", () => {
  it("stands where the patient never said otherwise", async () => {
    const world = createWorld();
    const patientId = await world.register();

    const { status } = await world.grant(patientId, { method: "import" });

    expect(status).toBe(201);
  });

  it("does not undo what the patient took back", async () => {
    const world = createWorld();
    const patientId = await world.register();
    await world.grant(patientId);
    await world.grant(patientId, { decision: "revoked", method: "verbal", acknowledgements: undefined });

    const { status, body } = await world.grant(patientId, { method: "import" });

    expect([status, body["code"]]).toEqual([409, "consent_revoked"]);
    const [state] = await world.read(world.consents.state(patientId, "scheduling", "sms"));
    expect(state).toMatchObject({ decision: "revoked" });
  });
});
