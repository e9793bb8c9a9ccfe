import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { ReadSnapshot } from "../../audit/journal.ts";
import type { MessageRecord } from "../../messaging/records.ts";
import { fromAttributes, toAttributes } from "./items.ts";
import type { MessagesTable } from "./messages-table.ts";

const PREFIX = "msg#";

/** Reads a thread's newest messages, newest first: one query and one consistent read of at most 100. */
export function createNewestOfThread(client: DynamoDBClient, messages: MessagesTable, read: ReadSnapshot) {
  return async (patientId: string, threadId: string, limit: number): Promise<readonly MessageRecord[]> => {
    const { Items } = await client.send(
      new QueryCommand({
        TableName: messages.table,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
        ExpressionAttributeValues: toAttributes({ ":pk": threadId, ":prefix": PREFIX }),
        ScanIndexForward: false,
        Limit: limit,
      }),
    );
    const ids = (Items ?? []).map((item) => String(fromAttributes(item)["sk"]).slice(PREFIX.length));
    const found = await read(...ids.map((id) => messages.message(patientId, id)));
    return found.filter((message) => message !== undefined);
  };
}
