import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { createAttachmentsTable } from "#shared/adapters/dynamodb/attachments-table.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createContentKeysTable } from "#shared/adapters/dynamodb/content-keys-table.ts";
import { createDueAttachments } from "#shared/adapters/dynamodb/due-attachments.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createTasksTable } from "#shared/adapters/dynamodb/tasks-table.ts";
import { idOfIncoming } from "#shared/adapters/s3/attachment-keys.ts";
import { createAttachmentObjects } from "#shared/adapters/s3/attachment-objects.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { CheckAttachmentEnvironment } from "./env.ts";
import { createHandler } from "./handler.ts";

const env = readEnv(CheckAttachmentEnvironment);
const dynamodb = new DynamoDBClient();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);

export const handler = createHandler(
  {
    read,
    journal: createJournal(dynamodb, {
      table: env.AUDIT_TABLE_NAME,
      function: "check-attachment",
      read,
      newId,
      now,
    }),
    attachments: createAttachmentsTable(env.MESSAGES_TABLE_NAME),
    messages: createMessagesTable(env.MESSAGES_TABLE_NAME),
    contentKeys: createContentKeysTable(env.CONTENT_KEYS_TABLE_NAME),
    tasks: createTasksTable(env.PRACTICE_TABLE_NAME),
    dueAttachments: createDueAttachments(dynamodb, env.MESSAGES_TABLE_NAME),
    objects: createAttachmentObjects(new S3Client(), env.ATTACHMENTS_BUCKET_NAME),
    idOf: idOfIncoming,
    newId,
    now,
  },
  createLog(),
);
