import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createApi } from "#functions/http/api.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createConsentLedger, createConsentsTable } from "#shared/adapters/dynamodb/consents-table.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createNumbersTable } from "#shared/adapters/dynamodb/numbers-table.ts";
import { createPatientsTable } from "#shared/adapters/dynamodb/patients-table.ts";
import { createPracticeTable } from "#shared/adapters/dynamodb/practice-table.ts";
import { createRequestMemory } from "#shared/adapters/dynamodb/request-memory.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createOpenEvidence, createSealEvidence } from "#shared/adapters/evidence-seal.ts";
import { createNewDataKey, createOpenDataKey } from "#shared/adapters/kms/data-keys.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { createAlertQueue } from "#shared/adapters/sqs/alert-queue.ts";
import { settingsDefaultOf } from "#shared/practice/defaults.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { ConsentsEnvironment } from "./env.ts";
import { createRoutes } from "./handler.ts";

const env = readEnv(ConsentsEnvironment);
const dynamodb = new DynamoDBClient();
const kms = new KMSClient();
const log = createLog();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);
const urgent = createAlertQueue(new SQSClient(), env.URGENT_ALERTS_QUEUE_URL);

export const handler = createApi(
  createRoutes({
    read,
    journal: createJournal(dynamodb, {
      table: env.AUDIT_TABLE_NAME,
      function: "consents",
      read,
      newId,
      now,
    }),
    memory: createRequestMemory(env.CONSENTS_TABLE_NAME, now),
    patients: createPatientsTable(env.PATIENTS_TABLE_NAME),
    consents: createConsentsTable(env.CONSENTS_TABLE_NAME),
    numbers: createNumbersTable(env.PATIENTS_TABLE_NAME),
    messages: createMessagesTable(env.MESSAGES_TABLE_NAME),
    practice: createPracticeTable(env.PRACTICE_TABLE_NAME),
    ledger: createConsentLedger(dynamodb, env.CONSENTS_TABLE_NAME),
    indexMac: createMac(kms, env.INDEX_KEY_ARN),
    sealEvidence: createSealEvidence(createNewDataKey(kms, env.CONTACT_KEY_ARN)),
    openEvidence: createOpenEvidence(createOpenDataKey(kms, env.CONTACT_KEY_ARN)),
    requestAlert: async ({ id, patientId }) => {
      try {
        await urgent.request({ patientId, alertId: id });
      } catch (error) {
        // The alert stands in the due index: `remind` puts it on the queue.
        log.error("ALERT_DEFERRED", error, { alertId: id });
      }
    },
    settingsDefault: settingsDefaultOf(env.PRACTICE_TIME_ZONE),
    optOuts: env.OPT_OUTS,
    newId,
    now,
  }),
  log,
);
