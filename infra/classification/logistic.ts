import { DENSE_COUNT, SPARSE_BINS } from "#shared/domain/classification/features.ts";

/** One stretch of a training text as the model sees it; sparse features all weigh `scale`. */
export type Sample = {
  readonly bins: readonly number[];
  readonly scale: number;
  readonly dense: Float64Array;
};

/** Weights of a trained head. */
export type TrainedHead = {
  readonly sparse: Float64Array;
  readonly dense: Float64Array;
  readonly bias: number;
};

const EPOCHS = 12;
const RATE = 0.15;
const SPARSE_PENALTY = 2e-5;
const DENSE_PENALTY = 1e-5;

/** A small seeded generator (mulberry32), so that training is reproducible. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The log-odds that a head gives a sample. */
export function decide(head: TrainedHead, { bins, scale, dense }: Sample): number {
  let sum = 0;
  for (let i = 0; i < bins.length; i++) sum += head.sparse[bins[i] as number] as number;
  let score = head.bias + sum * scale;
  for (let i = 0; i < DENSE_COUNT; i++) score += (head.dense[i] as number) * (dense[i] as number);
  return score;
}

/**
 * Logistic regression by AdaGrad over shuffled texts; the same inputs give the same weights. A text is one or more
 * stretches: the one that scores highest counts, as it does when texts are judged.
 */
export function trainHead(texts: readonly (readonly Sample[])[], labels: readonly boolean[]): TrainedHead {
  const sparse = new Float64Array(SPARSE_BINS);
  const sparseSquares = new Float64Array(SPARSE_BINS).fill(0.05);
  const dense = new Float64Array(DENSE_COUNT);
  const denseSquares = new Float64Array(DENSE_COUNT).fill(1);
  let bias = 0;
  let biasSquares = 1;
  const random = seededRandom(7);
  const order = texts.map((_, index) => index);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j] as number, order[i] as number];
    }
    for (const index of order) {
      const head = { sparse, dense, bias };
      let sample: Sample | undefined;
      let score = -Infinity;
      for (const stretch of texts[index] ?? []) {
        const own = decide(head, stretch);
        if (own <= score) continue;
        score = own;
        sample = stretch;
      }
      if (sample === undefined) continue;
      const error = 1 / (1 + Math.exp(-score)) - (labels[index] === true ? 1 : 0);
      for (const bin of sample.bins) {
        const gradient = error * sample.scale + SPARSE_PENALTY * (sparse[bin] as number);
        sparseSquares[bin] = (sparseSquares[bin] as number) + gradient * gradient;
        sparse[bin] = (sparse[bin] as number) - (RATE * gradient) / Math.sqrt(sparseSquares[bin] as number);
      }
      for (let i = 0; i < DENSE_COUNT; i++) {
        const value = sample.dense[i] as number;
        if (value === 0) continue;
        const gradient = error * value + DENSE_PENALTY * (dense[i] as number);
        denseSquares[i] = (denseSquares[i] as number) + gradient * gradient;
        dense[i] = (dense[i] as number) - (0.5 * RATE * gradient) / Math.sqrt(denseSquares[i] as number);
      }
      biasSquares += error * error;
      bias -= (RATE * error) / Math.sqrt(biasSquares);
    }
  }
  return { sparse, dense, bias };
}
