import { DENSE_COUNT, SPARSE_BINS, WORD_CLASSES } from "./features.ts";

/** First four bytes of the model file, little-endian. */
export const MODEL_MAGIC = 0x444d5046;

/** Word scores are stored in steps of one thirtieth. */
export const WORD_SCORE_STEPS = 30;

/**
 * Header words (u32 or f32, little-endian): magic, checksum of everything after it, number of words,
 * scale and bias of the clinical head, scale and bias of the notification head,
 * thresholds (English, Spanish, notification), constant of the word prior, one spare.
 */
export const MODEL_HEADER_WORDS = 12;

/** Bytes before the sparse weights: header, class priors, dense weights of both heads. */
export const MODEL_PREAMBLE_BYTES = (MODEL_HEADER_WORDS + WORD_CLASSES + DENSE_COUNT * 2) * 4;

/** Total length in bytes of a model file with that many words, rounded up to whole 32-bit words. */
export function modelFileBytes(words: number): number {
  return Math.ceil((MODEL_PREAMBLE_BYTES + SPARSE_BINS * 2 + words * 5) / 4) * 4;
}

/** Bytes of a model file that its checksum covers begin here: after magic and checksum. */
export const MODEL_CHECKED_FROM = 8;
