import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createDueAlerts } from "#shared/adapters/dynamodb/due-alerts.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createOverdueTasks } from "#shared/adapters/dynamodb/tasks-queries.ts";
import { createTasksTable } from "#shared/adapters/dynamodb/tasks-table.ts";
import { createRequestAlerts } from "#shared/adapters/sqs/request-alerts.ts";
import { createIsUntried, createRemind } from "#shared/alerting/remind.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { createEscalate } from "#shared/tasks/escalate.ts";
import { RemindEnvironment } from "./env.ts";
import { createHandler } from "./handler.ts";

const env = readEnv(RemindEnvironment);
const log = createLog();
const now = () => new Date();
const dynamodb = new DynamoDBClient();
const sqs = new SQSClient();
const tasks = createTasksTable(env.PRACTICE_TABLE_NAME);
const messages = createMessagesTable(env.MESSAGES_TABLE_NAME);
const read = createReadSnapshot(dynamodb);
const journal = createJournal(dynamodb, {
  table: env.AUDIT_TABLE_NAME,
  function: "remind",
  read,
  newId,
  now,
});

export const handler = createHandler(
  {
    remind: createRemind({
      dueAlerts: createDueAlerts(dynamodb, messages),
      request: {
        urgent: createRequestAlerts(sqs, env.URGENT_ALERTS_QUEUE_URL),
        bulk: createRequestAlerts(sqs, env.BULK_ALERTS_QUEUE_URL),
      },
      isUntried: createIsUntried({ read, messages }),
      textsPerSecond: env.TEXTS_PER_SECOND ?? null,
      onExpired: ({ alertId, kind }) => log.warn("ALERT_EXPIRED", { alertId, kind }),
      onFailure: (alertId, error) => log.error("RECORD_FAILED", error, { alertId }),
      now,
    }),
    escalate: createEscalate({
      journal,
      tasks,
      overdueTasks: createOverdueTasks(dynamodb, tasks),
      onLate: ({ id, kind }) => log.warn("TASK_LATE", { taskId: id, kind }),
      onFailure: (taskId, error) => log.error("TASK_NOT_NOTED", error, { taskId }),
      now,
    }),
  },
  log,
);
