import { describe, expect, it } from "vitest";
import { createWorld, NEW_PATIENT } from "#test/support/core-world.ts";

const CANARIES = [
  NEW_PATIENT.externalId,
  NEW_PATIENT.givenName,
  NEW_PATIENT.familyName,
  NEW_PATIENT.birthDate,
  NEW_PATIENT.mobilePhone,
  "someone@example.org",
];

describe("registering a patient", () => {
  it("answers with the patient, its first version and no more", async () => {
    const world = createWorld();

    const answer = await world.call("POST /patients", {
      body: { ...NEW_PATIENT, language: "es", constraints: { neverAbout: ["billing"] } },
    });

    expect(answer.status).toBe(201);
    expect(answer.headers).toMatchObject({ ETag: '"1"' });
    expect(answer.body).toEqual({
      ...NEW_PATIENT,
      id: expect.stringMatching(/^pat_/),
      email: null,
      language: "es",
      timeZone: null,
      constraints: { neverAbout: ["billing"] },
      createdAt: world.clock.iso(),
      version: 1,
    });
  });

  it("keeps no name, number or date in clear, in any table, key or call", async () => {
    const world = createWorld();

    await world.register({ email: "someone@example.org" });

    const kept = JSON.stringify([
      ...["Patients", "ContentKeys", "Audit"].map((table) => world.store.items(table as "Audit")),
      world.store.calls.map(
        ({ input }) => input["EncryptionContext"] ?? input["TransactItems"] ?? input["Key"],
      ),
      world.log.lines,
    ]);
    expect(CANARIES.filter((canary) => kept.includes(canary))).toEqual([]);
  });

  it("is on record with the number's opaque name only", async () => {
    const world = createWorld();

    const id = await world.register();

    expect(world.entries(id)).toEqual([
      expect.objectContaining({
        action: "patient.registered",
        sequence: 1,
        details: { numberId: expect.stringMatching(/^num_/) },
      }),
    ]);
  });

  it("refuses a record number that somebody has, and changes nothing", async () => {
    const world = createWorld();
    await world.register();
    const before = world.store.items("Patients");

    const answer = await world.call("POST /patients", { body: { ...NEW_PATIENT, givenName: "Other" } });

    expect(answer).toMatchObject({ status: 409, body: { code: "version_conflict", pointer: "/externalId" } });
    expect(world.store.items("Patients")).toEqual(before);
  });

  it("gives one record number to one of two at once", async () => {
    const world = createWorld();

    const answers = await Promise.all([1, 2].map(() => world.call("POST /patients", { body: NEW_PATIENT })));

    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 409]);
  });

  it("lets two patients share a number", async () => {
    const world = createWorld();
    await world.register();

    const answer = await world.call("POST /patients", { body: { ...NEW_PATIENT, externalId: "MRN-2" } });

    expect(answer.status).toBe(201);
  });

  it.each([
    ["mobilePhone", "+442071838750"],
    ["mobilePhone", "12065550142"],
    ["birthDate", "2026-02-30"],
    ["birthDate", "1874-12-31"],
    ["birthDate", "2999-01-01"],
    ["email", "nobody"],
    ["timeZone", "Mars/Olympus"],
    ["timeZone", "+01:00"],
    ["language", "fr"],
    ["givenName", "a\u0000b"],
    ["familyName", ""],
    ["familyName", "\ud800"],
  ])("refuses the %s %j", async (field, value) => {
    const answer = await createWorld().call("POST /patients", { body: { ...NEW_PATIENT, [field]: value } });

    expect(answer).toMatchObject({ status: 400, body: { pointer: `/${field}` } });
  });

  it.each(["compliance", "auditor", ""])("is forbidden to %j", async (roles) => {
    const answer = await createWorld().call("POST /patients", { roles, body: NEW_PATIENT });

    expect(answer.status).toBe(403);
  });
});

describe("registering with an idempotency key", () => {
  const request = { body: NEW_PATIENT, headers: { "Idempotency-Key": "key-1" } };

  it("gives the first answer again, even after the patient changed", async () => {
    const world = createWorld();
    const first = await world.call("POST /patients", request);
    const path = { id: String(first.body["id"]) };
    await world.call("PATCH /patients/{id}", { path, body: { givenName: "Changed", language: "es" } });

    const second = await world.call("POST /patients", request);

    expect(second).toEqual(first);
  });

  it("registers once when the request comes twice at the same time", async () => {
    const world = createWorld();

    const [one, other] = await Promise.all([
      world.call("POST /patients", request),
      world.call("POST /patients", request),
    ]);

    expect(one.status).toBe(201);
    expect(other).toEqual(one);
    expect(world.actions()).toEqual(["patient.registered"]);
  });

  it("refuses the key for another patient", async () => {
    const world = createWorld();
    await world.call("POST /patients", request);

    const answer = await world.call("POST /patients", {
      ...request,
      body: { ...NEW_PATIENT, externalId: "MRN-2" },
    });

    expect(answer).toMatchObject({ status: 409, body: { code: "idempotency_conflict" } });
  });

  it("is another caller's own", async () => {
    const world = createWorld();
    await world.call("POST /patients", request);

    const answer = await world.call("POST /patients", {
      ...request,
      actor: "staff_2",
      body: { ...NEW_PATIENT, externalId: "MRN-2" },
    });

    expect(answer.status).toBe(201);
  });

  it("is forgotten after 24 hours", async () => {
    const world = createWorld();
    await world.call("POST /patients", request);
    world.clock.advance(24 * 3600);

    const answer = await world.call("POST /patients", {
      ...request,
      body: { ...NEW_PATIENT, externalId: "MRN-2" },
    });

    expect(answer.status).toBe(201);
  });
});

describe("looking a patient up", () => {
  it("finds it by record number, on record in its chain", async () => {
    const world = createWorld();
    const id = await world.register();

    const answer = await world.call("POST /patients/lookup", {
      body: { externalId: NEW_PATIENT.externalId },
    });

    expect(answer).toMatchObject({ status: 200, body: { id } });
    expect(world.actions(id)).toEqual(["patient.registered", "patient.looked-up"]);
  });

  it("is on record in the actor's chain where nobody is found", async () => {
    const world = createWorld();

    const answer = await world.call("POST /patients/lookup", { body: { externalId: "MRN-none" } });

    expect(answer.status).toBe(404);
    expect(world.entries("actor#staff_1")).toEqual([
      expect.objectContaining({ action: "patient.looked-up", details: { found: false } }),
    ]);
  });
});

describe("reading a patient", () => {
  it("opens the details only after the reading is on record", async () => {
    const world = createWorld();
    const id = await world.register();
    const before = world.store.calls.length;

    const answer = await world.call("GET /patients/{id}", { path: { id } });

    const actions = world.store.calls.slice(before).map(({ action }) => action);
    expect(answer).toMatchObject({ status: 200, body: { ...NEW_PATIENT, id } });
    expect(actions).toEqual(["BatchGetItem", "TransactWriteItems", "Decrypt"]);
  });

  it("opens nothing where the reading cannot be recorded", async () => {
    const world = createWorld();
    const id = await world.register();
    world.store.setIntercept(({ action }) => {
      if (action === "TransactWriteItems") throw new Error("out of reach");
    });

    const answer = await world.call("GET /patients/{id}", { path: { id } });

    expect(answer.status).toBe(500);
    expect(world.store.calls.some(({ action }) => action === "Decrypt")).toBe(false);
  });
});
