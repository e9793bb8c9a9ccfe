import { describe, expect, it } from "vitest";
import { type Wording, wordingFor } from "#shared/alerting/wording.ts";
import type { Slot, TemplatePart } from "#shared/domain/alerts/templates.ts";
import type { ApprovedTemplate, VocabularyInForce } from "#shared/vocabulary/records.ts";
import { inForce } from "#test/support/approved.ts";
import { anAlert } from "#test/support/builders.ts";

const IDENTITY = { name: "Riverside Clinic", phone: "206-555-0100" };
const IDENTITY_SLOTS = { practice: IDENTITY.name, phone: IDENTITY.phone };
const NAMES = [
  { id: "loc_1", kind: "location", textName: "Northside", version: 1 },
  { id: "prv_1", kind: "provider", textName: "Dr. Lee", version: 1 },
] as const;

const slot = (name: Slot): TemplatePart => ({ slot: name });

function aTemplate(parts: Partial<ApprovedTemplate> = {}): ApprovedTemplate {
  const words = (start: string) => [slot("practice"), start, slot("location"), ": ", slot("link")];
  return {
    id: "tpl_1",
    version: 2,
    use: "message",
    purpose: "portal",
    tier: 2,
    texts: { en: words(": form at "), es: words(": formulario en ") },
    approvedAt: "2026-11-01T00:00:00.000Z",
    ...parts,
  };
}

const vocabularyOf = (...templates: readonly ApprovedTemplate[]): VocabularyInForce =>
  inForce({ version: 7, at: "2026-11-01T00:00:00.000Z", templates, names: NAMES });

const CHOSEN = { template: "tpl_1@2", purpose: "portal" } as const;
const REFERENCES = { location: "loc_1", provider: null, pharmacy: null, at: null, timeZone: null };

function find(
  alert: Parameters<typeof anAlert>[0],
  parts: Partial<Parameters<typeof wordingFor>[0]> = {},
): ReturnType<typeof wordingFor> {
  return wordingFor(
    {
      alert: anAlert(alert),
      visitDay: undefined,
      vocabulary: vocabularyOf(aTemplate()),
      directory: undefined,
      patient: { timeZone: null },
      settings: { timeZone: "America/New_York" },
      ...parts,
    },
    IDENTITY,
  );
}

const name = (wording: ReturnType<typeof wordingFor>) =>
  typeof wording === "string" ? wording : (wording satisfies Wording).name;

describe("the words of a message whose template was chosen", () => {
  it("are the approved template's, with the names that are approved now", () => {
    expect(find({ ...CHOSEN, slots: REFERENCES })).toMatchObject({
      name: "tpl_1@2",
      slots: { ...IDENTITY_SLOTS, location: "Northside" },
      vocabulary: 7,
    });
    expect(find({ ...CHOSEN, slots: REFERENCES, language: "es" })).toMatchObject({
      template: { language: "es", parts: expect.arrayContaining([": formulario en "]) },
    });
  });

  it.each([
    ["another version is in force", { template: "tpl_1@1" }, {}],
    ["it was withdrawn", {}, { vocabulary: vocabularyOf() }],
    ["nothing was ever approved", {}, { vocabulary: undefined }],
    ["it is for another purpose", { purpose: "billing" }, {}],
    ["it is no message's", {}, { vocabulary: vocabularyOf(aTemplate({ use: "reminder" })) }],
    ["no shipped one has the name", { template: "no-such-template@1" }, {}],
  ] as const)("are none where %s", (_why, alert, parts) => {
    expect(find({ ...CHOSEN, slots: REFERENCES, ...alert }, parts)).toBe("template_not_approved");
  });

  it.each([
    ["is not approved any more", { ...REFERENCES, location: "loc_2" }],
    ["is of another kind", { ...REFERENCES, location: "prv_1" }],
    ["was not given", { ...REFERENCES, location: null }],
  ])("are none where a name that they need %s", (_why, slots) => {
    expect(find({ ...CHOSEN, slots })).toBe("name_not_approved");
  });

  it("are none where they need a time that was not given", () => {
    const texts = { en: [slot("date"), slot("link")], es: [slot("date"), slot("link")] };
    const vocabulary = vocabularyOf(aTemplate({ texts }));

    expect(find({ ...CHOSEN, slots: REFERENCES }, { vocabulary })).toBe("name_not_approved");
  });

  it("tell a time in the zone of the place that they name", () => {
    const texts = { en: [slot("time"), slot("location")], es: [slot("time"), slot("location")] };
    const at = "2026-12-01T15:00:00.000Z";
    const entry = {
      id: "loc_1",
      kind: "location",
      name: "North",
      codes: [],
      timeZone: "America/Denver",
    } as const;
    const directory = {
      entries: [{ ...entry, textName: "Northside", version: 1, approved: null, proposedBy: "staff_1" }],
      version: 1,
    };
    const alert = { ...CHOSEN, slots: { ...REFERENCES, at } };
    const timeOf = (parts: object) => {
      const wording = find(alert, { vocabulary: vocabularyOf(aTemplate({ texts })), ...parts });
      return typeof wording === "string" ? wording : wording.slots.time;
    };

    expect(timeOf({})).toBe("10:00 AM");
    expect(timeOf({ directory })).toBe("8:00 AM");
    expect(timeOf({ directory, patient: { timeZone: "America/Chicago" } })).toBe("8:00 AM MST");
  });
});

describe("the words of what was not chosen", () => {
  it("are the shipped ones of a message, whatever own ones there are", () => {
    expect(find({ template: "message@1" })).toMatchObject({ name: "message@1", vocabulary: null });
  });

  it("are the practice's own of an answer, where it has any", () => {
    const parts = [slot("practice"), ": call ", slot("phone")];
    const vocabulary = vocabularyOf(aTemplate({ use: "help", texts: { en: parts, es: parts } }));

    expect(find({ kind: "help", template: "help@1" }, { vocabulary })).toMatchObject({
      name: "tpl_1@2",
      vocabulary: 7,
    });
    expect(name(find({ kind: "stopped", template: "stopped@1" }, { vocabulary }))).toBe("stopped@1");
  });

  it("are the shipped ones of a reminder whose own ones name a place that the visit does not have", () => {
    const parts = [slot("practice"), slot("date"), slot("time"), slot("location")];
    const vocabulary = vocabularyOf(
      aTemplate({ use: "reminder", purpose: "scheduling", texts: { en: parts, es: parts } }),
    );
    const visitDay = (locationId: string | null) => ({
      patientId: "pat_1",
      day: "2026-12-01",
      timeZone: "America/New_York",
      appointments: [
        {
          id: "apt_1",
          externalIndex: "index",
          startsAt: "2026-12-01T15:00:00.000Z",
          timeZone: "America/New_York",
          locationId,
          providerId: null,
          reminderOffsets: null,
          status: "booked" as const,
          confirmation: "none" as const,
          confirmedAt: null,
          sourceVersion: null,
          changedAt: "2026-11-01T00:00:00.000Z",
          version: 1,
        },
      ],
      reminders: [],
      notices: [],
      asked: null,
      told: null,
      changeTask: null,
      version: 1,
    });
    const reminder = { kind: "reminder", template: "reminder@1", purpose: "scheduling" } as const;

    expect(find(reminder, { vocabulary, visitDay: visitDay("loc_1") })).toMatchObject({
      name: "tpl_1@2",
      slots: { location: "Northside", date: "Tue, Dec 1", time: "10:00 AM" },
      vocabulary: 7,
    });
    for (const locationId of [null, "loc_2"])
      expect(find(reminder, { vocabulary, visitDay: visitDay(locationId) })).toMatchObject({
        name: "reminder@1",
        vocabulary: null,
      });
  });
});
