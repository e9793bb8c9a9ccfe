import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createApi } from "#functions/http/api.ts";
import { createSealContent, createSealNote } from "#shared/adapters/content-seal.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createCompleteTask } from "#shared/adapters/dynamodb/complete-task.ts";
import { createConsentsTable } from "#shared/adapters/dynamodb/consents-table.ts";
import { createContentKeysTable } from "#shared/adapters/dynamodb/content-keys-table.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createPatientsTable } from "#shared/adapters/dynamodb/patients-table.ts";
import { createPracticeTable } from "#shared/adapters/dynamodb/practice-table.ts";
import { createRequestMemory } from "#shared/adapters/dynamodb/request-memory.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createNewDataKey } from "#shared/adapters/kms/data-keys.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { createAlertQueue } from "#shared/adapters/sqs/alert-queue.ts";
import { createPracticeClassifier } from "#shared/domain/classification/practice-classifier.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { MessagesEnvironment } from "./env.ts";
import { createRoutes } from "./handler.ts";

const env = readEnv(MessagesEnvironment);
const dynamodb = new DynamoDBClient();
const kms = new KMSClient();
const log = createLog();
const now = () => new Date();
const openReader = async (modelId: string) => {
  const { createBedrockReader } = await import("#shared/adapters/bedrock/bedrock-reader.ts");
  return createBedrockReader(modelId, log, now);
};
const classifier = createPracticeClassifier(env.PRACTICE_WORDING);
const read = createReadSnapshot(dynamodb);
const messages = createMessagesTable(env.MESSAGES_TABLE_NAME);
const practice = createPracticeTable(env.PRACTICE_TABLE_NAME);
const contentKeys = createContentKeysTable(env.CONTENT_KEYS_TABLE_NAME);
const newContentKey = createNewDataKey(kms, env.CONTENT_KEY_ARN);
const sqs = new SQSClient();
const queues = {
  bulk: createAlertQueue(sqs, env.BULK_ALERTS_QUEUE_URL),
  urgent: createAlertQueue(sqs, env.URGENT_ALERTS_QUEUE_URL),
};

export const handler = createApi(
  createRoutes({
    read,
    journal: createJournal(dynamodb, {
      table: env.AUDIT_TABLE_NAME,
      function: "messages",
      read,
      newId,
      now,
    }),
    memory: createRequestMemory(env.MESSAGES_TABLE_NAME, now),
    messages,
    patients: createPatientsTable(env.PATIENTS_TABLE_NAME),
    consents: createConsentsTable(env.CONSENTS_TABLE_NAME),
    practice,
    completeTask: createCompleteTask(env.PRACTICE_TABLE_NAME),
    pageOfMessages: async (...page) => {
      const { createPageOfMessages } = await import("#shared/adapters/dynamodb/message-pages.ts");
      return createPageOfMessages(dynamodb, messages)(...page);
    },
    classify: classifier.classify,
    classifierVersion: classifier.version,
    secondReader:
      env.SECOND_READER_MODEL_ID === undefined ? null : await openReader(env.SECOND_READER_MODEL_ID),
    sealContent: createSealContent(newContentKey, contentKeys),
    // Few messages have files.
    bindable: async (ids) => {
      const { bindAttachments, fitsMessageOfStaff } = await import("#shared/attachments/bind.ts");
      const { createAttachmentsTable } = await import("#shared/adapters/dynamodb/attachments-table.ts");
      const attachments = createAttachmentsTable(env.MESSAGES_TABLE_NAME);
      return bindAttachments({ read, attachments }, ids, fitsMessageOfStaff);
    },
    templates: async () => {
      const [{ createTemplateChoosing }, { createVocabularyTable }, { settingsDefaultOf }] =
        await Promise.all([
          import("#shared/vocabulary/chosen-template.ts"),
          import("#shared/adapters/dynamodb/vocabulary-table.ts"),
          import("#shared/practice/defaults.ts"),
        ]);
      const settingsDefault = settingsDefaultOf(env.PRACTICE_TIME_ZONE);
      const tables = { ...practice, ...createVocabularyTable(env.PRACTICE_TABLE_NAME) };
      return createTemplateChoosing({ read, ...tables, settingsDefault });
    },
    sealNote: createSealNote(newContentKey, contentKeys),
    openLinkMarks: async () => {
      const { createLinkMarks } = await import("#shared/adapters/dynamodb/link-marks.ts");
      return createLinkMarks(env.MESSAGES_TABLE_NAME);
    },
    indexMac: createMac(kms, env.INDEX_KEY_ARN),
    requestAlert: async ({ id, patientId, queue }) => {
      try {
        await queues[queue].request({ patientId, alertId: id });
      } catch (error) {
        // The alert stands in the due index: `remind` puts it on the queue.
        log.error("ALERT_DEFERRED", error, { alertId: id });
      }
    },
    practiceIdentity: {
      name: env.PRACTICE_NAME,
      phone: env.PRACTICE_PHONE,
      portalBaseUrl: env.PORTAL_BASE_URL,
      textPartsMax: env.TEXT_PARTS_MAX,
    },
    newId,
    now,
  }),
  log,
);
