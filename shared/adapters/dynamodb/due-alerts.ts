import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { MESSAGES_DUE_INDEX } from "../../tables/indexes.ts";
import { fromAttributes, toAttributes, updateParts } from "./items.ts";
import { ALL_DUE_SHARDS, type MessagesTable } from "./messages-table.ts";

const Due = z.object({
  pk: z.string(),
  sk: z.string().startsWith("alert#"),
  dueAt: z.iso.datetime(),
  queue: z.enum(["urgent", "bulk"]),
});

/** An alert that something must happen to. */
export interface DueAlert {
  readonly patientId: string;
  readonly alertId: string;
  readonly dueAt: string;
  readonly queue: "urgent" | "bulk";
}

/** Reads the due index and claims what is due, shard by shard. */
export function createDueAlerts(client: DynamoDBClient, messages: MessagesTable) {
  return {
    /** At most `limit` due alerts of each shard, the longest due first. */
    async due(now: Date, limit: number): Promise<DueAlert[]> {
      const pages = await Promise.all(
        ALL_DUE_SHARDS.map((shard) =>
          client.send(
            new QueryCommand({
              TableName: messages.table,
              IndexName: MESSAGES_DUE_INDEX,
              KeyConditionExpression: "dueShard = :shard AND dueAt <= :now",
              ExpressionAttributeValues: toAttributes({
                ":shard": shard,
                ":now": now.toISOString(),
              }),
              Limit: limit,
            }),
          ),
        ),
      );
      return pages
        .flatMap(({ Items }) => Items ?? [])
        .map((item) => Due.parse(fromAttributes(item)))
        .map(({ pk, sk, dueAt, queue }) => ({
          patientId: pk,
          alertId: sk.slice("alert#".length),
          dueAt,
          queue,
        }));
    },
    /** Moves a due time on; false when another run did, or nothing is due any more. */
    async claim({ patientId, alertId, dueAt }: DueAlert, next: string): Promise<boolean> {
      try {
        await client.send(
          new UpdateItemCommand(
            updateParts({
              table: messages.table,
              key: messages.keys.alert(patientId, alertId),
              set: { dueAt: next },
              condition: { expression: "dueAt = :seen", values: { ":seen": dueAt } },
            }),
          ),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}
