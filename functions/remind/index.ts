import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createAppointmentsTable } from "#shared/adapters/dynamodb/appointments-table.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createDueAlerts } from "#shared/adapters/dynamodb/due-alerts.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createPracticeTable } from "#shared/adapters/dynamodb/practice-table.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createOverdueTasks } from "#shared/adapters/dynamodb/tasks-queries.ts";
import { createTasksTable } from "#shared/adapters/dynamodb/tasks-table.ts";
import { createAlertQueue } from "#shared/adapters/sqs/alert-queue.ts";
import { createDropExpired } from "#shared/alerting/drop-expired.ts";
import { createRemind } from "#shared/alerting/remind.ts";
import { settingsDefaultOf } from "#shared/practice/defaults.ts";
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
const urgent = createAlertQueue(sqs, env.URGENT_ALERTS_QUEUE_URL);
const bulk = createAlertQueue(sqs, env.BULK_ALERTS_QUEUE_URL);
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
      request: { urgent: urgent.request, bulk: bulk.request },
      drop: createDropExpired({
        read,
        journal,
        messages,
        appointments: createAppointmentsTable(env.APPOINTMENTS_TABLE_NAME),
        practice: createPracticeTable(env.PRACTICE_TABLE_NAME),
        tasks,
        settingsDefault: settingsDefaultOf(env.PRACTICE_TIME_ZONE),
        newId,
        now,
      }),
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
