import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countParts } from "#shared/domain/alerts/gsm7.ts";
import type { Slot } from "#shared/domain/alerts/templates.ts";
import { parseTemplate, SLOTS, writeTemplate } from "#shared/domain/templates/parse.ts";
import { type PossibleValues, possibleTexts } from "#shared/domain/templates/possible-texts.ts";
import { possibleValues } from "#shared/domain/templates/possible-values.ts";

describe("a written template", () => {
  it("is words and slots, with their places", () => {
    const text = "{practice}: {dat}{date} {date }{DATE}";
    expect(parseTemplate(text)).toEqual({
      parts: [{ slot: "practice" }, ": {dat}", { slot: "date" }, " {date }{DATE}"],
      slots: [
        { slot: "practice", start: 0, end: 10 },
        { slot: "date", start: 17, end: 23 },
      ],
    });
  });

  it("is the same when it is read and written again", () => {
    const piece = fc.oneof(fc.constantFrom(...SLOTS.map((slot) => `{${slot}}`)), fc.string({ maxLength: 8 }));
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join("");
        const { parts, slots } = parseTemplate(text);

        expect(writeTemplate(parts)).toBe(text);
        for (const { slot, start, end } of slots) expect(text.slice(start, end)).toBe(`{${slot}}`);
      }),
    );
  });
});

describe("all that a template can become", () => {
  it("is counted once for each filling, though a slot stands twice", () => {
    const { parts } = parseTemplate("{practice} {date} {time} {date}");
    const values: PossibleValues = { practice: ["A"], date: ["x", "y", "z"], time: ["1", "2"] };
    expect(possibleTexts(parts, values).count).toBe(6n);
  });

  it("is nothing while a slot has no value", () => {
    const { parts } = parseTemplate("{practice} {location}");
    expect(possibleTexts(parts, { practice: ["A"], location: [] })).toEqual({ count: 0n, longest: [] });
    expect(possibleTexts(parts, { practice: ["A"] }).count).toBe(0n);
  });

  it("may be more than a number holds", () => {
    const values = Array.from({ length: 100_000 }, (_, index) => String(index));
    const { parts } = parseTemplate("{date}{time}{provider}{location}");
    const { count } = possibleTexts(parts, {
      date: values,
      time: values,
      provider: values,
      location: values,
    });
    expect(count).toBe(10n ** 20n);
  });

  it("has the longest first, characters of the extension counted twice and others above all", () => {
    const { parts } = parseTemplate("{practice}");
    const { longest } = possibleTexts(parts, { practice: ["abcd", "[[[", "ab", "ú", "a"] });
    expect(longest.map(({ text }) => text)).toEqual(["ú", "[[[", "abcd", "ab", "a"]);
    expect(longest.map(({ parts: { encoding, units } }) => [encoding, units])).toEqual([
      ["UCS-2", 1],
      ["GSM-7", 6],
      ["GSM-7", 4],
      ["GSM-7", 2],
      ["GSM-7", 1],
    ]);
  });

  it("has the five longest of all fillings", () => {
    const value = fc.string({ unit: fc.constantFrom("a", "b", "~", " "), minLength: 1, maxLength: 6 });
    const values = fc.uniqueArray(value, { minLength: 1, maxLength: 8 });
    const slot = fc.constantFrom<Slot>("practice", "date", "location");
    fc.assert(
      fc.property(
        values,
        values,
        values,
        fc.array(slot, { minLength: 1, maxLength: 5 }),
        (a, b, c, slots) => {
          const parts = slots.map((name) => ({ slot: name }));
          const all = a.flatMap((practice) =>
            b.flatMap((date) => c.map((location) => ({ practice, date, location }) as Record<Slot, string>)),
          );
          const used = new Set(slots);
          const fillings = new Map(
            all.map((filling) => [
              JSON.stringify([...used].map((name) => filling[name])),
              countParts(slots.map((name) => filling[name]).join("")).units,
            ]),
          );
          const wanted = [...fillings.values()].toSorted((one, other) => other - one).slice(0, 5);

          const { count, longest } = possibleTexts(parts, { practice: a, date: b, location: c });

          expect(count).toBe(BigInt(fillings.size));
          expect(longest.map(({ parts: { units } }) => units)).toEqual(wanted);
          for (const { text, slots: filled } of longest) {
            expect(text).toBe(slots.map((name) => filled[name]).join(""));
          }
        },
      ),
    );
  });

  it("is soon known, though there are more than 400 million", () => {
    const words = {
      practice: "Riverside Office",
      phone: "202-555-0143",
      portalBaseUrl: "https://m.oak.example/m",
      locations: ["North Office", "South Office"],
      providers: [],
      pharmacies: [],
    };
    const { parts } = parseTemplate("{practice}: {date} {time} {location} {phone}");
    const { count, longest } = possibleTexts(parts, possibleValues(words, "en"));
    expect(count).toBeGreaterThan(400_000_000n);
    expect(longest).toHaveLength(5);
    expect(longest[0]?.text).toMatch(
      /^Riverside Office: \w{3}, \w{3} \d\d 1[0-2]:\d\d [AP]M GMT[+-]1\d:\d\d (?:North|South) Office 202-555-0143$/,
    );
  });
});
