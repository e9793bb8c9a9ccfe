import type { Analysis } from "#shared/domain/classification/analysis.ts";
import { WORD_CLASSES, wordClasses } from "#shared/domain/classification/features.ts";
import { type LexiconEntry, lookUpInflected } from "#shared/domain/classification/lexicon.ts";
import { categoryOfEnding } from "#shared/domain/classification/patterns.ts";
import { VECTOR_DIMENSIONS, type WordVectors } from "./word-vectors.ts";

/** A labelled text prepared for training. */
export type Example = {
  readonly analysis: Analysis;
  readonly words: readonly string[];
  readonly tier: 1 | 2 | 3;
  readonly file: string;
  readonly lang: string;
};

const VECTOR = VECTOR_DIMENSIONS;
/** What makes a vector's numbers weigh about as much as a class. */
const VECTOR_WEIGHT = 3;
/** Vector, "has a vector", constant, classes. */
const DIMENSIONS = VECTOR + 2 + WORD_CLASSES;
const SMOOTHING = 0.4;
/** Occurrences that the prior weighs as much as. */
const PRIOR_WEIGHT = 1.5;
const RIDGE = 6;
const SCORE_LIMIT = 4;
/** Labelled texts that a word must stand in to be known: a word of one text is mostly a name or a slip. */
const KNOWN_FROM = 2;
/** This many frequent English words are known as well. */
const FREQUENT_WORDS = 22_000;

/** What the lexicon or the word's ending knows, as `analyse` sees it. */
function knownEntry(word: string): LexiconEntry | undefined {
  const entry = lookUpInflected(word);
  if (entry !== undefined || word.length < 7) return entry;
  const category = categoryOfEnding(word);
  return category === undefined ? undefined : { strength: "listed", category, beginsPhrase: false };
}

function describe(word: string, vectors: WordVectors): Float64Array {
  const row = new Float64Array(DIMENSIONS);
  const vector = vectors.get(word);
  if (vector !== undefined) {
    for (let i = 0; i < VECTOR; i++) row[i] = (vector[i] ?? 0) * VECTOR_WEIGHT;
    row[VECTOR] = 1;
  }
  row[VECTOR + 1] = 1;
  for (const wordClass of wordClasses(knownEntry(word))) row[VECTOR + 2 + wordClass] = 1;
  return row;
}

/** Solves the symmetric positive system in place by Cholesky. */
function solve(matrix: Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  for (let j = 0; j < size; j++) {
    const rowJ = matrix[j] as Float64Array;
    for (let k = 0; k < j; k++) rowJ[j] = (rowJ[j] as number) - (rowJ[k] as number) ** 2;
    const pivot = Math.sqrt(rowJ[j] as number);
    rowJ[j] = pivot;
    for (let i = j + 1; i < size; i++) {
      const rowI = matrix[i] as Float64Array;
      let sum = rowI[j] as number;
      for (let k = 0; k < j; k++) sum -= (rowI[k] as number) * (rowJ[k] as number);
      rowI[j] = sum / pivot;
    }
  }
  for (let i = 0; i < size; i++) {
    const row = matrix[i] as Float64Array;
    let sum = right[i] as number;
    for (let k = 0; k < i; k++) sum -= (row[k] as number) * (right[k] as number);
    right[i] = sum / (row[i] as number);
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = right[i] as number;
    for (let k = i + 1; k < size; k++)
      sum -= ((matrix[k] as Float64Array)[i] as number) * (right[k] as number);
    right[i] = sum / ((matrix[i] as Float64Array)[i] as number);
  }
  return right;
}

/** Word scores learnt from examples. */
export type WordScorer = {
  /** Log-odds that a text with this word is tier 3; `ownTier` leaves one text of that tier out of the counts. */
  readonly score: (word: string, ownTier?: 1 | 2 | 3) => number;
  /** Whether the word is known: to the lexicon, as a frequent word, or from labelled texts; others are all the same to the model. */
  readonly known: (word: string, ownTier?: 1 | 2 | 3) => boolean;
  /** The known words of the examples and the frequent words. */
  readonly words: () => Iterable<string>;
  /** Prior of a word without a vector: the constant, then one addend per word class. */
  readonly classPriors: { readonly constant: number; readonly classes: readonly number[] };
};

/**
 * Learns per-word log-odds of tier 3 against the rest, shrunk to a prior that a ridge regression reads from the
 * word's vector and lexicon class. Scoring a training text must leave the text itself out, or the score only
 * remembers; that is what `ownTier` is for.
 */
export function learnWordScores(examples: readonly Example[], vectors: WordVectors): WordScorer {
  const counts = new Map<string, [number, number]>();
  const totals: [number, number] = [0, 0];
  for (const { words, tier } of examples) {
    const side = tier === 3 ? 1 : 0;
    totals[side]++;
    for (const word of new Set(words)) {
      const count = counts.get(word) ?? [0, 0];
      count[side]++;
      counts.set(word, count);
    }
  }
  const logOdds = (low: number, high: number): number =>
    Math.log((high + SMOOTHING) / (totals[1] + 2 * SMOOTHING)) -
    Math.log((low + SMOOTHING) / (totals[0] + 2 * SMOOTHING));

  const matrix = Array.from({ length: DIMENSIONS }, (_, i) => {
    const row = new Float64Array(DIMENSIONS);
    row[i] = RIDGE;
    return row;
  });
  const right = new Float64Array(DIMENSIONS);
  for (const [word, [low, high]] of counts) {
    if (word.startsWith("#")) continue;
    const target = logOdds(low, high);
    const weight = Math.min(4, Math.sqrt(low + high));
    const row = describe(word, vectors);
    for (let i = 0; i < DIMENSIONS; i++) {
      const value = (row[i] as number) * weight;
      if (value === 0) continue;
      right[i] = (right[i] as number) + value * target;
      const target_row = matrix[i] as Float64Array;
      for (let j = 0; j < DIMENSIONS; j++)
        target_row[j] = (target_row[j] as number) + value * (row[j] as number);
    }
  }
  const weights = solve(matrix, right);
  const priors = new Map<string, number>();
  const prior = (word: string): number => {
    let value = priors.get(word);
    if (value === undefined) {
      value = 0;
      if (!word.startsWith("#")) {
        const row = describe(word, vectors);
        for (let i = 0; i < DIMENSIONS; i++) value += (row[i] as number) * (weights[i] as number);
      }
      priors.set(word, value);
    }
    return value;
  };
  const countOf = (word: string, ownTier?: 1 | 2 | 3): readonly [number, number] => {
    const [low, high] = counts.get(word) ?? [0, 0];
    if (ownTier === undefined) return [low, high];
    return ownTier === 3 ? [low, Math.max(0, high - 1)] : [Math.max(0, low - 1), high];
  };
  const frequent = new Set([...vectors.keys()].slice(0, FREQUENT_WORDS));
  const isKnown = (word: string, ownTier?: 1 | 2 | 3): boolean => {
    const [low, high] = countOf(word, ownTier);
    return low + high >= KNOWN_FROM || frequent.has(word) || lookUpInflected(word) !== undefined;
  };
  return {
    score: (word, ownTier) => {
      const [low, high] = countOf(word, ownTier);
      const total = low + high;
      const shrunk =
        (total * (total === 0 ? 0 : logOdds(low, high)) + PRIOR_WEIGHT * prior(word)) /
        (total + PRIOR_WEIGHT);
      return Math.max(-SCORE_LIMIT, Math.min(SCORE_LIMIT, shrunk));
    },
    known: isKnown,
    words: () => [...counts.keys(), ...frequent].filter((word) => isKnown(word)),
    classPriors: { constant: weights[VECTOR + 1] as number, classes: [...weights.subarray(VECTOR + 2)] },
  };
}
