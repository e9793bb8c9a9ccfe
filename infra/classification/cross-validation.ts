import { assess, type Direction } from "#shared/domain/classification/judge.ts";
import { readModel } from "#shared/domain/classification/model.ts";
import type { LabelledText } from "./examples.ts";
import { trainModel } from "./training.ts";
import type { WordVectors } from "./word-vectors.ts";

/** Files of one side only: a model trained without one of them alone would learn the other's manner as the answer. */
const TOGETHER = ["dev-clinical", "dev-admin"];

/** A labelled text as a model judged it that has seen nothing of its file. */
export type Judged = {
  readonly example: LabelledText;
  readonly tier: 1 | 2 | 3;
  /** How far the loudest voice for tier 3 is beyond its threshold; infinite where a gate decided. */
  readonly margin: number;
  readonly confidence: number;
  readonly voices: readonly string[];
};

/** The files that are left out together: each by itself, the one-sided ones as a pair. */
export function foldsOf(examples: readonly LabelledText[]): string[][] {
  const files = [...new Set(examples.map(({ file }) => file))].filter((file) => !TOGETHER.includes(file));
  return [...files.map((file) => [file]), TOGETHER];
}

/** A text without a recorded direction is judged as the command does by default. */
export function directionOf({ direction }: LabelledText): Direction {
  return direction ?? "outbound";
}

/** Trains without each fold and judges it through the whole pipeline with the shipped thresholds. */
export function* crossValidate(
  examples: readonly LabelledText[],
  vectors: WordVectors,
): Generator<{ readonly fold: readonly string[]; readonly judged: readonly Judged[] }> {
  for (const fold of foldsOf(examples)) {
    const model = readModel(
      trainModel(
        examples.filter(({ file }) => !fold.includes(file)),
        vectors,
      ),
    );
    const judged = examples
      .filter(({ file }) => fold.includes(file))
      .map((example) => {
        const { classification, margin } = assess(model, example.text, directionOf(example));
        const { tier, confidence, reasons } = classification;
        const voices = reasons.map(({ rule, start, end }) => `${rule}: ${example.text.slice(start, end)}`);
        return { example, tier, margin, confidence, voices };
      });
    yield { fold, judged };
  }
}
