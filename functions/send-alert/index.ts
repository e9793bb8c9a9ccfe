import { randomBytes, randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { PinpointSMSVoiceV2Client } from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createOpenPhone } from "#shared/adapters/contact-seal.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createConsentsTable } from "#shared/adapters/dynamodb/consents-table.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createTakeSlot } from "#shared/adapters/dynamodb/pace.ts";
import { createPatientsTable } from "#shared/adapters/dynamodb/patients-table.ts";
import { createPracticeTable } from "#shared/adapters/dynamodb/practice-table.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createOpenDataKey } from "#shared/adapters/kms/data-keys.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { createSendText } from "#shared/adapters/sms/send-text.ts";
import { createAlertQueue } from "#shared/adapters/sqs/alert-queue.ts";
import { createPracticeClassifier } from "#shared/domain/classification/practice-classifier.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { SendAlertEnvironment } from "./env.ts";
import { createHandler } from "./handler.ts";

const env = readEnv(SendAlertEnvironment);
const dynamodb = new DynamoDBClient();
const kms = new KMSClient();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);
const practice = createPracticeTable(env.PRACTICE_TABLE_NAME);
const sqs = new SQSClient();
const queues = {
  urgent: createAlertQueue(sqs, env.URGENT_ALERTS_QUEUE_URL),
  bulk: createAlertQueue(sqs, env.BULK_ALERTS_QUEUE_URL),
};

export const handler = createHandler(
  {
    read,
    journal: createJournal(dynamodb, {
      table: env.AUDIT_TABLE_NAME,
      function: "send-alert",
      read,
      newId,
      now,
    }),
    messages: createMessagesTable(env.MESSAGES_TABLE_NAME),
    patients: createPatientsTable(env.PATIENTS_TABLE_NAME),
    consents: createConsentsTable(env.CONSENTS_TABLE_NAME),
    practice,
    takeSlot: createTakeSlot(dynamodb, practice, {
      channel: "sms",
      // The originator's pace counts parts, and a text may have that many.
      perSecond: env.TEXTS_PER_SECOND / env.TEXT_PARTS_MAX,
      now,
    }),
    waitUntil: async (atMs) => {
      const waitMs = atMs - now().getTime();
      if (waitMs > 0) await sleep(waitMs);
    },
    requestLater: ({ id, patientId, queue }, delaySeconds) =>
      queues[queue].request({ patientId, alertId: id }, delaySeconds),
    mobilePhoneOf: createOpenPhone(createOpenDataKey(kms, env.CONTACT_KEY_ARN)),
    linkMac: createMac(kms, env.LINK_KEY_ARN),
    randomBytes,
    randomInt: (limit) => randomInt(limit),
    sendText: createSendText(
      new PinpointSMSVoiceV2Client({
        // A retried send is a second text.
        maxAttempts: 1,
        // Without the flag the SDK only warns and waits on.
        requestHandler: { connectionTimeout: 3000, requestTimeout: 10_000, throwOnRequestTimeout: true },
      }),
      {
        originationIdentity: env.ORIGINATION_IDENTITY,
        configurationSetName: env.CONFIGURATION_SET_NAME,
        protectConfigurationId: env.PROTECT_CONFIGURATION_ID,
      },
    ),
    classify: createPracticeClassifier(env.PRACTICE_WORDING).classify,
    practiceIdentity: {
      name: env.PRACTICE_NAME,
      phone: env.PRACTICE_PHONE,
      portalBaseUrl: env.PORTAL_BASE_URL,
      textPartsMax: env.TEXT_PARTS_MAX,
    },
    linkLifetimeSeconds: env.LINK_LIFETIME_SECONDS,
    now,
  },
  createLog(),
);
