import { type DynamoDBClient, QueryCommand, type QueryCommandOutput } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { HeadsOfShard, MovedHead } from "../../audit/moved-heads.ts";
import { AUDIT_HEADS_INDEX } from "../../tables/indexes.ts";
import { fromAttributes, toAttributes } from "./items.ts";

const Head = z.object({
  pk: z.string().min(1),
  at: z.iso.datetime(),
  sequence: z.int().positive(),
  hash: z.string().length(64),
});

/** Reads the index of heads, which shows what was written with a short delay. */
export function createHeadsOfShard(client: DynamoDBClient, table: string): HeadsOfShard {
  return async (shard, from, limit) => {
    const heads: MovedHead[] = [];
    let after: QueryCommandOutput["LastEvaluatedKey"];
    do {
      const { Items, LastEvaluatedKey }: QueryCommandOutput = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: AUDIT_HEADS_INDEX,
          KeyConditionExpression:
            from === null ? "headShard = :shard" : "headShard = :shard AND #at >= :from",
          ...(from === null ? {} : { ExpressionAttributeNames: { "#at": "at" } }),
          ExpressionAttributeValues: toAttributes({
            ":shard": shard,
            ...(from === null ? {} : { ":from": from }),
          }),
          Limit: limit - heads.length,
          ...(after === undefined ? {} : { ExclusiveStartKey: after }),
        }),
      );
      for (const item of Items ?? []) {
        const { pk, at, sequence, hash } = Head.parse(fromAttributes(item));
        heads.push({ chain: pk, hash, sequence, at });
      }
      after = LastEvaluatedKey;
    } while (after !== undefined && heads.length < limit);
    return { heads, more: after !== undefined };
  };
}
