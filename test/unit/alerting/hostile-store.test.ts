import { describe, expect, it } from "vitest";
import { put } from "#shared/adapters/dynamodb/items.ts";
import { createVocabularyTable } from "#shared/adapters/dynamodb/vocabulary-table.ts";
import type { DirectoryEntry } from "#shared/vocabulary/records.ts";
import { createWorld } from "#test/support/core-world.ts";

const WORDS = "your HIV test is positive";
const OWN = "tpl_01KERHV5R0000000000000TEST";
const AT = "2026-11-01T00:00:00.000Z";
const NAMES = { location: "loc-1", provider: "prv-1", pharmacy: "phm-1" } as const;

const parts = [
  { slot: "practice" },
  ": see ",
  { slot: "provider" },
  " on ",
  { slot: "date" },
  ": ",
  { slot: "link" },
] as const;
const vocabulary = {
  at: AT,
  templates: [
    { id: OWN, version: 1, use: "message", purpose: "portal", tier: 1, texts: { en: parts, es: parts } },
  ].map((template) => ({ ...template, approvedAt: AT }) as const),
  names: [{ id: "prv-1", kind: "provider", textName: "Dr. Lee", version: 1 } as const],
};
const entry: DirectoryEntry = {
  ...{ id: "loc-1", kind: "location", name: WORDS, codes: [WORDS], textName: WORDS, version: 1 },
  ...{
    timeZone: null,
    approved: { textName: WORDS, version: 1, by: "staff_1", at: AT },
    proposedBy: "staff_1",
  },
} as const;

/**
 * A world with a message that has an approved template, in whose store somebody has changed the alert, as a function that
 * writes alerts could.
 */
async function aWorldWith(change: Readonly<Record<string, unknown>>) {
  const world = createWorld({ identity: { textPartsMax: 2 } });
  const patientId = await world.prepare();
  await world.grant(patientId, { purpose: "portal" });
  const table = createVocabularyTable("Practice");
  await world.put(
    ...table.setVocabulary(vocabulary as Parameters<typeof table.setVocabulary>[0], 0),
    // Whoever can write the directory still approves nothing by it.
    table.setDirectory([entry, { ...entry, id: "prv-2", kind: "provider" }], 0),
  );
  const template = { id: OWN, providerId: "prv-1", at: "2026-12-01T17:30:00Z" };
  const { body } = await world.send(patientId, { purpose: "portal", template });
  const { id } = body["alert"] as { readonly id: string };
  const item = world.store.items("Messages").find((one) => one["sk"] === id || one["id"] === id);
  if (item === undefined) throw new Error("there is no such alert");
  await world.put(put("Messages", { ...item, ...change }));
  return { world, patientId, id };
}

const slots = (change: object) => ({
  slots: { location: null, provider: "prv-1", pharmacy: null, at: "2026-12-01T17:30:00.000Z", ...change },
});

describe("an alert that somebody changed in the store", () => {
  it("is sent as it was accepted where nothing was changed", async () => {
    const { world, patientId, id } = await aWorldWith({});

    await world.sendAlert(patientId, id);

    expect(world.texts.map(({ body }) => body)).toEqual([
      expect.stringContaining(": see Dr. Lee on Tue, Dec 1: "),
    ]);
  });

  it.each([
    ["names a template that nobody approved", { template: "tpl_evil@1" }],
    ["names another version of one", { template: `${OWN}@2` }],
    ["has words for a template", { template: WORDS }],
    ["has words for a version", { template: `${OWN}@${WORDS}` }],
    ["names a template by words that objects have", { template: "__proto__@1" }],
    ["has the wording of another kind for its template", { template: "stopped@1" }],
    ["has words for a name", slots({ provider: WORDS })],
    ["names what is in the directory only", slots({ provider: "prv-2" })],
    ["names a place as a person", slots({ provider: NAMES.location })],
    ["has no name", slots({ provider: null })],
    ["has words for a moment", slots({ at: WORDS })],
    ["has a slot of words", { slots: { ...slots({}).slots, provider: { textName: WORDS } } }],
    ["is of a kind that is none", { kind: WORDS }],
    ["is in a language that is none", { language: WORDS }],
  ])("sends nothing where it %s", async (_what, change) => {
    const { world, patientId, id } = await aWorldWith(change);

    await world.sendAlert(patientId, id);

    expect(world.texts).toEqual([]);
    expect(world.actions(patientId)).not.toContain("alert.sent");
  });

  it.each([
    ["a body", { body: WORDS, text: WORDS, parts: [WORDS] }],
    ["words beside its references", slots({ words: WORDS, date: WORDS, link: WORDS })],
  ])("sends what was approved, and none of it, where it has %s", async (_what, change) => {
    const { world, patientId, id } = await aWorldWith(change);

    await world.sendAlert(patientId, id);

    expect(world.texts.map(({ body }) => body)).toEqual([
      expect.stringContaining(": see Dr. Lee on Tue, Dec 1: "),
    ]);
    expect(JSON.stringify(world.texts)).not.toContain("HIV");
  });
});
