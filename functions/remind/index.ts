import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createDueAlerts } from "#shared/adapters/dynamodb/due-alerts.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createAlertQueue } from "#shared/adapters/sqs/alert-queue.ts";
import { createRemind } from "#shared/alerting/remind.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { createLog } from "#shared/runtime/log.ts";
import { RemindEnvironment } from "./env.ts";
import { createHandler } from "./handler.ts";

const env = readEnv(RemindEnvironment);
const log = createLog();
const sqs = new SQSClient();
const urgent = createAlertQueue(sqs, env.URGENT_ALERTS_QUEUE_URL);
const bulk = createAlertQueue(sqs, env.BULK_ALERTS_QUEUE_URL);

export const handler = createHandler(
  createRemind({
    dueAlerts: createDueAlerts(new DynamoDBClient(), createMessagesTable(env.MESSAGES_TABLE_NAME)),
    request: { urgent: urgent.request, bulk: bulk.request },
    onFailure: (alertId, error) => log.error("RECORD_FAILED", error, { alertId }),
    now: () => new Date(),
  }),
  log,
);
