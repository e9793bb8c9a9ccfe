import type { ReplyFeatures } from "#shared/domain/replies/reply-features.ts";
import {
  HEAD_BINS,
  type HeadName,
  type ReplyHead,
  type ReplyModel,
  scoreOf,
} from "#shared/domain/replies/reply-model.ts";
import { seededRandom } from "../classification/logistic.ts";
import type { Example } from "./examples.ts";

const EPOCHS = 14;
const SEEDS = [7, 11, 13];
const RATE = 0.15;
const PENALTY = 0.002;
/** The first squares of AdaGrad: the larger, the slower it begins. */
const FIRST_SQUARES = 0.1;
/** Errors so small teach nothing and cost time. */
const ERROR_MIN = 0.003;
/** A message scored above this by a head trained on replies alone may well be a case of it, and is left out. */
const DOUBTFUL_SCORES: Readonly<Record<HeadName, number>> = { revokes: 2, selfHarm: -1, emergency: -1 };
/** Log-odds from which the answer is yes; README.md says what they cost. */
const THRESHOLDS: Readonly<Record<HeadName, number>> = { revokes: 0.25, selfHarm: 0.5, emergency: 0.5 };

const ANSWERS: Readonly<Record<HeadName, (example: Example) => boolean>> = {
  revokes: ({ revokes }) => revokes,
  selfHarm: ({ distress }) => distress === "self-harm",
  emergency: ({ distress }) => distress === "emergency",
};

type Weights = { readonly weights: Float64Array; readonly bias: number };

/** Logistic regression by AdaGrad over shuffled texts; the same examples give the same weights. */
function weightsOf(examples: readonly Example[], name: HeadName, seed: number): Weights {
  const weights = new Float64Array(HEAD_BINS[name]);
  const squares = new Float64Array(HEAD_BINS[name]).fill(FIRST_SQUARES);
  let bias = 0;
  let biasSquares = 1;
  const random = seededRandom(seed);
  const order = [...examples];
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j] as Example, order[i] as Example];
    }
    for (const example of order) {
      const { features, weight } = example;
      const score = scoreOf({ weights, step: 1, bias, threshold: 0 }, features);
      const error = (1 / (1 + Math.exp(-score)) - (ANSWERS[name](example) ? 1 : 0)) * weight;
      if (Math.abs(error) < ERROR_MIN) continue;
      learn(weights, squares, features, error);
      biasSquares += error * error;
      bias -= (RATE * error) / Math.sqrt(biasSquares);
    }
  }
  return { weights, bias };
}

function learn(weights: Float64Array, squares: Float64Array, features: ReplyFeatures, error: number): void {
  const { hashes, values } = features;
  const mask = weights.length - 1;
  for (let i = 0; i < hashes.length; i++) {
    const bin = (hashes[i] as number) & mask;
    const gradient = error * (values[i] as number) + PENALTY * (weights[bin] as number);
    squares[bin] = (squares[bin] as number) + gradient * gradient;
    weights[bin] = (weights[bin] as number) - (RATE * gradient) / Math.sqrt(squares[bin] as number);
  }
}

/** The mean of fits that see the examples in different orders: steadier than one. */
function steadyWeightsOf(examples: readonly Example[], name: HeadName): Weights {
  const fits = SEEDS.map((seed) => weightsOf(examples, name, seed));
  const mean = (of: (weights: Weights) => number): number =>
    fits.reduce((sum, one) => sum + of(one), 0) / fits.length;
  const weights = Float64Array.from({ length: HEAD_BINS[name] }, (_, bin) =>
    mean((one) => one.weights[bin] as number),
  );
  return { weights, bias: mean(({ bias }) => bias) };
}

/** The weights in whole steps from -127 to 127. */
function inSteps({ weights, bias }: Weights, threshold: number): ReplyHead {
  let largest = 0;
  for (const weight of weights) largest = Math.max(largest, Math.abs(weight));
  const step = largest / 127;
  return { weights: Int8Array.from(weights, (weight) => Math.round(weight / step)), step, bias, threshold };
}

function trainHead(name: HeadName, replies: readonly Example[], messages: readonly Example[]): ReplyHead {
  const first = inSteps(weightsOf(replies, name, 7), 0);
  const harmless = messages.filter(({ features }) => scoreOf(first, features) <= DOUBTFUL_SCORES[name]);
  return inSteps(steadyWeightsOf([...replies, ...harmless], name), THRESHOLDS[name]);
}

/** A model of `replies` and of those `messages` that surely are harmless. */
export function trainReplyModel(replies: readonly Example[], messages: readonly Example[]): ReplyModel {
  return {
    revokes: trainHead("revokes", replies, messages),
    selfHarm: trainHead("selfHarm", replies, messages),
    emergency: trainHead("emergency", replies, messages),
  };
}
