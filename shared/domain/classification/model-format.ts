import { DENSE_COUNT, SPARSE_BINS, WORD_CLASSES } from "./features.ts";

/** First four bytes of the model file, little-endian. */
export const MODEL_MAGIC = 0x454d5046;

/** Word scores are stored in steps of one thirtieth. */
export const WORD_SCORE_STEPS = 30;

/** The numbers of a model file after magic, checksum and number of words: one 32-bit float each, in this order. */
export const MODEL_NUMBERS = [
  "clinicalScale",
  "clinicalBias",
  "notificationScale",
  "notificationBias",
  "englishOutbound",
  "englishInbound",
  "spanishOutbound",
  "spanishInbound",
  "notificationThreshold",
  "wordConstant",
  "calibrationSlope",
  "calibrationShift",
] as const;

/** One of {@link MODEL_NUMBERS}. */
export type ModelNumber = (typeof MODEL_NUMBERS)[number];

/** 32-bit words of the header: magic, checksum of everything after it, number of words, of contested findings, then {@link MODEL_NUMBERS}. */
export const MODEL_HEADER_WORDS = 4 + MODEL_NUMBERS.length;
/** Where {@link MODEL_NUMBERS} begin, in 32-bit words. */
export const MODEL_NUMBERS_AT = 4;

/** Bytes before the sparse weights: header, class priors, dense weights of both heads. */
export const MODEL_PREAMBLE_BYTES = (MODEL_HEADER_WORDS + WORD_CLASSES + DENSE_COUNT * 2) * 4;

/**
 * Total length in bytes of a model file with that many words and contested findings, rounded up to whole 32-bit words:
 * preamble, sparse weights of both heads, sorted hashes of contested findings, sorted hashes of words, scores of words.
 */
export function modelFileBytes(words: number, contested: number): number {
  return Math.ceil((MODEL_PREAMBLE_BYTES + SPARSE_BINS * 2 + contested * 4 + words * 5) / 4) * 4;
}

/** Bytes of a model file that its checksum covers begin here: after magic and checksum. */
export const MODEL_CHECKED_FROM = 8;
