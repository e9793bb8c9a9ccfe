import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandOutput,
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

type After = QueryCommandOutput["LastEvaluatedKey"];

/** Reads the due index and claims what is due, shard by shard. */
export function createDueAlerts(client: DynamoDBClient, messages: MessagesTable) {
  async function page(
    { shard, after }: { readonly shard: string; readonly after: After },
    now: Date,
    limit: number,
  ) {
    const { Items, LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: messages.table,
        IndexName: MESSAGES_DUE_INDEX,
        KeyConditionExpression: "dueShard = :shard AND dueAt <= :now",
        ExpressionAttributeValues: toAttributes({ ":shard": shard, ":now": now.toISOString() }),
        Limit: limit,
        ...(after === undefined ? {} : { ExclusiveStartKey: after }),
      }),
    );
    const alerts = (Items ?? [])
      .map((item) => Due.parse(fromAttributes(item)))
      .map(({ pk, sk, dueAt, queue }) => ({
        patientId: pk,
        alertId: sk.slice("alert#".length),
        dueAt,
        queue,
      }));
    return { shard, alerts, after: LastEvaluatedKey };
  }

  return {
    /**
     * Everything that is due, the longest due first, in pages of at most `limit` of each shard. Pages follow one
     * another in the index: it shows claims late, so asking it again from the start would give the same ones.
     */
    async *due(now: Date, limit: number): AsyncGenerator<DueAlert[]> {
      let shards = ALL_DUE_SHARDS.map((shard) => ({ shard, after: undefined as After }));
      while (shards.length > 0) {
        const pages = await Promise.all(shards.map((place) => page(place, now, limit)));
        const alerts = pages.flatMap(({ alerts: found }) => found);
        if (alerts.length > 0) yield alerts;
        shards = pages.flatMap(({ shard, after }) => (after === undefined ? [] : [{ shard, after }]));
      }
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
