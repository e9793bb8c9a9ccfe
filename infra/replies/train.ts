/**
 * Trains shared/domain/replies/data/reply-model.bin from corpus/replies/*.jsonl and what patients write in
 * corpus/*.jsonl: `node infra/replies/train.ts`. The same inputs give the same bytes. `node infra/replies/evaluate.ts`
 * prints the figures.
 */
import { writeFileSync } from "node:fs";
import { encodeReplyModel } from "#shared/domain/replies/reply-model.ts";
import { allReplies, patientMessages } from "./examples.ts";
import { trainReplyModel } from "./training.ts";

const model = encodeReplyModel(trainReplyModel(allReplies(), patientMessages()));
writeFileSync(new URL("../../shared/domain/replies/data/reply-model.bin", import.meta.url), model);
process.stdout.write(`reply-model.bin: ${model.length} bytes\n`);
