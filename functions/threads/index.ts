import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { createApi } from "#functions/http/api.ts";
import { createOpenName } from "#shared/adapters/attachment-seal.ts";
import { createOpenContent, createOpenNote, createSealNote } from "#shared/adapters/content-seal.ts";
import { createAttachmentsTable } from "#shared/adapters/dynamodb/attachments-table.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createContentKeysTable } from "#shared/adapters/dynamodb/content-keys-table.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createRequestMemory } from "#shared/adapters/dynamodb/request-memory.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createNewestOfThread, createNotesOf } from "#shared/adapters/dynamodb/thread-messages.ts";
import { createThreadsIn } from "#shared/adapters/dynamodb/threads-queries.ts";
import { createNewDataKey, createOpenDataKey } from "#shared/adapters/kms/data-keys.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { lateLinks } from "#shared/attachments/late-links.ts";
import { createListedOf } from "#shared/attachments/shown.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { ThreadsEnvironment } from "./env.ts";
import { createRoutes } from "./handler.ts";

const env = readEnv(ThreadsEnvironment);
const dynamodb = new DynamoDBClient();
const kms = new KMSClient();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);
const messages = createMessagesTable(env.MESSAGES_TABLE_NAME);
const contentKeys = createContentKeysTable(env.CONTENT_KEYS_TABLE_NAME);
const openDataKey = createOpenDataKey(kms, env.CONTENT_KEY_ARN);

const naming = {
  read,
  attachments: createAttachmentsTable(env.MESSAGES_TABLE_NAME),
  contentKeys,
  openName: createOpenName(openDataKey),
};
const { signDownload } = lateLinks(async () => {
  const { createAttachmentLinks } = await import("#shared/adapters/s3/attachment-links.ts");
  return createAttachmentLinks({ bucket: env.ATTACHMENTS_BUCKET_NAME, keyArn: env.CONTENT_KEY_ARN });
});

export const handler = createApi(
  createRoutes({
    journal: createJournal(dynamodb, {
      table: env.AUDIT_TABLE_NAME,
      function: "threads",
      read,
      newId,
      now,
    }),
    memory: createRequestMemory(env.MESSAGES_TABLE_NAME, now),
    indexMac: createMac(kms, env.INDEX_KEY_ARN),
    messages,
    ...naming,
    signDownload,
    listedOf: createListedOf(naming),
    threadsIn: createThreadsIn(dynamodb, messages),
    newestOfThread: createNewestOfThread(dynamodb, messages, read),
    notesOf: createNotesOf(dynamodb, messages, read),
    openContent: createOpenContent(openDataKey),
    openNote: createOpenNote(openDataKey),
    sealNote: createSealNote(createNewDataKey(kms, env.CONTENT_KEY_ARN), contentKeys),
    newId,
    now,
  }),
  createLog(),
);
