import { describe, expect, it } from "vitest";
import { createWorld, NEW_PATIENT, type World } from "#test/support/core-world.ts";

const OPERATION = "PATCH /patients/{id}";

function numbersOf(world: World) {
  return world.store.items("Patients").filter(({ pk }) => String(pk).startsWith("number#"));
}

describe("changing a patient", () => {
  it("changes what was sent and leaves the rest", async () => {
    const world = createWorld();
    const id = await world.register();

    const answer = await world.call(OPERATION, { path: { id }, body: { familyName: "New", language: "es" } });

    expect(answer).toMatchObject({
      status: 200,
      headers: { ETag: '"2"' },
      body: { ...NEW_PATIENT, familyName: "New", language: "es", version: 2 },
    });
  });

  it("records names of fields, never their values", async () => {
    const world = createWorld();
    const id = await world.register();

    await world.call(OPERATION, { path: { id }, body: { givenName: "Canary", birthDate: "1990-01-02" } });

    expect(world.entries(id).at(-1)).toMatchObject({
      action: "patient.changed",
      details: { fields: ["birthDate", "givenName"], version: 2 },
    });
    expect(JSON.stringify(world.store.items("Audit"))).not.toContain("Canary");
  });

  it.each([
    [{ "If-Match": '"1"' }, 200],
    [{ "If-Match": '"2"' }, 409],
    [{}, 200],
  ])("under the condition %j is answered with %i", async (headers, status) => {
    const world = createWorld();
    const id = await world.register();

    const answer = await world.call(OPERATION, { path: { id }, body: { givenName: "New" }, headers });

    expect(answer.status).toBe(status);
  });

  it("loses no change of two at once: one is refused", async () => {
    const world = createWorld();
    const id = await world.register();

    const answers = await Promise.all(
      ["One", "Two"].map((givenName) => world.call(OPERATION, { path: { id }, body: { givenName } })),
    );

    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409]);
  });

  it("finds the patient by its new number only", async () => {
    const world = createWorld();
    const id = await world.register();
    const [before] = numbersOf(world);

    await world.call(OPERATION, { path: { id }, body: { mobilePhone: "+12065550143" } });

    const after = numbersOf(world);
    expect(after).toHaveLength(1);
    expect(after[0]?.["pk"]).not.toBe(before?.["pk"]);
    expect(after[0]?.["numberId"]).not.toBe(before?.["numberId"]);
  });

  it("takes a number away with null", async () => {
    const world = createWorld();
    const id = await world.register();

    const answer = await world.call(OPERATION, { path: { id }, body: { mobilePhone: null } });

    expect(answer.body).toMatchObject({ mobilePhone: null });
    expect(numbersOf(world)).toEqual([]);
  });

  it("leaves the consent for the number alone when the number stays", async () => {
    const world = createWorld();
    const patientId = await world.prepare();
    await world.call(OPERATION, {
      path: { id: patientId },
      body: { givenName: "New", mobilePhone: NEW_PATIENT.mobilePhone },
    });

    expect((await world.send(patientId)).status).toBe(202);
  });

  it("makes a new number need consent anew, also when the old one comes back", async () => {
    const world = createWorld();
    const patientId = await world.prepare();
    const change = (mobilePhone: string) =>
      world.call(OPERATION, { path: { id: patientId }, body: { mobilePhone } });

    await change("+12065550143");
    const afterChange = await world.send(patientId, {}, "key-1");
    await change(NEW_PATIENT.mobilePhone);
    const afterReturn = await world.send(patientId, {}, "key-2");
    await world.grant(patientId);
    const afterGrant = await world.send(patientId, {}, "key-3");

    expect([afterChange, afterReturn].map(({ body }) => body["code"])).toEqual([
      "consent_required",
      "consent_required",
    ]);
    expect(afterGrant.status).toBe(202);
  });

  it("replaces what the birth date is checked against, and only with the birth date", async () => {
    const world = createWorld();
    const id = await world.register();
    const verifier = () => world.store.items("ContentKeys").find(({ sk }) => sk === "verifier#birthDate");
    const first = verifier();

    await world.call(OPERATION, { path: { id }, body: { givenName: "New" } });
    const second = verifier();
    await world.call(OPERATION, { path: { id }, body: { birthDate: "1990-01-02" } });

    expect(second).toEqual(first);
    expect(verifier()).not.toEqual(first);
  });

  it.each([{ birthDate: "1990-01-02" }, { mobilePhone: "+12065550999" }, { mobilePhone: null }])(
    "holds clinical content back from the moment of %j on, and not from the registration",
    async (body) => {
      const world = createWorld();
      const id = await world.register();
      const changedAt = () =>
        world.store.items("ContentKeys").find(({ sk }) => sk === "verifier#birthDate")?.["changedAt"];
      expect(changedAt()).toBeNull();

      await world.call(OPERATION, { path: { id }, body: { givenName: "New" } });
      expect(changedAt()).toBeNull();
      await world.call(OPERATION, { path: { id }, body });

      expect(changedAt()).toBe(world.clock.iso());
    },
  );

  it.each([{}, { externalId: "MRN-2" }, { mobilePhone: "+442071838750" }])("refuses %j", async (body) => {
    const world = createWorld();
    const id = await world.register();

    expect((await world.call(OPERATION, { path: { id }, body })).status).toBe(400);
  });

  it("of a patient that is not there is not found", async () => {
    const answer = await createWorld().call(OPERATION, {
      path: { id: "pat_01KAEV0000000000000000NEW1" },
      body: { givenName: "New" },
    });

    expect(answer.status).toBe(404);
  });
});

describe("taking a PIN away", () => {
  const REMOVE = "DELETE /patients/{id}/pin";

  it("is on record, whether there was one or not, and says nothing of it", async () => {
    const world = createWorld();
    const id = await world.register();

    const answer = await world.call(REMOVE, { path: { id } });

    expect(answer).toMatchObject({ status: 204 });
    expect(world.entries(id).at(-1)).toMatchObject({ action: "pin.removed", patientId: id });
    expect(world.store.items("ContentKeys").find(({ sk }) => sk === "verifier#pin")).toMatchObject({
      removedAt: world.clock.iso(),
    });
  });

  it("of a patient whom nobody knows is not found", async () => {
    const world = createWorld();

    expect(await world.call(REMOVE, { path: { id: "pat_01JC8ZQ5X0000000000000PAT9" } })).toMatchObject({
      status: 404,
    });
  });
});
