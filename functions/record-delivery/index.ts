import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createConsentsTable } from "#shared/adapters/dynamodb/consents-table.ts";
import { createLinkMarks } from "#shared/adapters/dynamodb/link-marks.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createNewestAlerts } from "#shared/adapters/dynamodb/newest-alerts.ts";
import { createNumbersTable } from "#shared/adapters/dynamodb/numbers-table.ts";
import { createPatientsTable } from "#shared/adapters/dynamodb/patients-table.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createTasksTable } from "#shared/adapters/dynamodb/tasks-table.ts";
import { createSealEvidence } from "#shared/adapters/evidence-seal.ts";
import { createNewDataKey } from "#shared/adapters/kms/data-keys.ts";
import { createAlertQueue } from "#shared/adapters/sqs/alert-queue.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { RecordDeliveryEnvironment } from "./env.ts";
import { createHandler } from "./handler.ts";

const env = readEnv(RecordDeliveryEnvironment);
const dynamodb = new DynamoDBClient();
const sqs = new SQSClient();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);
const messages = {
  ...createMessagesTable(env.MESSAGES_TABLE_NAME),
  ...createLinkMarks(env.MESSAGES_TABLE_NAME),
};
const queues = {
  urgent: createAlertQueue(sqs, env.URGENT_ALERTS_QUEUE_URL),
  bulk: createAlertQueue(sqs, env.BULK_ALERTS_QUEUE_URL),
};

export const handler = createHandler(
  {
    read,
    journal: createJournal(dynamodb, {
      table: env.AUDIT_TABLE_NAME,
      function: "record-delivery",
      read,
      newId,
      now,
    }),
    messages,
    newestAlerts: createNewestAlerts(dynamodb, messages),
    patients: createPatientsTable(env.PATIENTS_TABLE_NAME),
    numbers: createNumbersTable(env.PATIENTS_TABLE_NAME),
    consents: createConsentsTable(env.CONSENTS_TABLE_NAME),
    tasks: createTasksTable(env.PRACTICE_TABLE_NAME),
    sealEvidence: createSealEvidence(createNewDataKey(new KMSClient(), env.CONTACT_KEY_ARN)),
    requestFollowUp: ({ id, patientId, queue }) => queues[queue].request({ patientId, alertId: id }),
    newId,
    now,
  },
  createLog(),
);
