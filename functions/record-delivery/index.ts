import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { RecordDeliveryEnvironment } from "./env.ts";
import { createHandler } from "./handler.ts";

const env = readEnv(RecordDeliveryEnvironment);
const dynamodb = new DynamoDBClient();
const read = createReadSnapshot(dynamodb);

export const handler = createHandler(
  {
    read,
    journal: createJournal(dynamodb, {
      table: env.AUDIT_TABLE_NAME,
      function: "record-delivery",
      read,
      newId,
      now: () => new Date(),
    }),
    messages: createMessagesTable(env.MESSAGES_TABLE_NAME),
  },
  createLog(),
);
