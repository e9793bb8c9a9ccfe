import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { MessageRecord } from "../../messaging/records.ts";
import { fromAttributes, toAttributes } from "./items.ts";
import type { MessagesTable } from "./messages-table.ts";

/** Reads a patient's messages page by page, newest first. */
export function createPageOfMessages(client: DynamoDBClient, messages: MessagesTable) {
  return async (
    patientId: string,
    limit: number,
    after: string | null,
  ): Promise<{ readonly items: readonly MessageRecord[]; readonly next: string | null }> => {
    const { Items, LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: messages.table,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
        ExpressionAttributeValues: toAttributes({ ":pk": patientId, ":prefix": "msg#" }),
        ScanIndexForward: false,
        Limit: limit,
        ...(after === null
          ? {}
          : { ExclusiveStartKey: toAttributes(messages.keys.message(patientId, after)) }),
      }),
    );
    const items = (Items ?? []).map((item) => messages.parse.message(fromAttributes(item)));
    return { items, next: LastEvaluatedKey === undefined ? null : (items.at(-1)?.id ?? null) };
  };
}
