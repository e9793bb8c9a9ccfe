import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countParts } from "#shared/domain/alerts/gsm7.ts";

const BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡AZÄÖÑÜ§¿azäöñüà";
const EXTENDED = "\f^{}\\[~]|€";

describe("counting the parts of a text", () => {
  it.each([
    ["", 0, 1],
    ["a".repeat(160), 160, 1],
    ["a".repeat(161), 161, 2],
    ["a".repeat(306), 306, 2],
    ["a".repeat(307), 307, 3],
    ["€".repeat(80), 160, 1],
    [`${"€".repeat(80)}a`, 161, 2],
  ])("counts GSM-7 septets (case %#)", (text, units, segments) => {
    expect(countParts(text)).toEqual({ encoding: "GSM-7", units, segments });
  });

  it.each([
    ["á", 1, 1],
    ["á".repeat(70), 70, 1],
    ["á".repeat(71), 71, 2],
    ["á".repeat(134), 134, 2],
    ["á".repeat(135), 135, 3],
    ["😀".repeat(35), 70, 1],
    [`${"😀".repeat(35)}a`, 71, 2],
    [`${"a".repeat(159)}ó`, 160, 3],
    ["`", 1, 1],
    ["ç", 1, 1],
  ])("counts UTF-16 units where a character is not in GSM-7 (case %#)", (text, units, segments) => {
    expect(countParts(text)).toEqual({ encoding: "UCS-2", units, segments });
  });

  it("never splits an escaped character between two parts", () => {
    // The 153rd septet would be the escape of the euro sign, which therefore moves to the next part.
    const text = `${"a".repeat(152)}€${"a".repeat(151)}`;

    expect(countParts(text)).toEqual({ encoding: "GSM-7", units: 305, segments: 2 });
    expect(countParts(`${text}a`)).toEqual({ encoding: "GSM-7", units: 306, segments: 3 });
  });

  it("never splits a surrogate pair between two parts", () => {
    const text = `${"á".repeat(66)}😀${"á".repeat(65)}`;

    expect(countParts(text).segments).toBe(2);
    expect(countParts(`${text}á`)).toEqual({ encoding: "UCS-2", units: 134, segments: 3 });
  });

  it("takes every basic character for one septet and every extended one for two", () => {
    const characters = [...BASIC].map((character) => countParts(character));
    const escaped = [...EXTENDED].map((character) => countParts(character));

    expect(characters.every(({ encoding, units }) => encoding === "GSM-7" && units === 1)).toBe(true);
    expect(escaped.every(({ encoding, units }) => encoding === "GSM-7" && units === 2)).toBe(true);
  });

  it("never needs fewer parts for a longer text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), fc.string({ maxLength: 40 }), (text, more) => {
        expect(countParts(text + more).segments).toBeGreaterThanOrEqual(countParts(text).segments);
      }),
    );
  });
});
