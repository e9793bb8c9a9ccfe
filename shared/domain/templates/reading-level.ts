import type { Language } from "../words.ts";
import { BLANK, type Draft, type LintFinding } from "./lint-finding.ts";
import { sentencesOf } from "./sentences.ts";

/** Up to this school grade a text may be hard. */
const GRADE_MAX = 8;
/** Below this, a Spanish text is harder than the eighth grade on Fernández Huerta's scale (Medidas sencillas de lecturabilidad, 1959). */
const SPANISH_EASE_MIN = 60;
/** A shorter stretch says too little about itself. */
const WORDS_MIN = 8;

const WORD = /[\p{L}\p{N}][\p{L}\p{N}'&-]*|\uFFFC+/gu;

/** Groups of vowels; a silent e, es or ed at the end is none. */
function englishSyllables(word: string): number {
  const spoken = word.replace(/(?:[^laeiouy]es|[^td]ed|[^l]e)$/u, "");
  return Math.max(1, spoken.match(/[aeiouy]{1,2}/gu)?.length ?? 0);
}

/** Groups of vowels; two strong ones (a, e, o) side by side are two syllables. */
function spanishSyllables(word: string): number {
  const groups = word.match(/[aeiou]+/gu) ?? [];
  return Math.max(
    1,
    groups.reduce((sum, group) => sum + Math.max(1, group.match(/[aeo]/gu)?.length ?? 0), 0),
  );
}

interface Measures {
  readonly words: number;
  readonly sentences: number;
  readonly syllables: number;
}

function measure(plain: string, language: Language): Measures {
  const words = plain.match(WORD) ?? [];
  const syllablesOf = language === "en" ? englishSyllables : spanishSyllables;
  // A slot's value (a name, a day, a number) reads as a short word.
  const syllables = words.reduce((sum, word) => sum + (word.startsWith(BLANK) ? 1 : syllablesOf(word)), 0);
  return { words: words.length, sentences: Math.max(1, sentencesOf(plain).length), syllables };
}

/** Flesch and Kincaid's grade for English (Navy Research Branch Report 8-75), Fernández Huerta's ease for Spanish. */
function isHard({ words, sentences, syllables }: Measures, language: Language): boolean {
  if (words < WORDS_MIN) return false;
  const sentenceLength = words / sentences;
  const wordLength = syllables / words;
  return language === "en"
    ? 0.39 * sentenceLength + 11.8 * wordLength - 15.59 > GRADE_MAX
    : 206.84 - 1.02 * sentenceLength - 60 * wordLength < SPANISH_EASE_MIN;
}

/** What is harder to read than the eighth grade reads: single sentences, else the words of the text as a whole. */
export function findHardReading({ plain }: Draft, language: Language): readonly LintFinding[] {
  const explanation = "This is hard to read: use shorter words and sentences (eighth grade at most).";
  const finding = (start: number, end: number): LintFinding => ({
    code: "hard-to-read",
    start,
    end,
    explanation,
  });
  const sentences = sentencesOf(plain);
  const hard = sentences.filter(({ start, end }) =>
    isHard(measure(plain.slice(start, end), language), language),
  );
  if (hard.length > 0) return hard.map(({ start, end }) => finding(start, end));
  // What carriers and law make every text say is short and would hide the rest.
  const own = sentences.filter(({ start, end }) => !/(?<!\p{L})stop(?!\p{L})/u.test(plain.slice(start, end)));
  const first = own[0];
  const last = own.at(-1);
  if (first === undefined || last === undefined) return [];
  const ownWords = own.map(({ start, end }) => plain.slice(start, end)).join(" ");
  return isHard(measure(ownWords, language), language) ? [finding(first.start, last.end)] : [];
}
