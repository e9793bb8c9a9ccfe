import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { Lookup, ReadSnapshot } from "../../audit/journal.ts";
import { fromAttributes, toAttributes } from "./items.ts";
import type { MessagesTable } from "./messages-table.ts";

/** What a thread holds. */
type Prefix = "msg#" | "note#";

/**
 * Reads the newest of a thread, or the newest before one of it, newest first: one query of the thread's own
 * rows and one consistent read of at most 100 items, however many others the patient has.
 */
function createNewest<Value>(
  client: DynamoDBClient,
  messages: MessagesTable,
  read: ReadSnapshot,
  prefix: Prefix,
  lookup: (patientId: string, id: string) => Lookup<Value>,
) {
  return async (
    patientId: string,
    threadId: string,
    limit: number,
    before: string | null = null,
  ): Promise<readonly Value[]> => {
    const { Items } = await client.send(
      new QueryCommand({
        TableName: messages.table,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
        ExpressionAttributeValues: toAttributes({ ":pk": threadId, ":prefix": prefix }),
        ScanIndexForward: false,
        Limit: limit,
        ...(before === null
          ? {}
          : { ExclusiveStartKey: toAttributes({ pk: threadId, sk: `${prefix}${before}` }) }),
      }),
    );
    const ids = (Items ?? []).map((item) => String(fromAttributes(item)["sk"]).slice(prefix.length));
    const found = await read(...ids.map((id) => lookup(patientId, id)));
    return found.filter((value): value is Value & {} => value !== undefined);
  };
}

/** Reads a thread's newest messages. */
export function createNewestOfThread(client: DynamoDBClient, messages: MessagesTable, read: ReadSnapshot) {
  return createNewest(client, messages, read, "msg#", messages.message);
}

/** Reads a thread's newest notes. */
export function createNotesOf(client: DynamoDBClient, messages: MessagesTable, read: ReadSnapshot) {
  return createNewest(client, messages, read, "note#", messages.note);
}
