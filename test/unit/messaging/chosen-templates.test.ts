import { describe, expect, it } from "vitest";
import { createVocabularyTable } from "#shared/adapters/dynamodb/vocabulary-table.ts";
import type { TemplatePart } from "#shared/domain/alerts/templates.ts";
import type { ApprovedTemplate, DirectoryEntry, Vocabulary } from "#shared/vocabulary/records.ts";
import { createWorld, type World } from "#test/support/core-world.ts";

const AT = "2026-12-01T17:30:00Z";
const OWN = "tpl_01KERHV5R0000000000000TEST";
const EVERY_SLOT = { id: OWN, locationId: "loc-1", providerId: "prv-1", pharmacyId: "phm-1", at: AT };

const parts = (word: string): readonly TemplatePart[] => [
  { slot: "practice" },
  `: ${word} `,
  ...(["provider", "location", "pharmacy", "date", "time"] as const).flatMap((slot) => [{ slot }, " "]),
  { slot: "link" },
];
const template: ApprovedTemplate = {
  id: OWN,
  version: 2,
  use: "message",
  purpose: "scheduling",
  tier: 1,
  texts: { en: parts("see"), es: parts("vea") },
  approvedAt: "2026-11-01T00:00:00.000Z",
};
const names = (["location", "provider", "pharmacy"] as const).map((kind, index) => ({
  kind,
  id: ["loc-1", "prv-1", "phm-1"][index] ?? "",
  textName: ["Elm St", "Dr. Lee", "Oak Rx"][index] ?? "",
  version: 1,
}));
const elmStreet: DirectoryEntry = {
  ...{ id: "loc-1", kind: "location", name: "Elm Street", codes: [], textName: "Elm St", version: 1 },
  ...{ timeZone: "America/Phoenix", approved: null, proposedBy: "staff_1" },
} as const;

/** A world whose vocabulary holds a template with every slot that a sender fills, and the names for it. */
async function aWorld(parts: Partial<Vocabulary> = {}, patient: object = {}) {
  const world = createWorld({ identity: { textPartsMax: 2 } });
  const patientId = await world.prepare(patient);
  const table = createVocabularyTable("Practice");
  const vocabulary = { at: "2026-11-01T00:00:00.000Z", templates: [template], names, ...parts };
  await world.put(...table.setVocabulary(vocabulary, 0), table.setDirectory([elmStreet], 0));
  return { world, patientId };
}

const preview = (world: World, patientId: string, fields: object) =>
  world.call("POST /messages/preview", {
    body: { patientId, purpose: "scheduling", body: "See you on Monday.", ...fields },
  });

describe("a message with a template of its sender's choice", () => {
  it("keeps the template's version and what fills it by reference, and says so in its receipt", async () => {
    const { world, patientId } = await aWorld();

    const answer = await world.send(patientId, { template: EVERY_SLOT });

    expect(answer).toMatchObject({ status: 202, body: { receipt: { template: `${OWN}@2` } } });
    const alert = await world.alert(patientId, (answer.body["alert"] as { readonly id: string }).id);
    expect(alert).toMatchObject({
      kind: "message",
      template: `${OWN}@2`,
      slots: { location: "loc-1", provider: "prv-1", pharmacy: "phm-1", at: "2026-12-01T17:30:00.000Z" },
    });
  });

  it("is previewed with the exact text that is then sent, in the location's time", async () => {
    const { world, patientId } = await aWorld({}, { timeZone: "America/New_York" });
    const shown = await preview(world, patientId, { template: EVERY_SLOT });
    const { text } = shown.body["alert"] as { readonly text: string };

    const answer = await world.send(patientId, { template: EVERY_SLOT });
    await world.sendAlert(patientId, (answer.body["alert"] as { readonly id: string }).id);

    expect(text).toContain("see Dr. Lee Elm St Oak Rx Tue, Dec 1 10:30 AM MST https://p.example/m/");
    expect(world.texts.map(({ body }) => body.replace(/[\w-]{44}$/u, "x".repeat(44)))).toEqual([text]);
    expect(shown.body["receipt"]).toEqual(answer.body["receipt"]);
  });

  it("is written in the patient's language", async () => {
    const { world, patientId } = await aWorld({}, { language: "es" });

    const { body } = await preview(world, patientId, { template: EVERY_SLOT });

    expect(body["alert"]).toMatchObject({ text: expect.stringContaining("vea Dr. Lee") });
    expect(body["alert"]).toMatchObject({ text: expect.stringContaining("mar 1 dic 10:30 AM https") });
  });

  it("may have one that ships, where it is for the message's purpose", async () => {
    const { world, patientId } = await aWorld();
    await world.grant(patientId, { purpose: "portal" });
    const choice = { template: { id: "results-ready" } };

    const fits = await world.send(patientId, { purpose: "portal", ...choice });
    const other = await world.send(patientId, choice, "key-2");

    expect(fits).toMatchObject({ status: 202, body: { receipt: { template: "results-ready@1" } } });
    expect(other).toMatchObject({ status: 422, body: { code: "unprocessable", pointer: "/template/id" } });
  });

  it.each([
    ["is not there", { template: { ...EVERY_SLOT, id: "tpl_other" } }, "id"],
    ["is for another use", { template: { id: "reminder" } }, "id"],
    ["lacks a location", { template: { ...EVERY_SLOT, locationId: undefined } }, "locationId"],
    ["lacks a provider", { template: { ...EVERY_SLOT, providerId: undefined } }, "providerId"],
    ["lacks a pharmacy", { template: { ...EVERY_SLOT, pharmacyId: undefined } }, "pharmacyId"],
    ["lacks a moment", { template: { ...EVERY_SLOT, at: undefined } }, "at"],
    ["names whom nobody approved", { template: { ...EVERY_SLOT, providerId: "prv-2" } }, "providerId"],
    ["names a location as a provider", { template: { ...EVERY_SLOT, providerId: "loc-1" } }, "providerId"],
    ["has no place for a name", { template: { id: "message", providerId: "prv-1" } }, "providerId"],
    ["has no place for a moment", { template: { id: "message", at: AT } }, "at"],
    ["is for no alert", { template: EVERY_SLOT, deliver: "portal-only" }, "id"],
  ])("is not accepted, and not previewed, where the template %s", async (_what, fields, field) => {
    const { world, patientId } = await aWorld();
    const expected = { status: 422, body: { code: "unprocessable", pointer: `/template/${field}` } };

    expect(await world.send(patientId, fields)).toMatchObject(expected);
    expect(await preview(world, patientId, fields)).toMatchObject(expected);
    expect(world.actions(patientId)).not.toContain("message.accepted");
  });

  it.each([
    ["not in force", { id: "tpl_other" }, {}],
    ["for other texts", { id: "reminder" }, {}],
    ["for another purpose", EVERY_SLOT, { purpose: "billing" }],
  ])("is told when the template is %s", async (words, choice, fields) => {
    const { world, patientId } = await aWorld();
    await world.grant(patientId, { purpose: "billing" });

    const { body } = await world.send(patientId, { template: choice, ...fields });

    expect(body).toMatchObject({ pointer: "/template/id", detail: expect.stringContaining(words) });
  });

  it("is not accepted once the template was withdrawn", async () => {
    const { world, patientId } = await aWorld({ templates: [] });

    const answer = await world.send(patientId, { template: EVERY_SLOT });

    expect(answer).toMatchObject({ status: 422, body: { pointer: "/template/id" } });
  });

  it.each([
    ["would tell something", { names: names.map((name) => ({ ...name, textName: "diabetes" })) }],
    ["would be too long", { templates: [{ ...template, texts: { en: parts("x".repeat(300)), es: [] } }] }],
    ["would need more than GSM-7", { templates: [{ ...template, texts: { en: parts("✓"), es: [] } }] }],
  ])("is not previewed where the text %s, for it would not be sent", async (_what, vocabulary) => {
    const { world, patientId } = await aWorld(vocabulary);

    const answer = await preview(world, patientId, { template: EVERY_SLOT });

    expect(answer).toMatchObject({ status: 422, body: { code: "unprocessable", pointer: "/template" } });
  });

  it("refuses fields that no template has, and never tells what was sent", async () => {
    const { world, patientId } = await aWorld();

    const answer = await world.send(patientId, { template: { id: OWN, words: "canary" } });

    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).not.toContain("canary");
  });
});
