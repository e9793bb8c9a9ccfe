import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createOpenName, createSealName } from "#shared/adapters/attachment-seal.ts";
import { createOpenContent, createSealContent } from "#shared/adapters/content-seal.ts";
import { createAttachmentsTable } from "#shared/adapters/dynamodb/attachments-table.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createConsentsTable } from "#shared/adapters/dynamodb/consents-table.ts";
import { createContentKeysTable } from "#shared/adapters/dynamodb/content-keys-table.ts";
import { createDisownings } from "#shared/adapters/dynamodb/disownings.ts";
import { createLinkMarks } from "#shared/adapters/dynamodb/link-marks.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createPortalReplies } from "#shared/adapters/dynamodb/portal-replies.ts";
import { createPortalSessions } from "#shared/adapters/dynamodb/portal-sessions.ts";
import { createPracticeTable } from "#shared/adapters/dynamodb/practice-table.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createTasksTable } from "#shared/adapters/dynamodb/tasks-table.ts";
import { createNewestOfThread } from "#shared/adapters/dynamodb/thread-messages.ts";
import { createSealEvidence } from "#shared/adapters/evidence-seal.ts";
import { createNewDataKey, createOpenDataKey } from "#shared/adapters/kms/data-keys.ts";
import { createLinkKeys } from "#shared/adapters/kms/link-keys.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { createAlertQueue } from "#shared/adapters/sqs/alert-queue.ts";
import { lateLinks } from "#shared/attachments/late-links.ts";
import { createNamesOf } from "#shared/attachments/shown.ts";
import { LINK_ONLY_ANSWER_MS } from "#shared/portal/limits.ts";
import { createProve } from "#shared/portal/prove.ts";
import { settingsDefaultOf } from "#shared/practice/defaults.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { PortalEnvironment } from "./env.ts";
import { createHandler } from "./handler.ts";
import { lateRoutes } from "./late-routes.ts";
import { createProofRoutes } from "./routes/proof.ts";
import { readBrand } from "./views/brand.ts";

const env = readEnv(PortalEnvironment);
const dynamodb = new DynamoDBClient();
const kms = new KMSClient();
const log = createLog();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);
const messages = {
  ...createMessagesTable(env.MESSAGES_TABLE_NAME),
  ...createLinkMarks(env.MESSAGES_TABLE_NAME),
};
const contentKeys = createContentKeysTable(env.CONTENT_KEYS_TABLE_NAME);
const attachments = createAttachmentsTable(env.MESSAGES_TABLE_NAME);

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
  linkKeys: createLinkKeys(kms, env),
  proofMac: createMac(kms, env.PROOF_KEY_ARN),
  now,
};

const consents = createConsentsTable(env.CONSENTS_TABLE_NAME);
const tasks = createTasksTable(env.PRACTICE_TABLE_NAME);
const stopping = {
  ...ports,
  consents,
  sealEvidence: createSealEvidence(createNewDataKey(kms, env.CONTACT_KEY_ARN)),
  newId,
};

const asking = {
  urgentQueue: createAlertQueue(new SQSClient(), env.URGENT_ALERTS_QUEUE_URL),
  newAlertId: (at: Date) => newId("alr", at),
  onRequestLost: (error: unknown) => log.error("REQUEST_FAILED", error, { step: "alert-queue" }),
  waitUntil: async (atMs: number) => {
    const waitMs = Math.min(atMs - now().getTime(), LINK_ONLY_ANSWER_MS);
    if (waitMs > 0) await sleep(waitMs);
  },
};

const officeHours = settingsDefaultOf(env.PRACTICE_TIME_ZONE);
const openDataKey = createOpenDataKey(kms, env.CONTENT_KEY_ARN);
const newContentKey = createNewDataKey(kms, env.CONTENT_KEY_ARN);
const classifier = async () => {
  const { createPracticeClassifier } = await import("#shared/domain/classification/practice-classifier.ts");
  return createPracticeClassifier(env.PRACTICE_WORDING);
};
const openName = createOpenName(openDataKey);
const namesOf = createNamesOf({ read, attachments, contentKeys, openName });
// Who opens and uploads no file does without S3.
const links = lateLinks(async () => {
  const { createAttachmentLinks } = await import("#shared/adapters/s3/attachment-links.ts");
  return createAttachmentLinks({ bucket: env.ATTACHMENTS_BUCKET_NAME, keyArn: env.CONTENT_KEY_ARN });
});
export const handler = createHandler({
  practice: {
    name: env.PRACTICE_NAME,
    phone: env.PRACTICE_PHONE,
    brand: readBrand(env, (file) => readFileSync(new URL(`./${file}`, import.meta.url))),
  },
  log,
  attachmentsHost: env.ATTACHMENTS_HOST,
  routes: {
    ...createProofRoutes({
      log,
      prove: createProve({
        ...ports,
        ...asking,
        randomBytes,
        tasks,
        newTaskId: (at) => newId("tsk", at),
      }),
    }),
    ...lateRoutes(
      ["GET /{token}/thread", "GET /{token}/version", "POST /{token}/replies", "POST /{token}/lock"],
      async () => {
        const { createConversationRoutes } = await import("./routes/conversation.ts");
        return createConversationRoutes({
          ...stopping,
          officeHours,
          newestOfThread: createNewestOfThread(dynamodb, messages, read),
          contentKeys,
          openContent: createOpenContent(openDataKey),
          namesOf,
          readingReplies: async () => (await import("#shared/domain/replies/read-reply.ts")).readReply,
          newFormId: () => randomBytes(16).toString("base64url"),
          replies: createPortalReplies(env.MESSAGES_TABLE_NAME),
          attachments,
          tasks,
          classifier,
          sealContent: createSealContent(newContentKey, contentKeys),
        });
      },
    ),
    ...lateRoutes(
      [
        "GET /{token}/attachments",
        "POST /{token}/attachments",
        "GET /{token}/attachments/{attachmentId}",
        "POST /{token}/attachments/{attachmentId}/removal",
      ],
      async () => {
        const { createAttachmentRoutes } = await import("./routes/attachments.ts");
        return createAttachmentRoutes({
          ...ports,
          ...links,
          attachments,
          contentKeys,
          openName,
          namesOf,
          sealName: createSealName(newContentKey, contentKeys),
          newAttachmentId: (at) => newId("att", at),
        });
      },
    ),
    ...lateRoutes(
      ["GET /{token}/preferences", "POST /{token}/preferences", "POST /{token}/wrong-person"],
      async () => {
        const { createDecisionRoutes } = await import("./routes/decisions.ts");
        return createDecisionRoutes({
          ...stopping,
          log,
          messages,
          tasks,
          disownings: createDisownings(env.MESSAGES_TABLE_NAME),
          waitUntil: asking.waitUntil,
          practiceTimeZone: env.PRACTICE_TIME_ZONE,
          pins: contentKeys,
          newTaskId: (at) => newId("tsk", at),
          randomBytes,
        });
      },
    ),
    ...lateRoutes(
      ["POST /{token}/new-link", "GET /real", "GET /{token}/unsubscribe", "POST /{token}/unsubscribe"],
      async () => {
        const { createAsideRoutes } = await import("./routes/asides.ts");
        return createAsideRoutes(
          { ...stopping, ...asking, log },
          {
            textNumbers: env.TEXT_NUMBERS?.split(",") ?? [],
            linkStart: `${new URL(env.PORTAL_BASE_URL).origin}/`,
            emailFrom: env.EMAIL_FROM ?? null,
          },
        );
      },
    ),
  },
});
