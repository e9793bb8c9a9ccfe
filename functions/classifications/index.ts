import { createApi } from "#functions/http/api.ts";
import { CLASSIFIER_VERSION, classify } from "#shared/domain/classification/classify.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { createLog } from "#shared/runtime/log.ts";
import { ClassificationsEnvironment } from "./env.ts";
import { createRoutes } from "./handler.ts";

const { SECOND_READER_MODEL_ID: modelId, PRACTICE_TABLE_NAME: practiceTableName } =
  readEnv(ClassificationsEnvironment);
const log = createLog();
const now = () => new Date();
const openReader = async (id: string) => {
  const { createBedrockReader } = await import("#shared/adapters/bedrock/bedrock-reader.ts");
  return createBedrockReader(id, log, now);
};
let readerAgreement: (() => Promise<boolean>) | undefined;

export const handler = createApi(
  createRoutes({
    classify,
    classifierVersion: CLASSIFIER_VERSION,
    secondReader: modelId === undefined ? null : await openReader(modelId),
    hasAgreement: async () => {
      if (practiceTableName === undefined) return false;
      if (readerAgreement === undefined) {
        // Only a stage with a second reader has the table, so no other loads its client.
        const { createReaderAgreement } = await import("#shared/adapters/dynamodb/vendor-agreement.ts");
        readerAgreement = createReaderAgreement(practiceTableName, now);
      }
      return readerAgreement();
    },
  }),
  log,
);
