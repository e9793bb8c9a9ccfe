import { describe, expect, it } from "vitest";
import { CLASSIFIER_VERSION } from "#shared/domain/classification/classify.ts";
import { createPracticeClassifier } from "#shared/domain/classification/practice-classifier.ts";
import { readPracticeWording } from "#shared/domain/classification/read-practice-wording.ts";

const own = createPracticeClassifier(
  JSON.stringify({ relaxed: ["Bayside Dermatology"], tightened: ["the blue pavilion"] }),
);
const plain = createPracticeClassifier(undefined);
const REMINDER = "Bayside Dermatology: your appointment is Tuesday at 3.";

describe("a practice's own wording", () => {
  it("relaxes the practice's own name and nothing else", () => {
    expect(plain.classify(REMINDER, { direction: "outbound" }).tier).toBe(3);
    expect(own.classify(REMINDER, { direction: "outbound" })).toMatchObject({ tier: 1, reasons: [] });
    expect(own.classify("Hill Dermatology: see you at 3.", { direction: "outbound" }).tier).toBe(3);
    expect(own.classify(`${REMINDER} Your biopsy was benign.`, { direction: "outbound" }).tier).toBe(3);
  });

  it("tightens an expression wherever it stands, with its exact span", () => {
    const text = "Please come to The Blue Pavilion on Tuesday.";
    const { tier, reasons } = own.classify(text, { direction: "outbound" });
    expect(plain.classify(text, { direction: "outbound" }).tier).toBe(1);
    expect(tier).toBe(3);
    expect(
      reasons.map(({ rule, category, start, end }) => [rule, category, text.slice(start, end)]),
    ).toContainEqual(["practice-word", "specialty", "The Blue Pavilion"]);
  });

  it("keeps spans in the original where an expression was read as harmless", () => {
    const text = "Bayside Dermatology: start metformin today.";
    const { reasons } = own.classify(text, { direction: "outbound" });
    expect(reasons.map(({ start, end }) => text.slice(start, end))).toContain("metformin");
  });

  it("is part of the version that receipts carry", () => {
    expect(plain.version).toBe(CLASSIFIER_VERSION);
    expect(own.version).toMatch(new RegExp(`^${CLASSIFIER_VERSION}-[0-9a-f]{8}$`));
  });

  it.each([
    ["an HIV clinic", ["Downtown HIV Clinic"]],
    ["a cancer practice", ["Hope Oncology"]],
    ["a therapy", ["Valley Counseling"]],
    ["family planning", ["family planning"]],
    ["another clinical expression beside it", ["dermatology and plan b"]],
    ["a word that is no kind of care", ["the"]],
    ["too much text", Array.from({ length: 49 }, (_, i) => `dermatology of the long valley number ${i}`)],
    ["nothing", ["…"]],
    ["more than six words", ["one two three four five six seven"]],
    ["too many", Array.from({ length: 51 }, (_, i) => `place ${i}`)],
  ])("cannot be relaxed for %s, and the error does not repeat it", (_name, relaxed) => {
    expect(() => readPracticeWording({ relaxed, tightened: [] })).toThrow(
      /^wording: (?!.*(?:HIV|Hope|Valley))/,
    );
  });
});
