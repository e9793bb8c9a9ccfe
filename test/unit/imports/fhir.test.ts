import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BundleEntries } from "#shared/imports/bundle-entries.ts";
import { onlyRow, outcomes, rowsOf } from "./reading.ts";

type Json = Readonly<Record<string, unknown>>;

const bundle = (...entries: readonly Json[]) =>
  JSON.stringify({ resourceType: "Bundle", type: "collection", entry: entries });
const MR = { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0203", code: "MR" }] };

function patient(more: Json = {}): Json {
  return {
    resourceType: "Patient",
    id: "p1",
    identifier: [{ type: MR, value: "A1" }],
    name: [{ use: "official", family: "Ruiz", given: ["Ana", "María"] }],
    birthDate: "1980-04-12",
    ...more,
  };
}

const onlyPatient = (more: Json) => onlyRow("patients", bundle({ resource: patient(more) }));
const patientOutcome = (more: Json) => outcomes("patients", bundle({ resource: patient(more) }));

describe("a Patient", () => {
  it("is read with the contact details that hold now", () => {
    const telecom = [
      { system: "phone", use: "home", value: "206-555-0199" },
      { system: "phone", use: "mobile", value: "tel:+1-206-555-0101", rank: 2 },
      { system: "phone", use: "mobile", value: "206-555-0100", rank: 1 },
      { system: "phone", use: "mobile", value: "206-555-0102", rank: 1, period: { end: "2020-01-01" } },
      { system: "email", use: "old", value: "old@example.org", rank: 1 },
      { system: "email", value: "ana@example.org" },
    ];
    const communication = [
      { language: { coding: [{ code: "en" }] } },
      { language: { coding: [{ code: "es-MX" }] }, preferred: true },
    ];
    const extension = [
      { url: "http://hl7.org/fhir/StructureDefinition/timezone", valueCode: "America/Chicago" },
    ];
    expect(onlyPatient({ telecom, communication, extension })).toEqual({
      kind: "patients",
      externalId: "A1",
      givenName: "Ana María",
      familyName: "Ruiz",
      birthDate: "1980-04-12",
      mobilePhone: "+12065550100",
      email: "ana@example.org",
      language: "es",
      timeZone: "America/Chicago",
    });
  });

  it("is called what they are called now", () => {
    const name = [
      { use: "maiden", family: "Gómez", given: ["Ana"] },
      { use: "nickname", given: ["Anita"] },
      { use: "usual", family: "Ruiz", given: ["Ana"] },
      { use: "official", family: "Old", given: ["Ana"], period: { end: "2019" } },
    ];
    expect(onlyPatient({ name })).toMatchObject({ givenName: "Ana", familyName: "Ruiz" });
  });

  it.each([
    ["who died", { deceasedDateTime: "2026-01-01" }, "skipped deceased"],
    ["who died, it says", { deceasedBoolean: true }, "skipped deceased"],
    ["who lives, it says", { deceasedBoolean: false }, "ok"],
    ["whose record is out of use", { active: false }, "skipped inactive"],
    ["of whose birth the year alone is known", { birthDate: "1980" }, "bad partial_date birthDate"],
    ["of whose birth the month is known", { birthDate: "1980-04" }, "bad partial_date birthDate"],
    ["without a birth date", { birthDate: undefined }, "bad missing birthDate"],
    [
      "without given and family name",
      { name: [{ text: "Ana Ruiz" }] },
      "bad missing givenName missing familyName",
    ],
    ["without a record number", { identifier: [] }, "bad missing externalId"],
    [
      "of two record numbers",
      {
        identifier: [
          { type: MR, value: "A1" },
          { type: MR, value: "A2" },
        ],
      },
      "bad several_record_numbers externalId",
    ],
    [
      "with a social security number alone",
      { identifier: [{ type: { coding: [{ code: "SS" }] }, value: "078-05-1120" }] },
      "bad missing externalId",
    ],
    [
      "of another language",
      { communication: [{ language: { coding: [{ code: "zh" }] } }] },
      "ok unknown_language",
    ],
    [
      "with a number that is none",
      { telecom: [{ system: "phone", use: "mobile", value: "555" }] },
      "ok bad_phone",
    ],
    [
      "with an address and a zone that are none",
      {
        telecom: [{ system: "email", value: "ana" }],
        extension: [{ url: "http://hl7.org/fhir/StructureDefinition/timezone", valueCode: "EST" }],
      },
      "ok bad_email unknown_time_zone",
    ],
    ["with a word for no address", { telecom: [{ system: "email", value: "N/A" }] }, "ok"],
    [
      "with several faults",
      { birthDate: "1980", identifier: [{ type: MR, value: "none" }] },
      "bad missing externalId partial_date birthDate",
    ],
    [
      "of a hostile form",
      { name: "Ana", telecom: [null, 5], communication: "es" },
      "bad missing givenName missing familyName",
    ],
  ])("%s", (_what, more, outcome) => {
    expect(patientOutcome(more)).toEqual([outcome]);
  });

  it("takes the usual of several record numbers, and one without a type where none has MR", () => {
    const identifier = [
      { use: "secondary", type: MR, value: "A2" },
      { use: "usual", type: MR, value: "A1" },
      { use: "old", type: MR, value: "A0" },
    ];
    expect(onlyPatient({ identifier })).toMatchObject({ externalId: "A1" });
    expect(onlyPatient({ identifier: [{ value: "B7" }] })).toMatchObject({ externalId: "B7" });
  });

  it("is not erased by a file", () => {
    const request = { method: "DELETE", url: "Patient/p1" };
    expect(outcomes("patients", bundle({ request }, { request, resource: patient() }))).toEqual([
      "skipped deletion_not_imported",
      "skipped deletion_not_imported",
    ]);
  });
});

function appointment(reference: Json, more: Json = {}): Json {
  return {
    resourceType: "Appointment",
    id: "v1",
    identifier: [{ value: "V1" }],
    status: "booked",
    start: "2026-12-01T09:30:00-05:00",
    description: "HIV follow-up",
    reasonCode: [{ text: "HIV" }],
    participant: [{ actor: reference, status: "accepted" }],
    ...more,
  };
}

const BASE = "https://ehr.example/fhir";

describe("an Appointment", () => {
  const URN = "urn:uuid:7f8b6e0e-7f0c-4d5b-9d6e-0123456789ab";
  it.each([
    ["a relative reference", { reference: "Patient/p1" }, `${BASE}/Patient/p1`],
    ["an absolute one", { reference: `${BASE}/Patient/p1` }, `${BASE}/Patient/p1`],
    ["one with a version", { reference: "Patient/p1/_history/3" }, `${BASE}/Patient/p1`],
    ["a UUID", { reference: URN }, URN],
    ["a relative one, where nothing has an address", { reference: "Patient/p1" }, undefined],
    ["an identifier", { type: "Patient", identifier: { value: "A1" } }, undefined],
    [
      "a resource that is not there, and an identifier",
      { reference: `${BASE}/Patient/99`, identifier: { value: "A1" } },
      undefined,
    ],
  ])("finds its patient by %s", (_what, reference, fullUrl) => {
    const rows = rowsOf(
      "appointments",
      bundle(
        { fullUrl: `${BASE}/Appointment/v1`, resource: appointment(reference) },
        { ...(fullUrl === undefined ? {} : { fullUrl }), resource: patient() },
      ),
    );
    expect(rows).toEqual([
      {
        line: 1,
        what: "row",
        version: null,
        warnings: [],
        row: {
          kind: "appointments",
          externalId: "V1",
          patient: { recordNumber: "A1" },
          startsAt: "2026-12-01T14:30:00.000Z",
          timeZone: null,
          locationId: null,
          providerId: null,
          status: "booked",
          confirmed: false,
          reminderOffsets: null,
          sourceVersion: null,
        },
      },
      { line: 2, what: "skipped" },
    ]);
  });

  it.each([
    ["a reference to nothing", { reference: "Patient/nobody" }, {}, "bad reference_unresolved patient"],
    ["a name alone", { type: "Patient", display: "Ana Ruiz" }, {}, "bad reference_unresolved patient"],
    ["no patient", { reference: "Device/1" }, {}, "bad missing patient"],
    ["no time zone", { reference: "Patient/p1" }, { start: "2026-12-01T09:30:00" }, "bad bad_time start"],
    ["a day alone", { reference: "Patient/p1" }, { start: "2026-12-01" }, "bad bad_time start"],
    ["no start", { reference: "Patient/p1" }, { start: undefined }, "bad missing start"],
    ["an unknown status", { reference: "Patient/p1" }, { status: "maybe" }, "bad bad_value status"],
    ["an unknown place", { reference: "Patient/p1" }, { place: "Elsewhere" }, "ok unknown_location"],
    [
      "two patients",
      { reference: "Patient/p1" },
      {
        participant: [
          { actor: { reference: "Patient/p1" } },
          { actor: { type: "Patient", identifier: { value: "A2" } } },
        ],
      },
      "bad several_patients patient",
    ],
  ])("with %s", (_what, reference, { place, ...more }: Json, outcome) => {
    const participants = [
      { actor: reference },
      ...(place === undefined ? [] : [{ actor: { type: "Location", display: place } }]),
    ];
    const resource = appointment(reference, { participant: participants, ...more });
    expect(outcomes("appointments", bundle({ resource }, { resource: patient() }))).toEqual([
      outcome,
      "skipped",
    ]);
  });

  it("finds place and person by resource, by role, and by what the reference says", () => {
    const participant = [
      { actor: { reference: "Patient/p1" } },
      { actor: { reference: "Location/7" } },
      { actor: { reference: "PractitionerRole/8" } },
    ];
    const file = bundle(
      { resource: appointment({}, { participant }) },
      { resource: patient() },
      { resource: { resourceType: "Location", id: "7", name: "Desert Office" } },
      {
        resource: {
          resourceType: "PractitionerRole",
          id: "8",
          practitioner: { reference: "Practitioner/9" },
        },
      },
      { resource: { resourceType: "Practitioner", id: "9", name: [{ prefix: ["Dr."], family: "Lee" }] } },
    );
    expect(rowsOf("appointments", file)[0]).toMatchObject({
      row: { locationId: "loc_phx", providerId: "prv_lee" },
    });
  });

  it("finds place and person by a name alone, and a patient by a record number that says that it is one", () => {
    const withActors = (...actors: readonly Json[]) =>
      bundle({ resource: appointment({}, { participant: actors.map((actor) => ({ actor })) }) });
    const known = withActors(
      { identifier: { type: MR, value: "A1" } },
      { display: "Dr. Lee" },
      { display: "Desert Office" },
    );
    expect(rowsOf("appointments", known)[0]).toMatchObject({
      row: { patient: { recordNumber: "A1" }, locationId: "loc_phx", providerId: "prv_lee" },
    });
    const unknown = withActors({ identifier: { type: MR, value: "A1" } }, { display: "Somebody" });
    expect(outcomes("appointments", unknown)).toEqual(["ok unknown_provider"]);
  });

  it("does not guess between two servers' resources of the same id", () => {
    const file = bundle(
      { resource: appointment({ reference: "Patient/p1" }) },
      { fullUrl: "https://one.example/Patient/p1", resource: patient() },
      {
        fullUrl: "https://two.example/Patient/p1",
        resource: patient({ identifier: [{ type: MR, value: "B1" }] }),
      },
    );
    expect(outcomes("appointments", file)[0]).toBe("bad reference_unresolved patient");
  });

  it("has its version from the resource, or from when it was changed", () => {
    const versionOf = (meta: Json) =>
      onlyRow(
        "appointments",
        bundle({ resource: appointment({ type: "Patient", identifier: { value: "A1" } }, { meta }) }),
      )["sourceVersion"];
    expect(versionOf({ versionId: "7", lastUpdated: "2026-11-01T00:00:00Z" })).toBe(7);
    expect(versionOf({ versionId: "W/abc", lastUpdated: "2026-11-01T00:00:00Z" })).toBe(
      Date.UTC(2026, 10, 1),
    );
    expect(versionOf({ lastUpdated: "yesterday" })).toBeNull();
  });

  it("that is deleted is cancelled, where the file says which it is", () => {
    const request = { method: "DELETE", url: "Appointment/v1" };
    const resource = appointment({ type: "Patient", identifier: { value: "A1" } });
    expect(rowsOf("appointments", bundle({ request, resource }, { request }))).toMatchObject([
      { row: { status: "cancelled" } },
      { what: "bad", notes: [{ code: "deletion_without_resource" }] },
    ]);
  });
});

describe("a Bundle", () => {
  it("is cut into entries however its text is cut", () => {
    const entries = [
      { resource: { resourceType: "Patient", text: 'a "}]{[\\" é 😀', list: [[1], { a: {} }] } },
      { resource: {} },
      { fullUrl: "x" },
    ];
    const text = JSON.stringify(
      { id: "{", entry: entries, resourceType: "Bundle", more: { entry: [{}] } },
      null,
      1,
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: text.length }), (size) => {
        const reader = new BundleEntries();
        const found = [];
        for (let at = 0; at < text.length; at += size) found.push(...reader.read(text.slice(at, at + size)));
        reader.end();
        expect(found).toEqual(entries.map((value, index) => ({ number: index + 1, value })));
      }),
    );
  });

  it.each([
    ["cut off", '{"resourceType":"Bundle","entry":[{"resource":{}}', "json_broken"],
    ["of another type", '{"resourceType":"Patient"}', "not_a_bundle"],
    ["followed by something", '{"resourceType":"Bundle"} x', "json_broken"],
    ["closed wrongly", '{"resourceType":"Bundle","entry":[}', "json_broken"],
    ["very deep", `{"resourceType":"Bundle","a":${"[".repeat(100_000)}`, "json_broken"],
    ["with a list in its entries", '{"resourceType":"Bundle","entry":[[]]}', "json_broken"],
  ])("that is %s cannot be read", (_what, text, code) => {
    expect(() => rowsOf("patients", text)).toThrow(expect.objectContaining({ code }));
  });

  it("loses an entry that is broken or too long, and no other", () => {
    const long = `{"resource":{"resourceType":"Patient","text":"${"x".repeat(1_100_000)}"}}`;
    const good = JSON.stringify({ resource: patient() });
    const text = `{"resourceType":"Bundle","entry":[${long},{"resource":tru},${good}]}`;
    expect(outcomes("patients", text)).toEqual(["bad entry_too_long", "bad entry_broken", "ok"]);
  });
});
