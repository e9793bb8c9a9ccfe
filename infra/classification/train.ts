/**
 * Trains shared/domain/classification/data/model.bin from corpus/*.jsonl: `node infra/classification/train.ts`.
 * The same inputs give the same bytes. `npm run eval` prints the figures.
 */
import { writeFileSync } from "node:fs";
import { readExamples } from "./examples.ts";
import { trainModel } from "./training.ts";
import { readWordVectors } from "./word-vectors.ts";

const model = trainModel(readExamples(), readWordVectors());
writeFileSync(new URL("../../shared/domain/classification/data/model.bin", import.meta.url), model);
process.stdout.write(`model.bin: ${model.length} bytes\n`);
