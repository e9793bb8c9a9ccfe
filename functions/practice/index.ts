import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createApi } from "#functions/http/api.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createPracticeTable } from "#shared/adapters/dynamodb/practice-table.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { settingsDefaultOf } from "#shared/practice/defaults.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { PracticeEnvironment } from "./env.ts";
import { createRoutes } from "./handler.ts";

const env = readEnv(PracticeEnvironment);
const dynamodb = new DynamoDBClient();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);

export const handler = createApi(
  createRoutes({
    read,
    journal: createJournal(dynamodb, {
      table: env.AUDIT_TABLE_NAME,
      function: "practice",
      read,
      newId,
      now,
    }),
    practice: createPracticeTable(env.PRACTICE_TABLE_NAME),
    settingsDefault: settingsDefaultOf(env.PRACTICE_TIME_ZONE),
    identity: { name: env.PRACTICE_NAME, phone: env.PRACTICE_PHONE },
    now,
  }),
  createLog(),
);
