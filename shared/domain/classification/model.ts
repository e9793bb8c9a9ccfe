import type { Analysis } from "./analysis.ts";
import {
  DENSE_COUNT,
  denseFeatures,
  modelWord,
  SPARSE_BINS,
  sparseFeatures,
  WORD_CLASSES,
  wordClasses,
} from "./features.ts";
import { fileChecksum } from "./file-checksum.ts";
import type { LexiconEntry } from "./lexicon.ts";
import {
  MODEL_CHECKED_FROM,
  MODEL_HEADER_WORDS,
  MODEL_MAGIC,
  MODEL_PREAMBLE_BYTES,
  modelFileBytes,
  WORD_SCORE_STEPS,
} from "./model-format.ts";
import { sortedKeySearch } from "./sorted-keys.ts";
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
  /** Scores above these count: clinical by language of the text, and notification. */
  readonly thresholds: { readonly english: number; readonly spanish: number; readonly notification: number };
  /** Log-odds of tier 3 that a word stands for; `undefined` for a word without a stored score. */
  readonly storedScore: (word: string) => number | undefined;
  /** The same for a word without one, from what the lexicon knows of it. */
  readonly priorScore: (entry: LexiconEntry | undefined) => number;
};

/** Reads a model file; throws when it is damaged, cut short or of another format. */
export function readModel(file: Uint8Array): Model {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const wordCount = view.byteLength >= MODEL_PREAMBLE_BYTES ? view.getUint32(8, true) : 0;
  if (view.byteLength !== modelFileBytes(wordCount) || view.getUint32(0, true) !== MODEL_MAGIC) {
    throw new Error("classifier: model.bin is damaged or of another format");
  }
  // A copy: typed arrays of words must start at an aligned offset, a file buffer need not.
  const copy = new Uint8Array(file);
  if (fileChecksum(copy.subarray(MODEL_CHECKED_FROM)) !== view.getUint32(4, true))
    throw new Error("classifier: model.bin fails its checksum");

  const floats = new Float32Array(copy.buffer, 0, MODEL_PREAMBLE_BYTES / 4);
  const classPriors = floats.subarray(MODEL_HEADER_WORDS, MODEL_HEADER_WORDS + WORD_CLASSES);
  const head = (headerAt: number, index: number): Head => {
    const denseAt = MODEL_HEADER_WORDS + WORD_CLASSES + DENSE_COUNT * index;
    return {
      scale: floats[headerAt] ?? 0,
      bias: floats[headerAt + 1] ?? 0,
      dense: floats.subarray(denseAt, denseAt + DENSE_COUNT),
      sparse: new Int8Array(copy.buffer, MODEL_PREAMBLE_BYTES + SPARSE_BINS * index, SPARSE_BINS),
    };
  };
  const wordsAt = MODEL_PREAMBLE_BYTES + SPARSE_BINS * 2;
  const wordKeys = new Uint32Array(copy.buffer, wordsAt, wordCount);
  const wordScores = new Int8Array(copy.buffer, wordsAt + wordCount * 4, wordCount);
  const find = sortedKeySearch(wordKeys);
  return {
    version: view.getUint32(4, true).toString(16).padStart(8, "0"),
    clinicalHead: head(3, 0),
    notificationHead: head(5, 1),
    thresholds: { english: floats[7] ?? 0, spanish: floats[8] ?? 0, notification: floats[9] ?? 0 },
    storedScore: (word) => {
      const index = find(hashText(word));
      return index < 0 ? undefined : (wordScores[index] ?? 0) / WORD_SCORE_STEPS;
    },
    priorScore: (entry) => {
      let score = floats[10] ?? 0;
      for (const wordClass of wordClasses(entry)) score += classPriors[wordClass] ?? 0;
      return score;
    },
  };
}

/** What the model makes of a text. Scores are log-odds. */
export type ModelScore = {
  readonly clinical: number;
  readonly notification: number;
  /** How much each token speaks for tier 3, and for a notification. */
  readonly clinicalByToken: Float64Array;
  readonly notificationByToken: Float64Array;
};

/** The words of a text as the model sees them, with their scores. */
export type PreparedWords = {
  readonly words: readonly string[];
  readonly scores: Float64Array;
  readonly known: readonly boolean[];
  readonly unknown: number;
};

/** Scores the words of a text once, for all stretches that are scored. */
export function prepareWords(model: Model, analysis: Analysis): PreparedWords {
  const words = analysis.tokens.map((token) => modelWord(token.word));
  const scores = new Float64Array(words.length);
  const known: boolean[] = [];
  words.forEach((word, index) => {
    const stored = model.storedScore(word);
    known.push(stored !== undefined || word.startsWith("#") || analysis.entries[index] !== undefined);
    if (stored !== undefined) {
      scores[index] = stored;
    } else if (!word.startsWith("#")) {
      const entry = analysis.entries[index];
      scores[index] = model.priorScore(entry);
    }
  });
  return { words, scores, known, unknown: known.filter((isKnown) => !isKnown).length };
}

/** Scores the tokens `from` to `to` (exclusive) of an analysed text. */
export function scoreTokens(
  model: Model,
  analysis: Analysis,
  prepared: PreparedWords,
  from = 0,
  to = prepared.words.length,
): ModelScore {
  const { clinicalHead, notificationHead } = model;
  const { bins, tokens } = sparseFeatures(prepared.words, from, to);
  const dense = denseFeatures(analysis, prepared, from, to);
  const scale = 1 / Math.sqrt(Math.max(1, bins.length));
  const clinicalByToken = new Float64Array(prepared.words.length);
  const notificationByToken = new Float64Array(prepared.words.length);
  let clinical = clinicalHead.bias;
  let notification = notificationHead.bias;
  for (let i = 0; i < bins.length; i++) {
    const bin = bins[i] ?? 0;
    const token = tokens[i] ?? 0;
    const towardsClinical = (clinicalHead.sparse[bin] ?? 0) * clinicalHead.scale * scale;
    const towardsNotification = (notificationHead.sparse[bin] ?? 0) * notificationHead.scale * scale;
    clinical += towardsClinical;
    notification += towardsNotification;
    clinicalByToken[token] = (clinicalByToken[token] ?? 0) + towardsClinical;
    notificationByToken[token] = (notificationByToken[token] ?? 0) + towardsNotification;
  }
  // The word's own score acts through the dense features; half of it is about its share.
  for (let i = from; i < to; i++)
    clinicalByToken[i] = (clinicalByToken[i] ?? 0) + (prepared.scores[i] ?? 0) / 2;
  for (let i = 0; i < DENSE_COUNT; i++) {
    clinical += (clinicalHead.dense[i] ?? 0) * (dense[i] ?? 0);
    notification += (notificationHead.dense[i] ?? 0) * (dense[i] ?? 0);
  }
  return { clinical, notification, clinicalByToken, notificationByToken };
}
