import { benchClassifier } from "../classification/bench.ts";
import { type Report, verdict } from "./report.ts";

const P50_MICROSECONDS_MAX = 50;
const P99_MICROSECONDS_MAX = 300;
const LOAD_MS_MAX = 10;
const DATA_BYTES_MAX = 2 * 1024 * 1024;

/** How long the classifier takes for a text, and what it needs to start. */
export function reportClassifierSpeed(): Report {
  const {
    texts,
    p50Microseconds,
    p99Microseconds,
    modelLoadMilliseconds,
    dataBytes,
    longestTextMilliseconds,
  } = benchClassifier();
  const megabytes = dataBytes / 1024 / 1024;
  return {
    name: "Classifier",
    title: `${String(texts)} labelled texts of at most 320 characters`,
    columns: ["what", "figure", "target"],
    rows: [
      {
        cells: [
          "a text, median",
          `${p50Microseconds.toFixed(0)} µs`,
          `<= ${String(P50_MICROSECONDS_MAX)} µs`,
        ],
        verdict: verdict(p50Microseconds <= P50_MICROSECONDS_MAX),
      },
      {
        cells: [
          "a text, 99th percentile",
          `${p99Microseconds.toFixed(0)} µs`,
          `<= ${String(P99_MICROSECONDS_MAX)} µs`,
        ],
        verdict: verdict(p99Microseconds <= P99_MICROSECONDS_MAX),
      },
      {
        cells: [
          "reading the model",
          `${modelLoadMilliseconds.toFixed(1)} ms`,
          `<= ${String(LOAD_MS_MAX)} ms`,
        ],
        verdict: verdict(modelLoadMilliseconds <= LOAD_MS_MAX),
      },
      {
        cells: ["data", `${megabytes.toFixed(2)} MB`, "<= 2 MB"],
        verdict: verdict(dataBytes <= DATA_BYTES_MAX),
      },
      {
        cells: [
          "slowest hostile text of 20,000 characters",
          `${longestTextMilliseconds.toFixed(0)} ms`,
          "none",
        ],
        verdict: undefined,
      },
    ],
  };
}
