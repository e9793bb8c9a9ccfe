import { randomBytes, randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { PinpointSMSVoiceV2Client } from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createOpenEmail, createOpenPhone } from "#shared/adapters/contact-seal.ts";
import { createAppointmentsTable } from "#shared/adapters/dynamodb/appointments-table.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createConsentsTable } from "#shared/adapters/dynamodb/consents-table.ts";
import { createLinkMarks } from "#shared/adapters/dynamodb/link-marks.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createNumbersTable, createOwnersOfNumber } from "#shared/adapters/dynamodb/numbers-table.ts";
import { createTakeSlot } from "#shared/adapters/dynamodb/pace.ts";
import { createPatientsTable } from "#shared/adapters/dynamodb/patients-table.ts";
import { createPracticeTable } from "#shared/adapters/dynamodb/practice-table.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createTasksTable } from "#shared/adapters/dynamodb/tasks-table.ts";
import { createVocabularyTable } from "#shared/adapters/dynamodb/vocabulary-table.ts";
import { createSealEvidence } from "#shared/adapters/evidence-seal.ts";
import { createNewDataKey, createOpenDataKey } from "#shared/adapters/kms/data-keys.ts";
import { createLinkKeys } from "#shared/adapters/kms/link-keys.ts";
import { createSendEmail } from "#shared/adapters/ses/send-email.ts";
import { createOptOutList } from "#shared/adapters/sms/opt-outs.ts";
import { createSendText } from "#shared/adapters/sms/send-text.ts";
import { createAlertQueue } from "#shared/adapters/sqs/alert-queue.ts";
import { createRecordCarrierStop } from "#shared/delivery/carrier-stop.ts";
import { settingsDefaultOf } from "#shared/practice/defaults.ts";
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
const openContactKey = createOpenDataKey(kms, env.CONTACT_KEY_ARN);
/** A retried send is a second one; without the flag the SDK only warns and waits on. */
const once = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 3000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};
const { EMAIL_FROM: from, EMAIL_CONFIGURATION_SET: configurationSet } = env;
const queues = {
  urgent: createAlertQueue(sqs, env.URGENT_ALERTS_QUEUE_URL),
  bulk: createAlertQueue(sqs, env.BULK_ALERTS_QUEUE_URL),
};

const journal = createJournal(dynamodb, {
  table: env.AUDIT_TABLE_NAME,
  function: "send-alert",
  read,
  newId,
  now,
});
const patients = createPatientsTable(env.PATIENTS_TABLE_NAME);
const numbers = createNumbersTable(env.PATIENTS_TABLE_NAME);
const consents = createConsentsTable(env.CONSENTS_TABLE_NAME);
const tasks = createTasksTable(env.PRACTICE_TABLE_NAME);
const recordCarrierStop = createRecordCarrierStop({
  read,
  journal,
  numbers,
  ownersOf: createOwnersOfNumber(dynamodb, env.PATIENTS_TABLE_NAME),
  patients,
  consents,
  tasks,
  sealEvidence: createSealEvidence(createNewDataKey(kms, env.CONTACT_KEY_ARN)),
  newId,
  now,
});
/** Only a text that is about to leave needs the classifier: alerts put off and numbers lifted do without. */
const classifier = async () => {
  const { createPracticeClassifier } = await import("#shared/domain/classification/practice-classifier.ts");
  return createPracticeClassifier(env.PRACTICE_WORDING);
};
let loading: ReturnType<typeof classifier> | undefined;

export const handler = createHandler(
  {
    read,
    journal,
    messages: {
      ...createMessagesTable(env.MESSAGES_TABLE_NAME),
      ...createLinkMarks(env.MESSAGES_TABLE_NAME),
    },
    patients,
    consents,
    practice,
    appointments: createAppointmentsTable(env.APPOINTMENTS_TABLE_NAME),
    vocabulary: createVocabularyTable(env.PRACTICE_TABLE_NAME),
    numbers,
    tasks,
    settingsDefault: settingsDefaultOf(env.PRACTICE_TIME_ZONE),
    takeSlot: createTakeSlot(dynamodb, practice, {
      channel: "sms",
      perSecond: env.TEXTS_PER_SECOND ?? null,
      now,
    }),
    waitUntil: async (atMs) => {
      const waitMs = atMs - now().getTime();
      if (waitMs > 0) await sleep(waitMs);
    },
    requestLater: ({ id, patientId, queue }, delaySeconds) =>
      queues[queue].request({ patientId, alertId: id }, delaySeconds),
    mobilePhoneOf: createOpenPhone(openContactKey),
    emailOf: createOpenEmail(openContactKey),
    linkKeys: createLinkKeys(kms, env),
    randomBytes,
    randomInt: (limit) => randomInt(limit),
    sendText: createSendText(new PinpointSMSVoiceV2Client(once), {
      originationIdentity: env.ORIGINATION_IDENTITY,
      configurationSetName: env.CONFIGURATION_SET_NAME,
      protectConfigurationId: env.PROTECT_CONFIGURATION_ID,
    }),
    sendEmail:
      from === undefined || configurationSet === undefined
        ? null
        : createSendEmail(new SESv2Client(once), { from, configurationSet }),
    recordCarrierStop: (index, requestId) =>
      recordCarrierStop(index, { actor: "function:send-alert", requestId }),
    optOutList:
      env.OPT_OUT_LIST_NAME === undefined
        ? null
        : createOptOutList(new PinpointSMSVoiceV2Client(), env.OPT_OUT_LIST_NAME),
    classifier: () => {
      loading ??= classifier();
      return loading;
    },
    practiceIdentity: {
      name: env.PRACTICE_NAME,
      phone: env.PRACTICE_PHONE,
      portalBaseUrl: env.PORTAL_BASE_URL,
      emailFrom: from,
      textPartsMax: env.TEXT_PARTS_MAX,
    },
    linkLifetimeSeconds: env.LINK_LIFETIME_SECONDS,
    newId,
    now,
  },
  createLog(),
);
