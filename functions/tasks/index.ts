import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { createApi } from "#functions/http/api.ts";
import { createSealNote } from "#shared/adapters/content-seal.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createContentKeysTable } from "#shared/adapters/dynamodb/content-keys-table.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createRequestMemory } from "#shared/adapters/dynamodb/request-memory.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createTasksIn } from "#shared/adapters/dynamodb/tasks-queries.ts";
import { createTasksTable } from "#shared/adapters/dynamodb/tasks-table.ts";
import { createNewDataKey } from "#shared/adapters/kms/data-keys.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { TasksEnvironment } from "./env.ts";
import { createRoutes } from "./handler.ts";

const env = readEnv(TasksEnvironment);
const dynamodb = new DynamoDBClient();
const kms = new KMSClient();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);
const tasks = createTasksTable(env.PRACTICE_TABLE_NAME);
const contentKeys = createContentKeysTable(env.CONTENT_KEYS_TABLE_NAME);

export const handler = createApi(
  createRoutes({
    read,
    journal: createJournal(dynamodb, {
      table: env.AUDIT_TABLE_NAME,
      function: "tasks",
      read,
      newId,
      now,
    }),
    memory: createRequestMemory(env.PRACTICE_TABLE_NAME, now),
    indexMac: createMac(kms, env.INDEX_KEY_ARN),
    tasks,
    tasksIn: createTasksIn(dynamodb, tasks),
    messages: createMessagesTable(env.MESSAGES_TABLE_NAME),
    sealNote: createSealNote(createNewDataKey(kms, env.CONTENT_KEY_ARN), contentKeys),
    newId,
    now,
  }),
  createLog(),
);
