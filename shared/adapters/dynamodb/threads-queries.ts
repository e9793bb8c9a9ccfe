import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { THREAD_STATES, type ThreadState } from "../../domain/words.ts";
import { MESSAGES_THREAD_STATE_INDEX } from "../../tables/indexes.ts";
import type { ThreadPosition, ThreadRow } from "../../threads/ports.ts";
import { fromAttributes, toAttributes } from "./items.ts";
import type { MessagesTable } from "./messages-table.ts";

const Row = z.object({
  id: z.string(),
  patientId: z.string(),
  threadState: z.enum(THREAD_STATES),
  stateSince: z.iso.datetime(),
  assignee: z.string().nullable().default(null),
});

/** Pages of threads by state, the longest in it first. */
export function createThreadsIn(client: DynamoDBClient, messages: MessagesTable) {
  return async (state: ThreadState, limit: number, after: ThreadPosition | null) => {
    const { Items, LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: messages.table,
        IndexName: MESSAGES_THREAD_STATE_INDEX,
        KeyConditionExpression: "threadState = :state",
        ExpressionAttributeValues: toAttributes({ ":state": state }),
        Limit: limit,
        ...(after === null
          ? {}
          : {
              ExclusiveStartKey: toAttributes({
                ...messages.keys.thread(after.patientId, after.id),
                threadState: state,
                stateSince: after.stateSince,
              }),
            }),
      }),
    );
    const items = (Items ?? []).map((item): ThreadRow => Row.parse(fromAttributes(item)));
    return { items, more: LastEvaluatedKey !== undefined };
  };
}
