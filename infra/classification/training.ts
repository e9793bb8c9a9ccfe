import { SPARSE_BINS } from "#shared/domain/classification/features.ts";
import { fileChecksum } from "#shared/domain/classification/file-checksum.ts";
import {
  MODEL_CHECKED_FROM,
  MODEL_HEADER_WORDS,
  MODEL_MAGIC,
  modelFileBytes,
  WORD_SCORE_STEPS,
} from "#shared/domain/classification/model-format.ts";
import { hashText } from "#shared/domain/classification/word-hash.ts";
import { toSample } from "./examples.ts";
import { type Sample, type TrainedHead, trainHead } from "./logistic.ts";
import { CHOSEN_THRESHOLDS } from "./thresholds.ts";
import { type Example, learnWordScores, type WordVectors } from "./word-scores.ts";

/** Of the words outside the examples, this many frequent ones ship with a score. */
const SHIPPED_WORDS = 22_000;

/** Trains both heads and the word scores and gives the bytes of a model file. The same inputs give the same bytes. */
export function trainModel(examples: readonly Example[], vectors: WordVectors): Uint8Array {
  const scorer = learnWordScores(examples, vectors);
  const samples = examples.map((example) => toSample(example, scorer, example.tier));
  const clinical = trainHead(
    samples,
    examples.map(({ tier }) => tier === 3),
  );
  const harmless = examples.flatMap(({ tier }, index) => (tier === 3 ? [] : [index]));
  const notification = trainHead(
    harmless.map((index) => samples[index] as Sample),
    harmless.map((index) => examples[index]?.tier === 2),
  );

  const scores = new Map<number, number>();
  const shipped = [
    ...scorer.words(),
    ...[...vectors.keys()].slice(0, SHIPPED_WORDS).filter((word) => /^\p{L}+$/u.test(word)),
  ];
  for (const word of shipped) {
    const score = Math.max(-127, Math.min(127, Math.round(scorer.score(word) * WORD_SCORE_STEPS)));
    const hash = hashText(word);
    if (!scores.has(hash)) scores.set(hash, score);
  }
  const words = [...scores].sort((left, right) => left[0] - right[0]);

  const output = Buffer.alloc(modelFileBytes(words.length));
  const quantum = (head: TrainedHead): number =>
    head.sparse.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0) / 127;
  output.writeUInt32LE(MODEL_MAGIC, 0);
  output.writeUInt32LE(words.length, 8);
  const header = [
    quantum(clinical),
    clinical.bias,
    quantum(notification),
    notification.bias,
    CHOSEN_THRESHOLDS.english,
    CHOSEN_THRESHOLDS.spanish,
    CHOSEN_THRESHOLDS.notification,
    scorer.classPriors.constant,
  ];
  for (const [index, value] of header.entries()) output.writeFloatLE(value, (3 + index) * 4);
  let at = MODEL_HEADER_WORDS * 4;
  for (const value of [...scorer.classPriors.classes, ...clinical.dense, ...notification.dense])
    at = output.writeFloatLE(value, at);
  for (const head of [clinical, notification]) {
    const step = quantum(head);
    for (let bin = 0; bin < SPARSE_BINS; bin++)
      at = output.writeInt8(Math.round((head.sparse[bin] as number) / step), at);
  }
  for (const [hash] of words) at = output.writeUInt32LE(hash, at);
  for (const [, score] of words) at = output.writeInt8(score, at);
  output.writeUInt32LE(fileChecksum(output.subarray(MODEL_CHECKED_FROM)), 4);
  return output;
}
