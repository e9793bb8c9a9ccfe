import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { THREAD_STATES, type ThreadState } from "../../domain/words.ts";
import type { NoteRecord } from "../../messaging/records.ts";
import { MESSAGES_THREAD_STATE_INDEX } from "../../tables/indexes.ts";
import type { ThreadRow } from "../../threads/ports.ts";
import { fromAttributes, toAttributes } from "./items.ts";
import type { MessagesTable } from "./messages-table.ts";

const Row = z.object({
  id: z.string(),
  patientId: z.string(),
  threadState: z.enum(THREAD_STATES),
  stateSince: z.iso.datetime(),
  assignee: z.string().nullable().default(null),
});

const Note = z.object({
  id: z.string(),
  threadId: z.string(),
  author: z.string(),
  createdAt: z.iso.datetime(),
  content: z.instanceof(Uint8Array),
});

/** Pages of threads by state, the longest in it first. */
export function createThreadsIn(client: DynamoDBClient, messages: MessagesTable) {
  return async (state: ThreadState, limit: number, after: ThreadRow | null) => {
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

/** A thread's newest notes. Notes are few, so they are read with the patient's other notes. */
export function createNotesOf(client: DynamoDBClient, messages: MessagesTable) {
  return async (patientId: string, threadId: string, limit: number): Promise<readonly NoteRecord[]> => {
    const { Items } = await client.send(
      new QueryCommand({
        TableName: messages.table,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
        FilterExpression: "threadId = :thread",
        ExpressionAttributeValues: toAttributes({
          ":pk": patientId,
          ":prefix": "note#",
          ":thread": threadId,
        }),
        ScanIndexForward: false,
        Limit: 10 * limit,
      }),
    );
    return (Items ?? []).map((item) => Note.parse(fromAttributes(item))).slice(0, limit);
  };
}
