import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { MESSAGES_DUE_INDEX } from "../../tables/indexes.ts";
import { UNSENT_SHARD } from "./attachments-table.ts";
import { fromAttributes, toAttributes } from "./items.ts";

/** Finds attachments that are due to be erased or late, the longest due first. */
export function createDueAttachments(client: DynamoDBClient, table: string) {
  return async (now: Date, limit: number): Promise<readonly string[]> => {
    const { Items } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: MESSAGES_DUE_INDEX,
        KeyConditionExpression: "dueShard = :shard AND dueAt <= :now",
        ExpressionAttributeValues: toAttributes({ ":shard": UNSENT_SHARD, ":now": now.toISOString() }),
        Limit: limit,
      }),
    );
    return (Items ?? []).map((item) => String(fromAttributes(item)["pk"]));
  };
}
