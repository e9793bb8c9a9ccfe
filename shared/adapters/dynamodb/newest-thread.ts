import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { ThreadRecord } from "../../messaging/records.ts";
import { fromAttributes, toAttributes } from "./items.ts";
import type { MessagesTable } from "./messages-table.ts";

/** Finds the thread of a patient, or of a number, that was begun last. */
export function createNewestThread(client: DynamoDBClient, messages: MessagesTable) {
  return async (patientId: string): Promise<ThreadRecord | undefined> => {
    const { Items } = await client.send(
      new QueryCommand({
        TableName: messages.table,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
        ExpressionAttributeValues: toAttributes({ ":pk": patientId, ":prefix": "thread#" }),
        ScanIndexForward: false,
        Limit: 1,
      }),
    );
    const [item] = Items ?? [];
    return item === undefined ? undefined : messages.thread(patientId, "").parse(fromAttributes(item));
  };
}
