import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createVerifyToken } from "#shared/adapters/cognito-tokens.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createPracticeTable } from "#shared/adapters/dynamodb/practice-table.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { putTouched } from "#shared/adapters/dynamodb/touch.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createAdmit } from "#shared/staff/admit.ts";
import { AuthorizeEnvironment } from "./env.ts";
import { createHandler } from "./handler.ts";

const env = readEnv(AuthorizeEnvironment);
const dynamodb = new DynamoDBClient();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);
const staff = createPracticeTable(env.PRACTICE_TABLE_NAME);

export const handler = createHandler({
  verifyToken: createVerifyToken({
    userPoolId: env.USER_POOL_ID,
    staffClientId: env.STAFF_CLIENT_ID,
    integrationClientId: env.INTEGRATION_CLIENT_ID,
  }),
  admit: createAdmit({
    read,
    staff,
    journal: createJournal(dynamodb, {
      table: env.AUDIT_TABLE_NAME,
      function: "authorize",
      read,
      newId,
      now,
    }),
    touch: (actor, sessions) => putTouched(dynamodb, staff.setStaffSessions(actor, sessions)),
    now,
  }),
});
