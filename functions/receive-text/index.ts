import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createSealPhone } from "#shared/adapters/contact-seal.ts";
import { createSealContent } from "#shared/adapters/content-seal.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createConsentsTable } from "#shared/adapters/dynamodb/consents-table.ts";
import { createContentKeysTable } from "#shared/adapters/dynamodb/content-keys-table.ts";
import { createInboundTable } from "#shared/adapters/dynamodb/inbound-table.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createNewestThread } from "#shared/adapters/dynamodb/newest-thread.ts";
import { createNumbersTable, createOwnersOfNumber } from "#shared/adapters/dynamodb/numbers-table.ts";
import { createPatientsTable } from "#shared/adapters/dynamodb/patients-table.ts";
import { createPracticeTable } from "#shared/adapters/dynamodb/practice-table.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createTasksTable } from "#shared/adapters/dynamodb/tasks-table.ts";
import { createSealEvidence } from "#shared/adapters/evidence-seal.ts";
import { createNewDataKey } from "#shared/adapters/kms/data-keys.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { createAlertQueue } from "#shared/adapters/sqs/alert-queue.ts";
import { settingsDefaultOf } from "#shared/practice/defaults.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { ReceiveTextEnvironment } from "./env.ts";
import { createHandler } from "./handler.ts";

const env = readEnv(ReceiveTextEnvironment);
const dynamodb = new DynamoDBClient();
const kms = new KMSClient();
const log = createLog();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);
const messages = createMessagesTable(env.MESSAGES_TABLE_NAME);
const newContactKey = createNewDataKey(kms, env.CONTACT_KEY_ARN);
// A STOP needs no classifier, and must not wait until one is loaded.
const classifier = async () => {
  const { createPracticeClassifier } = await import("#shared/domain/classification/practice-classifier.ts");
  return createPracticeClassifier(env.PRACTICE_WORDING);
};
let loading: ReturnType<typeof classifier> | undefined;
const urgent = createAlertQueue(new SQSClient(), env.URGENT_ALERTS_QUEUE_URL);

export const handler = createHandler(
  {
    read,
    journal: createJournal(dynamodb, {
      table: env.AUDIT_TABLE_NAME,
      function: "receive-text",
      read,
      newId,
      now,
    }),
    inbound: createInboundTable(env.MESSAGES_TABLE_NAME),
    numbers: createNumbersTable(env.PATIENTS_TABLE_NAME),
    ownersOf: createOwnersOfNumber(dynamodb, env.PATIENTS_TABLE_NAME),
    patients: createPatientsTable(env.PATIENTS_TABLE_NAME),
    consents: createConsentsTable(env.CONSENTS_TABLE_NAME),
    messages,
    newestThread: createNewestThread(dynamodb, messages),
    openVisits: async () => {
      const { createPatientDays } = await import("#shared/adapters/dynamodb/patient-days.ts");
      return createPatientDays(
        (input) => dynamodb.send(new QueryCommand(input)),
        env.APPOINTMENTS_TABLE_NAME,
      );
    },
    practice: createPracticeTable(env.PRACTICE_TABLE_NAME),
    tasks: createTasksTable(env.PRACTICE_TABLE_NAME),
    indexMac: createMac(kms, env.INDEX_KEY_ARN),
    sealPhone: createSealPhone(newContactKey),
    sealEvidence: createSealEvidence(newContactKey),
    sealContent: createSealContent(
      createNewDataKey(kms, env.CONTENT_KEY_ARN),
      createContentKeysTable(env.CONTENT_KEYS_TABLE_NAME),
    ),
    classifier: () => {
      loading ??= classifier();
      return loading;
    },
    requestAlert: async ({ id, patientId }) => {
      try {
        await urgent.request({ patientId, alertId: id });
      } catch (error) {
        // The alert stands in the due index: `remind` puts it on the queue.
        log.error("ALERT_DEFERRED", error, { alertId: id });
      }
    },
    rules: {
      optOuts: env.OPT_OUTS,
      optOutScope: env.OPT_OUT_SCOPE,
      officeHours: settingsDefaultOf(env.PRACTICE_TIME_ZONE),
    },
    newId,
    now,
  },
  log,
);
