import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { classify } from "#shared/domain/classification/classify.ts";
import { readModel } from "#shared/domain/classification/model.ts";
import { readExamples } from "./examples.ts";
import { percentile } from "./percentile.ts";

/** Characters of the longest text that the percentiles are about. */
const SHORT_TEXT_UNITS = 320;
const WARM_UP_ROUNDS = 3;
const ROUNDS = 5;

/** What a run of {@link benchClassifier} measured. */
export type ClassifierBench = {
  readonly texts: number;
  readonly p50Microseconds: number;
  readonly p99Microseconds: number;
  /** Reading and checking model.bin once more in a warm process. */
  readonly modelLoadMilliseconds: number;
  readonly dataBytes: number;
  /** The slowest of several hostile texts of 20,000 characters. */
  readonly longestTextMilliseconds: number;
};

/** Measures the classifier over the labelled texts of at most 320 characters and over hostile long texts. */
export function benchClassifier(): ClassifierBench {
  const texts = readExamples()
    .map(({ text }) => text)
    .filter((text) => text.length <= SHORT_TEXT_UNITS);
  const times: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    for (const text of texts) {
      const start = performance.now();
      classify(text, { direction: "outbound" });
      if (round >= WARM_UP_ROUNDS) times.push((performance.now() - start) * 1000);
    }
  }
  times.sort((left, right) => left - right);

  const data = (name: string): Buffer =>
    readFileSync(new URL(`../../shared/domain/classification/data/${name}`, import.meta.url));
  const loadStart = performance.now();
  readModel(data("model.bin"));
  const modelLoadMilliseconds = performance.now() - loadStart;

  const hostile = [
    "a ",
    "cancer. ",
    "x1 ",
    "q.w.e.r.t.",
    "aaaaaaaaaa ",
    "her results are her results are ",
    "метф ",
    "\u200b\u00ad",
    "1/2 120/80 ",
    "new ",
    "unos análisis salieron bien. ",
  ].map((piece) => piece.repeat(Math.ceil(20_000 / piece.length)).slice(0, 20_000));
  let longestTextMilliseconds = 0;
  for (const text of hostile) {
    const start = performance.now();
    classify(text, { direction: "inbound" });
    longestTextMilliseconds = Math.max(longestTextMilliseconds, performance.now() - start);
  }
  return {
    texts: texts.length,
    p50Microseconds: percentile(times, 0.5),
    p99Microseconds: percentile(times, 0.99),
    modelLoadMilliseconds,
    dataBytes: data("lexicon.bin").length + data("model.bin").length,
    longestTextMilliseconds,
  };
}
