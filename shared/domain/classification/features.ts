import type { Analysis } from "./analysis.ts";
import { CATEGORIES } from "./categories.ts";
import type { LexiconEntry } from "./lexicon.ts";
import { STRENGTHS } from "./lexicon-format.ts";
import { mix } from "./word-hash.ts";

/** Number of bins that hashed features fall into. */
export const SPARSE_BINS = 1 << 16;
const SPARSE_MASK = SPARSE_BINS - 1;

const SUMMARY = 16;
/** Number of dense features: word-score summary, then presence of each category by a weak, then by a decisive finding. */
export const DENSE_COUNT = SUMMARY + CATEGORIES.length * 2;

/** Hashed features of a text: parallel lists of bin and of the token that gave it. */
export type SparseFeatures = { readonly bins: number[]; readonly tokens: number[] };

/** The word as the model sees it: digits carry no meaning beyond their number. */
export function modelWord(word: string): string {
  if (!/\d/.test(word)) return word;
  return /^\d+$/.test(word) ? `#${Math.min(word.length, 6)}` : word.replace(/\d/g, "#");
}

function seeded(seed: number, text: string): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** Words, word pairs, letter groups of 3 to 5, and lexicon classes of the tokens `from` to `to` (exclusive). */
export function sparseFeatures(words: readonly string[], from = 0, to = words.length): SparseFeatures {
  const bins: number[] = [];
  const tokens: number[] = [];
  const emit = (hash: number, token: number): void => {
    bins.push(mix(hash) & SPARSE_MASK);
    tokens.push(token);
  };
  for (let i = from; i < to; i++) {
    const word = words[i] ?? "";
    const wordHash = seeded(0x1111, word);
    emit(wordHash, i);
    emit(wordHash ^ 0x5bd1e995, i);
    const next = i + 1 < to ? words[i + 1] : undefined;
    if (next !== undefined) emit(seeded(seeded(0x2222, word) ^ 0x20, next), i);
    if (word.length > 2 && word.length <= 30 && !word.startsWith("#")) {
      const padded = `_${word}_`;
      for (let at = 0; at + 3 <= padded.length; at++) {
        let hash = Math.imul(0x3333 ^ padded.charCodeAt(at), 0x01000193);
        hash = Math.imul(hash ^ padded.charCodeAt(at + 1), 0x01000193);
        for (let size = 3; size <= 5 && at + size <= padded.length; size++) {
          hash = Math.imul(hash ^ padded.charCodeAt(at + size - 1), 0x01000193);
          emit(hash, i);
        }
      }
    }
  }
  return { bins, tokens };
}

/** How strongly each word of a text speaks for tier 3 (log-odds), and whether the word was known. */
export type WordScores = { readonly scores: ArrayLike<number>; readonly unknown: number };

/** The dense features; `scores` are the word scores of the tokens `from` to `to`. */
export function denseFeatures(
  analysis: Analysis,
  wordScores: WordScores,
  from = 0,
  to = analysis.tokens.length,
): Float64Array {
  const dense = new Float64Array(DENSE_COUNT);
  const { scores } = wordScores;
  let first = -3;
  let second = -3;
  let third = -3;
  let lowest = 3;
  let sum = 0;
  let exponentials = 0;
  let high = 0;
  const length = Math.max(1, to - from);
  for (let i = from; i < to; i++) {
    const score = scores[i] ?? 0;
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
  dense[8] = Math.min(wordScores.unknown, 5) / 5;
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
