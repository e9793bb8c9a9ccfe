import { describe, expect, it } from "vitest";
import { renderText } from "#shared/domain/alerts/render.ts";
import { SHIPPED_TEMPLATES } from "#shared/domain/alerts/shipped.ts";
import { codeValue, linkValue, practiceValues } from "#shared/domain/alerts/slot-value.ts";
import { shownDate, shownTime } from "#shared/domain/alerts/slot-values.ts";
import { templateName } from "#shared/domain/alerts/templates.ts";
import { printVocabulary } from "#shared/vocabulary/print.ts";
import { inForce, someSlots } from "#test/support/approved.ts";
import { matcherOf } from "#test/support/printed-vocabulary.ts";

const BASE = "https://p.example/m";
const PRACTICE = {
  name: "Riverside (West) Office",
  phone: "206-555-0100",
  portalBaseUrl: BASE,
  textPartsMax: 1,
  wording: undefined,
} as const;
const VOCABULARY = inForce({
  version: 3,
  at: "2026-11-01T00:00:00.000Z",
  templates: [
    {
      id: "tpl_01KERHV5R0000000000000TEST",
      version: 2,
      use: "message",
      purpose: "scheduling",
      tier: 1,
      texts: {
        en: [
          { slot: "practice" },
          ": see ",
          { slot: "provider" },
          " at ",
          { slot: "time" },
          ": ",
          { slot: "link" },
        ],
        es: [
          { slot: "practice" },
          ": con ",
          { slot: "provider" },
          " a las ",
          { slot: "time" },
          ": ",
          { slot: "link" },
        ],
      },
      approvedAt: "2026-11-01T00:00:00.000Z",
    },
  ],
  names: [
    { id: "1", kind: "provider", textName: "Dr. Lee", version: 1 },
    { id: "2", kind: "provider", textName: "Dr. Leeson", version: 1 },
  ],
});
const match = matcherOf(JSON.parse(JSON.stringify(printVocabulary(PRACTICE, VOCABULARY))));
const at = new Date("2026-12-01T17:30:00.000Z");
const values = (language: "en" | "es", provider = "Dr. Lee") => ({
  ...practiceValues(PRACTICE),
  link: linkValue(BASE, "aB3-_".repeat(9).slice(0, 44)),
  code: codeValue(42_137),
  date: shownDate(at, "America/Los_Angeles", language),
  time: shownTime(at, "America/Phoenix", language, "America/New_York"),
  ...someSlots({ location: "Elm Street", provider, pharmacy: "Main Street" }),
});

describe("the printed vocabulary", () => {
  const named = SHIPPED_TEMPLATES.filter(({ parts }) =>
    parts.every((part) => typeof part === "string" || !["location", "pharmacy"].includes(part.slot)),
  );

  it.each(named.map((template) => [`${templateName(template)} ${template.language}`, template] as const))(
    "holds what %s gives, as sent and masked, with what filled it",
    (_name, template) => {
      const { text, masked } = renderText(template, values(template.language));

      expect(match(text)).toMatchObject({
        template: templateName(template),
        slots: { practice: PRACTICE.name },
      });
      expect(match(masked)?.template).toBe(templateName(template));
    },
  );

  it.each(["Dr. Lee", "Dr. Leeson"])(
    "tells which name stands in a text of the practice's own: %s",
    (provider) => {
      const [template] = VOCABULARY.templates;
      if (template === undefined) throw new Error("there is none");
      const { text } = renderText(
        { ...template, language: "es", parts: template.texts.es },
        values("es", provider),
      );

      expect(match(text)).toMatchObject({
        template: `${template.id}@2`,
        language: "es",
        slots: { provider },
      });
    },
  );

  it.each([
    ["a word more", (text: string) => `${text} now`],
    ["another practice", (text: string) => text.replace("Riverside (West)", "Riverside West")],
    ["another host", (text: string) => text.replace("p.example", "p.example.org")],
    ["a name that nobody approved", (text: string) => text.replace("Dr. Lee", "Dr. Li")],
    ["a time of no clock", (text: string) => text.replace(/\d+:30/u, "25:30")],
    ["the name left out", (text: string) => text.replace("Dr. Lee", "")],
  ])("does not hold a text with %s", (_what, change) => {
    const [template] = VOCABULARY.templates;
    if (template === undefined) throw new Error("there is none");
    const { text } = renderText({ ...template, language: "en", parts: template.texts.en }, values("en"));

    expect(match(text)).not.toBeNull();
    expect(match(change(text))).toBeNull();
  });
});
