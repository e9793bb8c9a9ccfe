import { performance } from "node:perf_hooks";
import { classify } from "#shared/domain/classification/classify.ts";
import type { Direction } from "#shared/domain/classification/judge.ts";
import { seededRandom } from "./logistic.ts";
import { TRANSFORMATIONS, type Transformation } from "./metamorphic.ts";

const PROGRESS_MS = 5000;

/** A text that the shipped classifier calls above tier 1. */
export type RaisedText = {
  readonly text: string;
  readonly direction: Direction;
  readonly tier: 2 | 3;
};

/** What changing texts in one way did to their tiers. */
export type TransformationResult = {
  readonly name: string;
  readonly cases: number;
  /** How many were judged lower than the text as it was written. */
  readonly lowered: number;
  /** How many of them are of tier 3 as they were written. */
  readonly loweredFromClinical: number;
  /** What classifying a changed text takes, on average. */
  readonly microseconds: number;
};

/** Judges texts as they are and keeps those above tier 1. */
export function raisedTexts(
  texts: Iterable<{ readonly text: string; readonly direction: Direction }>,
): RaisedText[] {
  return [...texts].flatMap(({ text, direction }) => {
    const { tier } = classify(text, { direction });
    return tier === 1 ? [] : [{ text, direction, tier }];
  });
}

/**
 * Changes texts in every way that must not lower a tier, and judges them again. The cases are spread evenly over the
 * transformations, and within one over the texts: each round over them has a seed of its own. What a change leaves as
 * it was is no case; a transformation that leaves nothing to chance goes over the texts once, and the cases that it
 * does not need are the others'.
 */
export function runMetamorphic(
  texts: readonly RaisedText[],
  cases: number,
  announce: (done: number) => void = () => undefined,
): TransformationResult[] {
  // Those of one round first: what they leave is then known.
  const byChance = (change: Transformation): number => (change.length < 2 ? 0 : 1);
  const waiting = Object.entries(TRANSFORMATIONS).toSorted(
    ([, left], [, right]) => byChance(left) - byChance(right),
  );
  const results = new Map<string, TransformationResult>();
  let done = 0;
  let announcedAt = performance.now();
  for (const [place, [name, change]] of waiting.entries()) {
    const quota = Math.round((cases - done) / (waiting.length - place));
    const result = runOne(name, change, texts, quota, place, (soFar) => {
      if (performance.now() - announcedAt < PROGRESS_MS) return;
      announcedAt = performance.now();
      announce(done + soFar);
    });
    results.set(name, result);
    done += result.cases;
  }
  return Object.keys(TRANSFORMATIONS).flatMap((name) => results.get(name) ?? []);
}

function runOne(
  name: string,
  change: Transformation,
  texts: readonly RaisedText[],
  quota: number,
  place: number,
  progress: (cases: number) => void,
): TransformationResult {
  const rounds = change.length < 2 ? 1 : Number.POSITIVE_INFINITY;
  let count = 0;
  let lowered = 0;
  let loweredFromClinical = 0;
  let milliseconds = 0;
  for (let round = 0; round < rounds && count < quota; round++) {
    const before = count;
    const random = seededRandom(place * 100_003 + round);
    for (const { text, direction, tier } of texts) {
      const changed = change(text, random);
      if (changed === text) continue;
      const start = performance.now();
      const now = classify(changed, { direction }).tier;
      milliseconds += performance.now() - start;
      count++;
      if (now < tier) {
        lowered++;
        if (tier === 3) loweredFromClinical++;
      }
      progress(count);
      if (count >= quota) break;
    }
    if (count === before) break;
  }
  const microseconds = count === 0 ? 0 : (milliseconds * 1000) / count;
  return { name, cases: count, lowered, loweredFromClinical, microseconds };
}

/** The results and their sum: a Markdown table. */
export function metamorphicTable(results: readonly TransformationResult[]): string {
  const sum = (key: "cases" | "lowered" | "loweredFromClinical"): number =>
    results.reduce((total, result) => total + result[key], 0);
  const cases = sum("cases");
  const microseconds =
    results.reduce((total, result) => total + result.microseconds * result.cases, 0) / Math.max(1, cases);
  const all: TransformationResult = {
    name: "all",
    cases,
    lowered: sum("lowered"),
    loweredFromClinical: sum("loweredFromClinical"),
    microseconds,
  };
  return [
    "| transformation | cases | judged lower | of them tier 3 | share lower | µs per case |",
    "|---|---|---|---|---|---|",
    ...[...results, all].map(
      (result) =>
        `| ${result.name} | ${result.cases} | ${result.lowered} | ${result.loweredFromClinical} | ` +
        `${((100 * result.lowered) / Math.max(1, result.cases)).toFixed(3)} % | ${result.microseconds.toFixed(0)} |`,
    ),
  ].join("\n");
}
