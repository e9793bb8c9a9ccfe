import { type Classification, classify, type Direction } from "#shared/domain/classification/classify.ts";

/** The shipped classifier as `peers/runner.mjs` runs it, beside the peers' own in `peers/adapters.mjs`. */
export function foundphone() {
  return {
    judge: (text: string, direction: Direction): Classification => classify(text, { direction }),
    findings: ({ tier }: Classification) => ({ any: tier > 1, clinical: tier === 3 }),
  };
}
