import type { Finding } from "./analysis.ts";
import { type Edit, type FoldedText, fold, reread } from "./folding.ts";
import { lookUpInflected } from "./lexicon.ts";
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
const NEUTRAL = "our office";
const WORDS_MAX = 6;
const EXPRESSIONS_MAX = 50;
/** Kinds of care whose name by itself tells little; no practice may relax another. */
const RELAXABLE = new Set(
  "dermatology dermatologist dermatologia skin piel orthopedics orthopaedics orthopedic ortopedia ent otolaryngology allergy alergia audiology audiologia chiropractic quiropractica podiatry podologia retina ophthalmology oftalmologia sports".split(
    " ",
  ),
);

function comparedWords(expression: string): string[] {
  return tokenize(fold(expression).folded).map(({ word }) => word);
}

/**
 * Reads a practice's settings. Throws, without repeating the expression, when there are too many, when one is empty or
 * longer than six words, or when one would relax more than a kind of care that tells little by itself.
 */
export function readPracticeWording({ relaxed, tightened }: WordingSettings): PracticeWording {
  const compared = (name: string, expressions: readonly string[]): string[][] => {
    if (expressions.length > EXPRESSIONS_MAX)
      throw new Error(`wording: more than ${EXPRESSIONS_MAX} ${name} expressions`);
    return expressions.map((expression, index) => {
      const words = comparedWords(expression);
      if (words.length === 0 || words.length > WORDS_MAX)
        throw new Error(`wording: ${name} expression ${index + 1} must have one to ${WORDS_MAX} words`);
      return words;
    });
  };
  const wording = { relaxed: compared("relaxed", relaxed), tightened: compared("tightened", tightened) };
  wording.relaxed.forEach((words, index) => {
    const telling = words.some((word) => {
      const strength = lookUpInflected(word)?.strength;
      return (strength === "strong" || strength === "listed" || strength === "weak") && !RELAXABLE.has(word);
    });
    if (telling)
      throw new Error(
        `wording: relaxed expression ${index + 1} tells more than a kind of care that may be relaxed`,
      );
  });
  return wording;
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
