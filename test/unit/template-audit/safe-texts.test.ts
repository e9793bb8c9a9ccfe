import { describe, expect, it } from "vitest";
import { SAFE_TEXTS } from "#infra/template-audit/safe-texts.ts";
import { FIXED_WORDS_CHARACTERS } from "#infra/text-budget.ts";
import { countParts } from "#shared/domain/alerts/gsm7.ts";
import { classify } from "#shared/domain/classification/classify.ts";

/** The longest that a stage allows for its name and phone, and a date and a time in words. */
const LONGEST: Readonly<Record<string, string>> = {
  practice: "Oak Street Family Medicine P.C",
  phone: "+1 (206) 555-0100",
  date: "Wed, Nov 25",
  time: "10:30 AM",
  code: "123456",
  link: "https://m.oak.example/m/******",
};

const TEXTS = Object.entries(SAFE_TEXTS).flatMap(([purpose, texts]) =>
  Object.entries(texts).map(([language, text]) => ({ purpose, language, text })),
);

describe.each(TEXTS)("the text for $purpose in $language", ({ text }) => {
  it("tells nothing, filled or not", () => {
    expect(classify(filled(text), { direction: "outbound" }).tier).toBeLessThan(3);
    expect(classify(text, { direction: "outbound" }).tier).toBeLessThan(3);
  });

  it("is one text of GSM-7 when it is filled", () => {
    expect(countParts(filled(text))).toMatchObject({ encoding: "GSM-7", segments: 1 });
  });

  it("has slots that are known, names the practice first and says how to stop or whom to ask", () => {
    expect([...text.matchAll(/\{(\w+)\}/g)].filter(([, slot]) => !((slot ?? "") in LONGEST))).toEqual([]);
    expect(text).toMatch(/^\{practice\}: .*(?:STOP|\{phone\})/);
  });
});

it.each(TEXTS.filter(({ text }) => text.includes("{link}")))(
  "the text for $purpose in $language leaves as much room for a link as the shipped one",
  ({ text }) => {
    expect(text.replaceAll(/\{\w+\}/g, "").length).toBeLessThanOrEqual(FIXED_WORDS_CHARACTERS);
  },
);

function filled(text: string): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, slot: string) => LONGEST[slot] ?? "");
}
