import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classify } from "#shared/domain/classification/classify.ts";
import { checkTextName, type NameSlot } from "#shared/domain/templates/text-name.ts";
import { TELLING, TELLING_NOTHING } from "./names.ts";

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

  it("of a kind of care is refused, however it is written, whoever is named", () => {
    const missed = TELLING.filter(([name, slot]) => {
      return !check(name, slot).some(({ code }) => code === "clinical-name");
    });

    expect(TELLING.length).toBeGreaterThan(500);
    expect(missed).toEqual([]);
  });

  it("that tells nothing is fit: of a hundred at most three are refused", () => {
    const refused = TELLING_NOTHING.filter(([name, slot]) => check(name, slot).length > 0);

    expect(TELLING_NOTHING.length).toBeGreaterThan(240);
    expect(refused.length / TELLING_NOTHING.length).toBeLessThanOrEqual(0.03);
  });

  it.each([
    "Dr. P. T. Lee",
    "P.T. Lee, MD",
    "Dr. C. Burns",
    "Ann Burns, NP",
    "Ann Lee, M.D., Ph.D.",
    "Dr. Kessler",
  ])("%j is a person's, whatever letters and surname mean elsewhere", (name) => {
    expect(check(name, "provider")).toEqual([]);
  });

  it.each(["Dr. Heart", "Dr. Lee, NCC", "Ann Lee, CCRN", "Ann Lee, AAHIVS", "Dr. Burns, FACRO"])(
    "%j tells what a person cares for",
    (name) => {
      expect(check(name, "provider").map(({ code }) => code)).toContain("clinical-name");
    },
  );

  it.each(["", " ", "North ", " North", "Clínica", "North\n", "North’s", "{practice}", "a/b", "Nort\u0000h"])(
    "%j is not one",
    (name) => {
      expect(check(name, "location").map(({ code }) => code)).toEqual(["unfit-characters"]);
    },
  );

  it.each(["www.evil.example", "bit.ly", "evil .com", "Call 202-555-0199", "URGENT ACT NOW", "Pague ahora"])(
    "is a name, and not %j",
    (name) => {
      for (const slot of ["location", "provider", "pharmacy"] as const)
        expect(check(name, slot).map(({ code }) => code)).toEqual(["not-a-name"]);
    },
  );

  it.each(["Dr. Muñoz", "Dr. José Peña", "Café Plaza", "Urgent Care West"])("may be %s", (name) => {
    expect(check(name, name.startsWith("Dr.") ? "provider" : "location")).toEqual([]);
  });

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
