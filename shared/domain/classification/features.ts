import type { Analysis } from "./analysis.ts";
import { CATEGORIES } from "./categories.ts";
import type { LexiconEntry } from "./lexicon.ts";
import { STRENGTHS } from "./lexicon-format.ts";
import { HASH_START, hashStep, mix } from "./word-hash.ts";

/** Number of bins that hashed features fall into. */
export const SPARSE_BINS = 1 << 17;
const SPARSE_MASK = SPARSE_BINS - 1;

const SUMMARY = 16;
/** Number of dense features: word-score summary, then presence of each category by a weak, then by a decisive finding. */
export const DENSE_COUNT = SUMMARY + CATEGORIES.length * 2;

/** The word as the model sees it: digits carry no meaning beyond their number. */
export function modelWord(word: string): string {
  if (!/\d/.test(word)) return word;
  return /^\d+$/.test(word) ? `#${Math.min(word.length, 6)}` : word.replace(/\d/g, "#");
}

/** What stands for every word that nothing knows. */
export const UNKNOWN_WORD = "?";

const KINDS = {
  word: 0x1111,
  wordAgain: 0x1212,
  pair: 0x2222,
  skip: 0x3333,
  lexicon: 0x4444,
  lexiconAfter: 0x4545,
  lexiconBefore: 0x4646,
  sign: 0x5555,
  signAfter: 0x5656,
  signBefore: 0x5757,
  first: 0x6666,
  last: 0x6767,
} as const;

function bin(kind: number, left: number, right = 0): number {
  return (
    mix(Math.imul(left ^ Math.imul(kind, 0x9e3779b1), 0x01000193) ^ Math.imul(right, 0x85ebca77)) &
    SPARSE_MASK
  );
}

function plainHash(text: string): number {
  let hash = HASH_START;
  for (let i = 0; i < text.length; i++) hash = hashStep(hash, text.charCodeAt(i));
  return hash;
}

/** Places for the bins of one token: its own, those it shares with the next, with the next but one, as first, as last. */
export const SLOTS = { own: 5, pair: 4, skip: 1, first: 1, last: 1, all: 12 } as const;
const PAIR_AT = SLOTS.own;
const SKIP_AT = PAIR_AT + SLOTS.pair;
const FIRST_AT = SKIP_AT + SLOTS.skip;
const LAST_AT = FIRST_AT + SLOTS.first;
const EMPTY = -1;

/**
 * The hashed features of a text: {@link SLOTS} bins for each token, -1 where there is none. Words, pairs, words with one
 * between, the signs between words, and lexicon classes with their neighbours.
 */
export function tokenFeatures({ tokens, entries, folding }: Analysis, words: readonly string[]): Int32Array {
  const count = tokens.length;
  const bins = new Int32Array(count * SLOTS.all).fill(EMPTY);
  const hashes = Int32Array.from(words, plainHash);
  const classes = Uint16Array.from(entries, (entry) =>
    entry === undefined || entry.strength === "ordinary"
      ? 0
      : STRENGTHS.indexOf(entry.strength) * 64 + CATEGORIES.indexOf(entry.category),
  );
  for (let i = 0; i < count; i++) {
    const at = i * SLOTS.all;
    const hash = hashes[i] ?? 0;
    const next = hashes[i + 1];
    const afterNext = hashes[i + 2];
    const ownClass = classes[i] ?? 0;
    const nextClass = classes[i + 1] ?? 0;
    bins[at] = bin(KINDS.word, hash);
    bins[at + 1] = bin(KINDS.wordAgain, hash);
    if (ownClass > 0) bins[at + 2] = bin(KINDS.lexicon, ownClass);
    if (next !== undefined) {
      bins[at + PAIR_AT] = bin(KINDS.pair, hash, next);
      if (ownClass > 0) bins[at + PAIR_AT + 1] = bin(KINDS.lexiconBefore, next, ownClass);
      if (nextClass > 0) bins[at + PAIR_AT + 2] = bin(KINDS.lexiconAfter, hash, nextClass);
    }
    const end = tokens[i]?.end ?? 0;
    const nextStart = tokens[i + 1]?.start ?? folding.folded.length;
    // A single space between words is no sign.
    if (nextStart - end > 1 || folding.folded.charCodeAt(end) !== 32) {
      const gap = folding.folded.slice(end, nextStart).replaceAll(" ", "");
      if (gap !== "") {
        const sign = gap.charCodeAt(0);
        bins[at + 3] = bin(KINDS.sign, sign);
        bins[at + 4] = bin(KINDS.signAfter, hash, sign);
        if (next !== undefined) bins[at + PAIR_AT + 3] = bin(KINDS.signBefore, next, sign);
      }
    }
    if (afterNext !== undefined) bins[at + SKIP_AT] = bin(KINDS.skip, hash, afterNext);
    bins[at + FIRST_AT] = bin(KINDS.first, hash);
    bins[at + LAST_AT] = bin(KINDS.last, hash);
  }
  return bins;
}

/**
 * Calls `use` with each bin of the tokens `from` to `to` (exclusive): own bins of every token, shared ones of those whose
 * partner is among them, the first token's as first and the last's as last.
 */
export function forEachBin(features: Int32Array, from: number, to: number, use: (bin: number) => void): void {
  for (let i = from; i < to; i++) {
    const at = i * SLOTS.all;
    const pairsEnd = i + 1 < to ? SKIP_AT : PAIR_AT;
    for (let slot = 0; slot < pairsEnd; slot++) {
      const value = features[at + slot] ?? EMPTY;
      if (value !== EMPTY) use(value);
    }
    const skip = features[at + SKIP_AT] ?? EMPTY;
    if (i + 2 < to && skip !== EMPTY) use(skip);
  }
  if (to <= from) return;
  use(features[from * SLOTS.all + FIRST_AT] ?? 0);
  use(features[(to - 1) * SLOTS.all + LAST_AT] ?? 0);
}

/** The bins of the tokens `from` to `to` (exclusive). */
export function stretchBins(features: Int32Array, from: number, to: number): number[] {
  const bins: number[] = [];
  forEachBin(features, from, to, (value) => bins.push(value));
  return bins;
}

/** How strongly each word of a text speaks for tier 3 (log-odds), and which words are known. */
export type WordScores = { readonly scores: ArrayLike<number>; readonly known: ArrayLike<boolean> };

/** The dense features of the tokens `from` to `to` (exclusive). */
export function denseFeatures(
  analysis: Analysis,
  { scores, known }: WordScores,
  from = 0,
  to = analysis.tokens.length,
): Float64Array {
  const dense = new Float64Array(DENSE_COUNT);
  let first = -3;
  let second = -3;
  let third = -3;
  let lowest = 3;
  let sum = 0;
  let exponentials = 0;
  let high = 0;
  let unknown = 0;
  const length = Math.max(1, to - from);
  for (let i = from; i < to; i++) {
    const score = scores[i] ?? 0;
    if (known[i] !== true) unknown++;
    sum += score;
    exponentials += Math.exp(score * 1.5);
    if (score > 0.7) high++;
    if (score > first) {
      third = second;
      second = first;
      first = score;
    } else if (score > second) {
      third = second;
      second = score;
    } else if (score > third) third = score;
    if (score < lowest) lowest = score;
  }
  dense[0] = first / 2;
  dense[1] = second / 2;
  dense[2] = third / 2;
  dense[3] = sum / length;
  dense[4] = sum / Math.sqrt(length) / 3;
  dense[5] = Math.log(exponentials + 1) / 3;
  dense[6] = Math.min(high, 6) / 3;
  dense[7] = lowest / 2;
  dense[8] = Math.min(unknown, 5) / 5;
  dense[9] = Math.log(length) / 4;
  const startOffset = analysis.tokens[from]?.start ?? 0;
  const endOffset = analysis.tokens[to - 1]?.end ?? 0;
  let weak = 0;
  let decisive = 0;
  let listed = 0;
  for (const finding of analysis.findings) {
    if (finding.start < startOffset || finding.end > endOffset) continue;
    const category = CATEGORIES.indexOf(finding.category);
    if (finding.tier === 3) {
      decisive++;
      if (finding.strength === "listed") listed++;
      dense[SUMMARY + CATEGORIES.length + category] = 1;
    } else if (finding.tier === 2) {
      dense[13] = 1;
    } else {
      weak++;
      dense[SUMMARY + category] = 1;
    }
  }
  dense[10] = Math.min(weak, 5) / 3;
  dense[11] = Math.min(decisive, 4) / 2;
  dense[12] = Math.min(listed, 3) / 2;
  dense[14] = weak / length;
  dense[15] = (Math.min(weak, 2) * Math.max(0, first)) / 2;
  return dense;
}

/** Number of word classes: unknown, the four strengths, and each category by weak and by decisive words. */
export const WORD_CLASSES = STRENGTHS.length + 1 + CATEGORIES.length * 2;

/** The classes a word belongs to: its strength, and its category when it is more than ordinary. */
export function wordClasses(entry: LexiconEntry | undefined): number[] {
  if (entry === undefined) return [0];
  const classes = [STRENGTHS.indexOf(entry.strength) + 1];
  if (entry.strength !== "ordinary") {
    classes.push(
      STRENGTHS.length +
        1 +
        CATEGORIES.indexOf(entry.category) +
        (entry.strength === "weak" ? 0 : CATEGORIES.length),
    );
  }
  return classes;
}
