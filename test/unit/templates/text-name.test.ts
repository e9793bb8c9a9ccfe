import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classify } from "#shared/domain/classification/classify.ts";
import { checkTextName, type NameSlot } from "#shared/domain/templates/text-name.ts";

const outbound = (text: string) => classify(text, { direction: "outbound" });
const check = (name: string, slot: NameSlot) => checkTextName(name, slot, outbound);

describe("a text name", () => {
  it.each<[string, NameSlot]>([
    ["Riverside Office", "practice"],
    ["Downtown Dental", "practice"],
    ["Riverside Clinic", "location"],
    ["Building B, Suite 200", "location"],
    ["Dr. Lee", "provider"],
    ["Dr. O'Hara-Diaz", "provider"],
    ["Main Street Pharmacy", "pharmacy"],
    // The statistical model by itself has doubts about these; in sentences it has none.
    ["Lake Clinic", "location"],
    ["Centro", "location"],
    ["Sam Brown, PA", "provider"],
  ])("%j is fit for a %s", (name, slot) => {
    expect(check(name, slot)).toEqual([]);
  });

  it.each<[string, NameSlot, string]>([
    ["HIV clinic", "location", "HIV"],
    ["H.I.V. Clinic", "location", "H.I.V. Clinic"],
    ["Riverside Cancer Center", "location", "Cancer"],
    ["Behavioral Health", "location", "Behavioral Health"],
    ["Dr. Lee, Oncology", "provider", "Oncology"],
    ["Hope 0ncology", "practice", "0ncology"],
    ["Methadone Pharmacy", "pharmacy", "Methadone"],
    ["Onco Unit", "location", "Onco"],
    ["North ER", "location", "ER"],
    ["Jane Roe, LCSW", "provider", "LCSW"],
    ["Amy Roe, PT", "provider", "PT"],
  ])("%j tells something for a %s, and where", (name, slot, word) => {
    const findings = check(name, slot);
    expect(findings.map(({ code }) => code)).toContain("clinical-name");
    expect(findings.map(({ start, end }) => name.slice(start, end))).toContain(word);
  });

  it.each(["", " ", "North ", " North", "Café", "North\n", "North’s", "{practice}", "a/b", "Nort\u0000h"])(
    "%j is not one",
    (name) => {
      expect(check(name, "location").map(({ code }) => code)).toEqual(["unfit-characters"]);
    },
  );

  it("has at most 30 characters", () => {
    expect(check("North Side Office Building 002", "location")).toEqual([]);
    expect(check("North Side Office Building 0002", "location").map(({ code }) => code)).toEqual([
      "too-long",
    ]);
  });

  it("is looked at in the texts that carry it, too", () => {
    // Alone it passes a reader who only minds whole texts.
    const strict = (text: string) =>
      text === "Quiet Oaks" || !text.includes("Quiet Oaks")
        ? outbound("see you at noon")
        : outbound("HIV clinic");
    expect(checkTextName("Quiet Oaks", "location", strict).map(({ code }) => code)).toEqual([
      "clinical-name",
    ]);
    expect(checkTextName("Quiet Oaks", "pharmacy", strict).map(({ code }) => code)).toEqual([
      "clinical-name",
    ]);
  });

  it("never throws, and tells places inside of the name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (name) => {
        for (const { start, end } of check(name, "provider")) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(name.length);
        }
      }),
      { numRuns: 50 },
    );
  });
});
