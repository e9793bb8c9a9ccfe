import { createApi } from "#functions/http/api.ts";
import { createPracticeClassifier } from "#shared/domain/classification/practice-classifier.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { createLog } from "#shared/runtime/log.ts";
import { ClassificationsEnvironment } from "./env.ts";
import { createRoutes } from "./handler.ts";

const {
  PRACTICE_WORDING: wording,
  SECOND_READER_MODEL_ID: modelId,
  PRACTICE_TABLE_NAME: practiceTableName,
} = readEnv(ClassificationsEnvironment);
const classifier = createPracticeClassifier(wording);
const log = createLog();
const now = () => new Date();
const openReader = async (id: string) => {
  const { createBedrockReader } = await import("#shared/adapters/bedrock/bedrock-reader.ts");
  return createBedrockReader(id, log, now);
};
let readerAgreement: (() => Promise<boolean>) | undefined;

export const handler = createApi(
  createRoutes({
    classify: classifier.classify,
    classifierVersion: classifier.version,
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
