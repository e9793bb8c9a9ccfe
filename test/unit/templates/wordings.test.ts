import { describe, expect, it } from "vitest";
import { classify } from "#shared/domain/classification/classify.ts";
import { lintTemplate } from "#shared/domain/templates/lint.ts";
import { possibleValues } from "#shared/domain/templates/possible-values.ts";
import type { Language } from "#shared/domain/words.ts";
import { CLINICAL, framed, HARMLESS, type Wording } from "./wordings.ts";

const PRACTICE = {
  practice: "Riverside Office",
  phone: "202-555-0143",
  portalBaseUrl: "https://m.oak.example/m",
  locations: ["North Office"],
  providers: ["Dr. Lee"],
  pharmacies: ["Main Pharmacy"],
};

function valuesOf(language: Language) {
  return { ...possibleValues(PRACTICE, language), date: ["Wed, Sep 30"], time: ["10:30 AM"] };
}
const VALUES = { en: valuesOf("en"), es: valuesOf("es") };

function codesOf(wording: Wording): readonly string[] {
  const { findings } = lintTemplate(framed(wording), {
    use: "message",
    purpose: wording.purpose,
    language: wording.language,
    values: VALUES[wording.language],
    partsMax: 2,
    classify: (text) => classify(text, { direction: "outbound" }),
  });
  return findings.map(({ code }) => code);
}

/** What says that the words tell something; anything else may be wrong with them beside. */
const TELLING = new Set([
  "clinical-words",
  "unknown-word",
  "unfit-character",
  "text-speak",
  "wrong-purpose",
  "marketing",
]);
const LANGUAGES = ["en", "es"] as const;
const shown = ({ purpose, words }: Wording) => `${purpose}: ${words}`;

describe("what practices want to say", () => {
  it.each(LANGUAGES)("has a finding in at most five of a hundred harmless wordings (%s)", (language) => {
    const wordings = HARMLESS.filter((wording) => wording.language === language);
    const refused = wordings.filter((wording) => codesOf(wording).length > 0).map(shown);

    expect(wordings.length).toBeGreaterThan(60);
    expect(refused.length / wordings.length, refused.join("\n")).toBeLessThanOrEqual(0.05);
  });

  it.each(LANGUAGES)("has a finding wherever it tells something clinical (%s)", (language) => {
    const wordings = CLINICAL.filter((wording) => wording.language === language);
    const passed = wordings.filter((wording) => !codesOf(wording).some((code) => TELLING.has(code)));

    expect(wordings.length).toBeGreaterThan(50);
    expect(passed.map(shown)).toEqual([]);
  });
});
