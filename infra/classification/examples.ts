import { readdirSync, readFileSync } from "node:fs";
import { analyse } from "#shared/domain/classification/analysis.ts";
import {
  denseFeatures,
  modelWord,
  stretchBins,
  tokenFeatures,
  UNKNOWN_WORD,
} from "#shared/domain/classification/features.ts";
import type { Direction } from "#shared/domain/classification/judge.ts";
import { stretchesOf } from "#shared/domain/classification/stretches.ts";
import type { Sample } from "./logistic.ts";
import type { Example, WordScorer } from "./word-scores.ts";

const CORPUS = new URL("../../corpus/", import.meta.url);

/** A labelled text with what reports need of it. */
export type LabelledText = Example & {
  readonly text: string;
  readonly category: string;
  /** Who wrote it, where the corpus says so. */
  readonly direction?: Direction;
};

/** Reads all labelled texts of corpus/ in a fixed order. */
export function readExamples(): LabelledText[] {
  return readdirSync(CORPUS)
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .flatMap((name) =>
      readFileSync(new URL(name, CORPUS), "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => {
          const record: Pick<LabelledText, "text" | "tier" | "category" | "lang" | "direction"> =
            JSON.parse(line);
          const analysis = analyse(record.text);
          return {
            ...record,
            analysis,
            words: analysis.tokens.map((token) => modelWord(token.word)),
            file: name.replace(".jsonl", ""),
          };
        }),
    );
}

/** Features of each stretch of an example; `ownTier` leaves the example out of its own word scores (training). */
export function toSamples({ analysis, words }: Example, scorer: WordScorer, ownTier?: 1 | 2 | 3): Sample[] {
  const known = words.map(
    (word, index) =>
      word.startsWith("#") || analysis.entries[index] !== undefined || scorer.known(word, ownTier),
  );
  const features = tokenFeatures(
    analysis,
    words.map((word, index) => (known[index] === true ? word : UNKNOWN_WORD)),
  );
  const scores = words.map((word, index) =>
    scorer.score(known[index] === true ? word : UNKNOWN_WORD, ownTier),
  );
  const { whole, parts } = stretchesOf(analysis);
  if (whole[1] === whole[0]) return [];
  return [whole, ...parts].map(([from, to]) => {
    const bins = stretchBins(features, from, to);
    return {
      bins,
      scale: 1 / Math.sqrt(bins.length),
      dense: denseFeatures(analysis, { scores, known }, from, to),
    };
  });
}
