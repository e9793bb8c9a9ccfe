import type { Finding } from "./analysis.ts";
import { type Edit, type FoldedText, fold, reread } from "./folding.ts";
import { type Token, tokenize } from "./tokens.ts";

/** How a practice departs from the rules on specialties, as it is set. */
export type WordingSettings = {
  /** Expressions of the practice's own name or field that need no protection, such as "bayside dermatology". */
  readonly relaxed: readonly string[];
  /** Expressions that give something away here, such as the name of a building where only one kind of care is. */
  readonly tightened: readonly string[];
};

/** The same, ready for use: each expression as compared words. */
export type PracticeWording = {
  readonly relaxed: readonly (readonly string[])[];
  readonly tightened: readonly (readonly string[])[];
};

/** The rule of a reason that a tightened expression gave. */
export const PRACTICE_WORD_RULE = "practice-word";
/** What a relaxed expression is read as. */
export const NEUTRAL = "our office";

/** The compared words of an expression. */
export function comparedWords(expression: string): string[] {
  return tokenize(fold(expression).folded).map(({ word }) => word);
}

/** Places of an expression among the tokens, as token ranges `[from, to)`. */
function placesOf(tokens: readonly Token[], words: readonly string[]): [number, number][] {
  const places: [number, number][] = [];
  for (let i = 0; i + words.length <= tokens.length; i++)
    if (words.every((word, offset) => tokens[i + offset]?.word === word)) places.push([i, i + words.length]);
  return places;
}

/** The text with every relaxed expression read as a word that tells nothing. */
export function withoutRelaxed(folding: FoldedText, { relaxed }: PracticeWording): FoldedText {
  const tokens = tokenize(folding.folded);
  const edits: Edit[] = [];
  const places = relaxed
    .flatMap((words) => placesOf(tokens, words))
    .sort((left, right) => left[0] - right[0] || right[1] - left[1]);
  for (const [from, to] of places) {
    const start = tokens[from]?.start ?? 0;
    if (start >= (edits.at(-1)?.end ?? 0))
      edits.push({ start, end: tokens[to - 1]?.end ?? start, text: NEUTRAL });
  }
  return edits.length === 0 ? folding : reread(folding, edits);
}

/** A finding for every tightened expression in the text. */
export function tightenedFindings(tokens: readonly Token[], { tightened }: PracticeWording): Finding[] {
  return tightened
    .flatMap((words) => placesOf(tokens, words))
    .map(([from, to]) => ({
      rule: PRACTICE_WORD_RULE,
      category: "specialty",
      strength: "strong",
      via: "phrase",
      tier: 3,
      start: tokens[from]?.start ?? 0,
      end: tokens[to - 1]?.end ?? 0,
    }));
}
