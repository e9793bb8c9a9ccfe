import type { Analysis } from "./analysis.ts";
import {
  DENSE_COUNT,
  denseFeatures,
  forEachBin,
  modelWord,
  SPARSE_BINS,
  tokenFeatures,
  UNKNOWN_WORD,
  WORD_CLASSES,
  wordClasses,
} from "./features.ts";
import { fileChecksum } from "./file-checksum.ts";
import type { LexiconEntry } from "./lexicon.ts";
import {
  MODEL_CHECKED_FROM,
  MODEL_HEADER_WORDS,
  MODEL_MAGIC,
  MODEL_NUMBERS,
  MODEL_NUMBERS_AT,
  MODEL_PREAMBLE_BYTES,
  type ModelNumber,
  modelFileBytes,
  WORD_SCORE_STEPS,
} from "./model-format.ts";
import { sortedKeySearch } from "./sorted-keys.ts";
import type { Stretch } from "./stretches.ts";
import { hashText } from "./word-hash.ts";

type Head = {
  readonly scale: number;
  readonly bias: number;
  readonly dense: Float32Array;
  readonly sparse: Int8Array;
};

/** A trained model, read from the bytes of a model file. */
export type Model = {
  /** Eight hexadecimal digits that name the model's content. */
  readonly version: string;
  readonly clinicalHead: Head;
  readonly notificationHead: Head;
  readonly numbers: Readonly<Record<ModelNumber, number>>;
  /** Log-odds of tier 3 that a word stands for; `undefined` for a word without a stored score. */
  readonly storedScore: (word: string) => number | undefined;
  /** Whether some word with a stored score has that hash. */
  readonly hasHash: (hash: number) => boolean;
  /** Whether what was found (see `findingKey`) stands in labelled harmless texts too, so that it cannot decide alone. */
  readonly isContested: (key: string) => boolean;
  /** The score of a word without a stored one, from what the lexicon knows of it. */
  readonly priorScore: (entry: LexiconEntry | undefined) => number;
};

/** Reads a model file; throws when it is damaged, cut short or of another format. */
export function readModel(file: Uint8Array): Model {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const complete = view.byteLength >= MODEL_PREAMBLE_BYTES;
  const wordCount = complete ? view.getUint32(8, true) : 0;
  const contestedCount = complete ? view.getUint32(12, true) : 0;
  if (
    view.byteLength !== modelFileBytes(wordCount, contestedCount) ||
    view.getUint32(0, true) !== MODEL_MAGIC
  ) {
    throw new Error("classifier: model.bin is damaged or of another format");
  }
  // A copy: typed arrays of words must start at an aligned offset, a file buffer need not.
  const copy = new Uint8Array(file);
  if (fileChecksum(copy.subarray(MODEL_CHECKED_FROM)) !== view.getUint32(4, true))
    throw new Error("classifier: model.bin fails its checksum");

  const floats = new Float32Array(copy.buffer, 0, MODEL_PREAMBLE_BYTES / 4);
  const classPriors = floats.subarray(MODEL_HEADER_WORDS, MODEL_HEADER_WORDS + WORD_CLASSES);
  const numbers = Object.fromEntries(
    MODEL_NUMBERS.map((name, index) => [name, floats[MODEL_NUMBERS_AT + index] ?? 0]),
  ) as Record<ModelNumber, number>;
  const head = (scale: number, bias: number, index: number): Head => {
    const denseAt = MODEL_HEADER_WORDS + WORD_CLASSES + DENSE_COUNT * index;
    return {
      scale,
      bias,
      dense: floats.subarray(denseAt, denseAt + DENSE_COUNT),
      sparse: new Int8Array(copy.buffer, MODEL_PREAMBLE_BYTES + SPARSE_BINS * index, SPARSE_BINS),
    };
  };
  const contestedAt = MODEL_PREAMBLE_BYTES + SPARSE_BINS * 2;
  const contested = sortedKeySearch(new Uint32Array(copy.buffer, contestedAt, contestedCount));
  const wordsAt = contestedAt + contestedCount * 4;
  const wordKeys = new Uint32Array(copy.buffer, wordsAt, wordCount);
  const wordScores = new Int8Array(copy.buffer, wordsAt + wordCount * 4, wordCount);
  const { find, has } = sortedKeySearch(wordKeys);
  return {
    version: view.getUint32(4, true).toString(16).padStart(8, "0"),
    clinicalHead: head(numbers.clinicalScale, numbers.clinicalBias, 0),
    notificationHead: head(numbers.notificationScale, numbers.notificationBias, 1),
    numbers,
    storedScore: (word) => {
      const index = find(hashText(word));
      return index < 0 ? undefined : (wordScores[index] ?? 0) / WORD_SCORE_STEPS;
    },
    hasHash: has,
    isContested: (key) => contested.find(hashText(key)) >= 0,
    priorScore: (entry) => {
      let score = numbers.wordConstant;
      for (const wordClass of wordClasses(entry)) score += classPriors[wordClass] ?? 0;
      return score;
    },
  };
}

/** A text made ready for the model. */
export type Prepared = {
  readonly analysis: Analysis;
  readonly scores: Float64Array;
  /** Whether each token is known to the lexicon, the labelled texts or the frequent words. */
  readonly known: readonly boolean[];
  readonly features: Int32Array;
};

/** Prepares an analysed text. */
export function prepare(model: Model, analysis: Analysis): Prepared {
  const words = analysis.tokens.map((token) => modelWord(token.word));
  const count = words.length;
  const scores = new Float64Array(count);
  const known: boolean[] = [];
  words.forEach((word, index) => {
    const stored = model.storedScore(word);
    const entry = analysis.entries[index];
    const isNumber = word.startsWith("#");
    const isKnown = stored !== undefined || isNumber || entry !== undefined;
    known.push(isKnown);
    scores[index] = stored ?? (isNumber ? 0 : model.priorScore(entry));
    if (!isKnown) words[index] = UNKNOWN_WORD;
  });
  return { analysis, scores, known, features: tokenFeatures(analysis, words) };
}

/** Log-odds of the heads for a stretch of tokens. */
export type ModelScore = { readonly clinical: number; readonly notification: number };

/** Scores the tokens `from` to `to` (exclusive) of a prepared text. */
export function scoreStretch(model: Model, prepared: Prepared, [from, to]: Stretch): ModelScore {
  const { clinicalHead, notificationHead } = model;
  let count = 0;
  let clinicalSum = 0;
  let notificationSum = 0;
  forEachBin(prepared.features, from, to, (bin) => {
    count++;
    clinicalSum += clinicalHead.sparse[bin] ?? 0;
    notificationSum += notificationHead.sparse[bin] ?? 0;
  });
  const scale = 1 / Math.sqrt(Math.max(1, count));
  const dense = denseFeatures(prepared.analysis, prepared, from, to);
  let clinicalScore = clinicalHead.bias + clinicalSum * clinicalHead.scale * scale;
  let notificationScore = notificationHead.bias + notificationSum * notificationHead.scale * scale;
  for (let i = 0; i < DENSE_COUNT; i++) {
    const value = dense[i] ?? 0;
    if (value === 0) continue;
    clinicalScore += (clinicalHead.dense[i] ?? 0) * value;
    notificationScore += (notificationHead.dense[i] ?? 0) * value;
  }
  return { clinical: clinicalScore, notification: notificationScore };
}

/**
 * How much each token of a stretch speaks for tier 3 or, with the other head, for a notification; larger is more, in no
 * unit, and 0 outside of the stretch.
 */
export function tokenWeights(
  model: Model,
  { features, scores }: Prepared,
  head: "clinical" | "notification",
  [from, to]: Stretch,
): Float64Array {
  const { sparse } = head === "clinical" ? model.clinicalHead : model.notificationHead;
  const weights = new Float64Array(scores.length);
  for (let i = from; i < to; i++) {
    let weight = head === "clinical" ? (scores[i] ?? 0) * WORD_SCORE_STEPS : 0;
    forEachBin(features, i, Math.min(i + 2, to), (bin) => {
      weight += sparse[bin] ?? 0;
    });
    weights[i] = weight;
  }
  return weights;
}
