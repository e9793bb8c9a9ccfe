import { describe, expect, it } from "vitest";
import { WORDS } from "#functions/portal/views/words.ts";
import { PURPOSES } from "#shared/domain/words.ts";

/** Every text of a language by its name. */
function textsOf(language: "en" | "es"): ReadonlyMap<string, string> {
  const { purposes, language: _own, ...texts } = WORDS[language];
  return new Map([
    ...Object.entries(texts),
    ...PURPOSES.map((purpose) => [`purposes.${purpose}`, purposes[purpose]] as const),
  ]);
}

/** Vowels in a row are one syllable, and a last silent e is none. */
function syllables(word: string): number {
  const spoken = word.toLowerCase().replace(/(?:[^laeiouy]e|[^aeiouyt]ed)$/u, "");
  return Math.max(1, spoken.match(/[aeiouy]+/gu)?.length ?? 1);
}

const wordsIn = (text: string) => text.match(/[a-z’'-]+/giu) ?? [];
const sentencesIn = (text: string) =>
  text.split(/[.?!…](?:\s|$)/u).filter((part) => wordsIn(part).length > 0);

describe("the catalogue", () => {
  it("has other words in the other language, and none empty", () => {
    const [en, es] = [textsOf("en"), textsOf("es")];

    expect([...es.keys()]).toEqual([...en.keys()]);
    expect([...en].filter(([name, text]) => text === es.get(name))).toEqual([]);
    for (const [name, text] of [...en, ...es]) expect(text.trim(), name).not.toBe("");
  });

  it("is read at the sixth grade in English (Flesch and Kincaid, over all of it)", () => {
    const prose = [...textsOf("en").values()].filter((text) => /[.?!]/u.test(text));
    const words = prose.flatMap(wordsIn);
    const sentences = prose.flatMap(sentencesIn).length;
    const spoken = words.reduce((sum, word) => sum + syllables(word), 0);

    expect(words.length).toBeGreaterThan(500);
    expect(0.39 * (words.length / sentences) + 11.8 * (spoken / words.length) - 15.59).toBeLessThanOrEqual(6);
  });

  it("has no sentence of more than 25 words", () => {
    for (const language of ["en", "es"] as const)
      for (const text of textsOf(language).values())
        for (const sentence of sentencesIn(text))
          expect((sentence.match(/[\p{L}\p{N}]+/gu) ?? []).length, sentence).toBeLessThanOrEqual(25);
  });

  it("says usted in Spanish", () => {
    for (const text of textsOf("es").values())
      expect(text).not.toMatch(
        /(?<!\p{L})(?:tú|tu|tus|te|ti|tienes|puedes|quieres|llámanos|escribe)(?!\p{L})/iu,
      );
  });

  it("keeps the marks that Spanish opens questions with", () => {
    for (const text of textsOf("es").values())
      expect((text.match(/¿/gu) ?? []).length, text).toBe((text.match(/\?/gu) ?? []).length);
  });
});
