import { findingKey } from "#shared/domain/classification/analysis.ts";
import { SPARSE_BINS } from "#shared/domain/classification/features.ts";
import { fileChecksum } from "#shared/domain/classification/file-checksum.ts";
import {
  MODEL_CHECKED_FROM,
  MODEL_HEADER_WORDS,
  MODEL_MAGIC,
  MODEL_NUMBERS,
  MODEL_NUMBERS_AT,
  type ModelNumber,
  modelFileBytes,
  WORD_SCORE_STEPS,
} from "#shared/domain/classification/model-format.ts";
import { hashText } from "#shared/domain/classification/word-hash.ts";
import { toSamples } from "./examples.ts";
import { type TrainedHead, trainHead } from "./logistic.ts";
import { CHOSEN_NUMBERS } from "./thresholds.ts";
import { type Example, learnWordScores } from "./word-scores.ts";
import type { WordVectors } from "./word-vectors.ts";

/** A finding in at least this share of harmless texts among all that hold it cannot decide alone. */
const CONTESTED_SHARE = 0.12;

/** Hashes of the findings that harmless texts hold too, sorted. */
function contestedFindings(examples: readonly Example[]): number[] {
  const counts = new Map<string, { harmless: number; all: number }>();
  for (const { analysis, tier } of examples) {
    const keys = new Set(
      analysis.findings
        .filter((finding) => finding.tier === 3)
        .map((finding) => findingKey(analysis, finding)),
    );
    for (const key of keys) {
      const count = counts.get(key) ?? { harmless: 0, all: 0 };
      count.all++;
      if (tier < 3) count.harmless++;
      counts.set(key, count);
    }
  }
  const contested = [...counts].filter(
    ([, { harmless, all }]) => harmless > 0 && harmless / all >= CONTESTED_SHARE,
  );
  return [...new Set(contested.map(([key]) => hashText(key)))].sort((left, right) => left - right);
}

/** Trains both heads and the word scores and gives the bytes of a model file. The same inputs give the same bytes. */
export function trainModel(examples: readonly Example[], vectors: WordVectors): Uint8Array {
  const scorer = learnWordScores(examples, vectors);
  const texts = examples.map((example) => toSamples(example, scorer, example.tier));
  const clinical = trainHead(
    texts,
    examples.map(({ tier }) => tier === 3),
  );
  const harmless = examples.flatMap(({ tier }, index) => (tier === 3 ? [] : [index]));
  const notification = trainHead(
    harmless.map((index) => (texts[index] ?? []).slice(0, 1)),
    harmless.map((index) => examples[index]?.tier === 2),
  );

  const scores = new Map<number, number>();
  for (const word of scorer.words()) {
    const score = Math.max(-127, Math.min(127, Math.round(scorer.score(word) * WORD_SCORE_STEPS)));
    const hash = hashText(word);
    if (!scores.has(hash)) scores.set(hash, score);
  }
  const words = [...scores].sort((left, right) => left[0] - right[0]);

  const contested = contestedFindings(examples);
  const output = Buffer.alloc(modelFileBytes(words.length, contested.length));
  const quantum = (head: TrainedHead): number =>
    head.sparse.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0) / 127;
  const numbers: Record<ModelNumber, number> = {
    ...CHOSEN_NUMBERS,
    clinicalScale: quantum(clinical),
    clinicalBias: clinical.bias,
    notificationScale: quantum(notification),
    notificationBias: notification.bias,
    wordConstant: scorer.classPriors.constant,
  };
  output.writeUInt32LE(MODEL_MAGIC, 0);
  output.writeUInt32LE(words.length, 8);
  output.writeUInt32LE(contested.length, 12);
  for (const [index, name] of MODEL_NUMBERS.entries())
    output.writeFloatLE(numbers[name], (MODEL_NUMBERS_AT + index) * 4);
  let at = MODEL_HEADER_WORDS * 4;
  for (const value of [...scorer.classPriors.classes, ...clinical.dense, ...notification.dense])
    at = output.writeFloatLE(value, at);
  for (const head of [clinical, notification]) {
    const step = quantum(head);
    for (let bin = 0; bin < SPARSE_BINS; bin++)
      at = output.writeInt8(Math.round((head.sparse[bin] as number) / step), at);
  }
  for (const hash of contested) at = output.writeUInt32LE(hash, at);
  for (const [hash] of words) at = output.writeUInt32LE(hash, at);
  for (const [, score] of words) at = output.writeInt8(score, at);
  output.writeUInt32LE(fileChecksum(output.subarray(MODEL_CHECKED_FROM)), 4);
  return output;
}
