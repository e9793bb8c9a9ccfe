import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { createApi } from "#functions/http/api.ts";
import { createSealName } from "#shared/adapters/attachment-seal.ts";
import { createAttachmentsTable } from "#shared/adapters/dynamodb/attachments-table.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createContentKeysTable } from "#shared/adapters/dynamodb/content-keys-table.ts";
import { createRequestMemory } from "#shared/adapters/dynamodb/request-memory.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createNewDataKey } from "#shared/adapters/kms/data-keys.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { lateLinks } from "#shared/attachments/late-links.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { AttachmentsEnvironment } from "./env.ts";
import { createRoutes } from "./handler.ts";

const env = readEnv(AttachmentsEnvironment);
const dynamodb = new DynamoDBClient();
const kms = new KMSClient();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);
const contentKeys = createContentKeysTable(env.CONTENT_KEYS_TABLE_NAME);
const { signUpload } = lateLinks(async () => {
  const { createAttachmentLinks } = await import("#shared/adapters/s3/attachment-links.ts");
  return createAttachmentLinks({ bucket: env.ATTACHMENTS_BUCKET_NAME, keyArn: env.CONTENT_KEY_ARN });
});

export const handler = createApi(
  createRoutes({
    read,
    journal: createJournal(dynamodb, {
      table: env.AUDIT_TABLE_NAME,
      function: "attachments",
      read,
      newId,
      now,
    }),
    memory: createRequestMemory(env.MESSAGES_TABLE_NAME, now),
    indexMac: createMac(kms, env.INDEX_KEY_ARN),
    attachments: createAttachmentsTable(env.MESSAGES_TABLE_NAME),
    sealName: createSealName(createNewDataKey(kms, env.CONTENT_KEY_ARN), contentKeys),
    signUpload,
    newId,
    now,
  }),
  createLog(),
);
