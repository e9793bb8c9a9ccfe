import { describe, expect, it } from "vitest";
import { createConsentsTable } from "#shared/adapters/dynamodb/consents-table.ts";
import { createPracticeTable } from "#shared/adapters/dynamodb/practice-table.ts";
import { type PatientPreferences, PREFERENCES_DEFAULT } from "#shared/consent/preferences.ts";
import { settingsDefaultOf } from "#shared/practice/defaults.ts";
import { createWorld } from "#test/support/core-world.ts";

const READ = "GET /patients/{id}/preferences";
const SET = "PUT /patients/{id}/preferences";
const ASK = "POST /patients/{id}/consent-requests";
const UNKNOWN = "pat_01KAEV0000000000000000NEW1";
const NIGHT = { from: "20:00", to: "09:30" };

async function aPatientsWorld(fields: object = {}) {
  const world = createWorld();
  await world.signVendor();
  const patientId = await world.register(fields);
  const path = { id: patientId };
  const put = (body: object, parts: object = {}) => world.call(SET, { path, body, ...parts });
  const read = () => world.call(READ, { path });
  const [patient] = await world.read(world.alerting.patients.patient(patientId));
  const stored = async () => (await world.read(createConsentsTable("Consents").preferences(patientId)))[0];
  /** Somebody says that number or address are not the patient's. */
  const disown = (disowned: Partial<PatientPreferences["disowned"]>) =>
    world.put(
      createConsentsTable("Consents").setPreferences(patientId, {
        ...PREFERENCES_DEFAULT,
        language: "es",
        disowned: { ...PREFERENCES_DEFAULT.disowned, ...disowned },
      }),
    );
  return { world, patientId, path, put, read, patient, stored, disown };
}

describe("preferences over the staff API", () => {
  it("are none until somebody wished something", async () => {
    const { read } = await aPatientsWorld();

    expect(await read()).toMatchObject({
      status: 200,
      body: { language: null, quietHours: null, disowned: [], version: 0 },
    });
  });

  it("are put as a whole, with their entry, and what is left out is none", async () => {
    const { world, patientId, put, read } = await aPatientsWorld();

    await put({ language: "es", quietHours: NIGHT });
    expect((await read()).body).toMatchObject({ language: "es", quietHours: NIGHT, version: 1 });
    await put({ quietHours: NIGHT });

    expect((await read()).body).toMatchObject({ language: null, quietHours: NIGHT, version: 2 });
    expect(world.entries(patientId).filter(({ action }) => action === "preferences.changed")).toMatchObject([
      { role: "frontdesk", details: { fields: ["language", "quietHours"], quietHours: "20:00-09:30" } },
      { details: { fields: ["language"], language: null, version: 2 } },
    ]);
  });

  it("are read only with an entry", async () => {
    const { world, patientId, read } = await aPatientsWorld();

    await read();

    expect(world.entries(patientId).at(-1)).toMatchObject({ action: "preferences.read", role: "frontdesk" });
  });

  it("are not changed over somebody else's change", async () => {
    const { put, read } = await aPatientsWorld();
    await put({ language: "es" });

    expect(await put({ language: "en" }, { headers: { "If-Match": '"0"' } })).toMatchObject({
      status: 409,
      body: { code: "version_conflict" },
    });
    expect((await read()).body).toMatchObject({ language: "es" });
  });

  it("leave two hours of the hours that the practice has set", async () => {
    const { world, put } = await aPatientsWorld();
    const late = { from: "10:00", to: "08:00" };
    expect((await put({ quietHours: late })).status).toBe(200);
    const settings = { ...settingsDefaultOf("UTC"), sendingHours: { from: "09:00", to: "21:00" } };
    await world.put(createPracticeTable("Practice").setSettings(settings, 0));

    expect(await put({ quietHours: late })).toMatchObject({
      status: 422,
      body: { code: "unprocessable", pointer: "/quietHours" },
    });
  });

  it.each([
    ["a language that there is not", { language: "de" }],
    ["a time that is none", { quietHours: { from: "24:00", to: "08:00" } }],
    ["the word that a number is not the patient's", { disowned: ["sms"] }],
  ])("do not take %s", async (_name, body) => {
    const { put, stored } = await aPatientsWorld();

    expect((await put(body)).status).toBe(400);
    expect(await stored()).toBeUndefined();
  });

  it("of a patient that there is not are not found", async () => {
    const { world } = await aPatientsWorld();

    expect((await world.call(READ, { path: { id: UNKNOWN } })).status).toBe(404);
    expect((await world.call(SET, { path: { id: UNKNOWN }, body: {} })).status).toBe(404);
  });
});

describe("a number that somebody said is not the patient's", () => {
  it("is shown to staff while the patient has it, and their change of wishes leaves it so", async () => {
    const { patient, disown, put, read, stored } = await aPatientsWorld();
    await disown({ sms: patient?.numberId ?? null, email: "num_of_before" });

    expect((await read()).body).toMatchObject({ language: "es", disowned: ["sms"] });
    await put({ language: "en" });

    expect(await stored()).toMatchObject({
      language: "en",
      disowned: { sms: patient?.numberId, email: "num_of_before" },
    });
  });

  it("is asked nothing, whatever leave there is", async () => {
    const { world, path, patient, disown } = await aPatientsWorld();
    await disown({ sms: patient?.numberId ?? null });
    const body = { purpose: "billing", permission: { how: "At check-in", when: world.clock.iso() } };

    expect(await world.call(ASK, { path, body })).toMatchObject({ status: 422 });
    expect(world.requests).toEqual([]);
  });

  it("is the patient's again by a grant that staff record, with its entry", async () => {
    const { world, patientId, patient, disown, stored } = await aPatientsWorld();
    await disown({ sms: patient?.numberId ?? null, email: "num_mail" });

    expect((await world.grant(patientId)).status).toBe(201);

    expect(await stored()).toMatchObject({ language: "es", disowned: { sms: null, email: "num_mail" } });
    expect(world.entries(patientId).at(-1)).toMatchObject({
      action: "consent.granted",
      details: { ownedAgain: true },
    });
  });

  it("stays so after a grant that an import brings, or one of another channel", async () => {
    const { world, patientId, patient, disown, stored } = await aPatientsWorld({ email: "ana@example.com" });
    await disown({ sms: patient?.numberId ?? null });

    expect((await world.grant(patientId, { method: "import" })).status).toBe(409);
    expect((await world.grant(patientId, { channel: "email" })).status).toBe(201);

    expect(await stored()).toMatchObject({ disowned: { sms: patient?.numberId } });
  });
});

describe("the language that a patient wishes", () => {
  it("is that of a question by text", async () => {
    const { world, path, put } = await aPatientsWorld();
    await put({ language: "es" });
    const body = { purpose: "billing", permission: { how: "At check-in", when: world.clock.iso() } };

    const { body: asked } = await world.call(ASK, { path, body });

    const { id } = asked["alert"] as { readonly id: string };
    expect(await world.alert(path.id, id)).toMatchObject({ language: "es" });
  });
});
