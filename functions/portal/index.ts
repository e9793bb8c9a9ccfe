import { randomBytes } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createOpenContent } from "#shared/adapters/content-seal.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createConsentsTable } from "#shared/adapters/dynamodb/consents-table.ts";
import { createContentKeysTable } from "#shared/adapters/dynamodb/content-keys-table.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createPortalSessions } from "#shared/adapters/dynamodb/portal-sessions.ts";
import { createPracticeTable } from "#shared/adapters/dynamodb/practice-table.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createNewestOfThread } from "#shared/adapters/dynamodb/thread-messages.ts";
import { createSealEvidence } from "#shared/adapters/evidence-seal.ts";
import { createNewDataKey, createOpenDataKey } from "#shared/adapters/kms/data-keys.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { createAlertQueue } from "#shared/adapters/sqs/alert-queue.ts";
import { createLock } from "#shared/portal/lock.ts";
import { createProve } from "#shared/portal/prove.ts";
import { createReadThread } from "#shared/portal/read-thread.ts";
import { createStopTexts } from "#shared/portal/stop-texts.ts";
import { createUnsubscribe } from "#shared/portal/unsubscribe.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { PortalEnvironment } from "./env.ts";
import { createHandler } from "./handler.ts";
import { createLockRoutes } from "./routes/lock.ts";
import { createPreferencesRoutes } from "./routes/preferences.ts";
import { createProofRoutes } from "./routes/proof.ts";
import { createThreadRoutes } from "./routes/thread.ts";
import { createUnsubscribeRoutes } from "./routes/unsubscribe.ts";

const env = readEnv(PortalEnvironment);
const dynamodb = new DynamoDBClient();
const kms = new KMSClient();
const log = createLog();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);
const messages = createMessagesTable(env.MESSAGES_TABLE_NAME);
const contentKeys = createContentKeysTable(env.CONTENT_KEYS_TABLE_NAME);

const ports = {
  read,
  journal: createJournal(dynamodb, {
    table: env.AUDIT_TABLE_NAME,
    function: "portal",
    read,
    newId,
    now,
  }),
  messages,
  portal: createPortalSessions(env.MESSAGES_TABLE_NAME),
  practice: createPracticeTable(env.PRACTICE_TABLE_NAME),
  verifiers: contentKeys,
  linkMac: createMac(kms, env.LINK_KEY_ARN),
  proofMac: createMac(kms, env.PROOF_KEY_ARN),
  now,
};

const consents = createConsentsTable(env.CONSENTS_TABLE_NAME);
const stopping = {
  ...ports,
  consents,
  sealEvidence: createSealEvidence(createNewDataKey(kms, env.CONTACT_KEY_ARN)),
  newId,
};

export const handler = createHandler({
  practice: { name: env.PRACTICE_NAME, phone: env.PRACTICE_PHONE },
  log,
  routes: {
    ...createProofRoutes({
      log,
      prove: createProve({
        ...ports,
        urgentQueue: createAlertQueue(new SQSClient(), env.URGENT_ALERTS_QUEUE_URL),
        randomBytes,
        newAlertId: (at) => newId("alr", at),
        onRequestLost: (error) => log.error("REQUEST_FAILED", error, { step: "alert-queue" }),
      }),
    }),
    ...createThreadRoutes({
      readThread: createReadThread({
        ...ports,
        practiceTimeZone: env.PRACTICE_TIME_ZONE,
        consents,
        newestOfThread: createNewestOfThread(dynamodb, messages, read),
        contentKeys,
        openContent: createOpenContent(createOpenDataKey(kms, env.CONTENT_KEY_ARN)),
      }),
    }),
    ...createLockRoutes({ lock: createLock(ports) }),
    ...createPreferencesRoutes({ stopTexts: createStopTexts(stopping) }),
    ...createUnsubscribeRoutes({ unsubscribe: createUnsubscribe(stopping) }),
  },
});
