import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { createApi } from "#functions/http/api.ts";
import { createAuditQueries } from "#shared/adapters/dynamodb/audit-queries.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createRequestMemory } from "#shared/adapters/dynamodb/request-memory.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { AuditEnvironment } from "./env.ts";
import { createRoutes } from "./handler.ts";

const env = readEnv(AuditEnvironment);
const dynamodb = new DynamoDBClient();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);

export const handler = createApi(
  createRoutes({
    read,
    journal: createJournal(dynamodb, {
      table: env.AUDIT_TABLE_NAME,
      function: "audit",
      read,
      newId,
      now,
    }),
    memory: createRequestMemory(env.PRACTICE_TABLE_NAME, now),
    indexMac: createMac(new KMSClient(), env.INDEX_KEY_ARN),
    ...createAuditQueries(dynamodb, env.AUDIT_TABLE_NAME),
    timeZone: env.PRACTICE_TIME_ZONE,
    now,
  }),
  createLog(),
);
