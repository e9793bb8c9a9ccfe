import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { AlertRecord } from "../../messaging/records.ts";
import { fromAttributes, toAttributes } from "./items.ts";
import type { MessagesTable } from "./messages-table.ts";

/** Enough to see the last three texts among e-mails and alerts that still wait. */
const ALERTS_MAX = 20;

/** Reads the newest alerts of a patient or a number, newest first. */
export function createNewestAlerts(client: DynamoDBClient, messages: MessagesTable) {
  const { parse } = messages.alert("any", "any");
  return async (patientId: string): Promise<readonly AlertRecord[]> => {
    const { Items } = await client.send(
      new QueryCommand({
        TableName: messages.table,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
        ExpressionAttributeValues: toAttributes({ ":pk": patientId, ":prefix": "alert#" }),
        ScanIndexForward: false,
        Limit: ALERTS_MAX,
      }),
    );
    return (Items ?? []).map((item) => parse(fromAttributes(item)));
  };
}
