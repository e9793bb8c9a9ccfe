import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { toAttributes } from "./items.ts";
import type { PracticeTable } from "./practice-table.ts";

/** Bulk alerts reserve at most this far ahead, so that an urgent one never waits longer. */
const BULK_AHEAD_MS = 5000;
/** Urgent alerts take the next slot whatever it is, within reason. */
const URGENT_AHEAD_MS = 30_000;
const ATTEMPTS_MAX = 4;

/**
 * Hands out send slots of one originator: `nextAtMs` moves on by `1000 / perSecond` a slot, by a
 * conditional update on the value that was read.
 */
export function createTakeSlot(
  client: DynamoDBClient,
  practice: PracticeTable,
  settings: { readonly channel: string; readonly perSecond: number; readonly now: () => Date },
) {
  const intervalMs = 1000 / settings.perSecond;
  return async (
    known: { readonly nextAtMs: number } | undefined,
    queue: "urgent" | "bulk",
  ): Promise<{ readonly atMs: number } | undefined> => {
    let next = known?.nextAtMs;
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const nowMs = settings.now().getTime();
      const atMs = Math.max(nowMs, next ?? 0);
      const ahead = queue === "urgent" ? URGENT_AHEAD_MS : BULK_AHEAD_MS;
      if (atMs - nowMs > ahead) return undefined;
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: practice.table,
            Key: toAttributes(practice.paceKey(settings.channel)),
            UpdateExpression: "SET nextAtMs = :after",
            ConditionExpression: next === undefined ? "attribute_not_exists(pk)" : "nextAtMs = :known",
            ExpressionAttributeValues: toAttributes({
              ":after": atMs + intervalMs,
              ...(next === undefined ? {} : { ":known": next }),
            }),
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
        return { atMs };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const stored = error.Item?.["nextAtMs"]?.N;
        if (stored === undefined) throw error;
        next = Number(stored);
      }
    }
    return undefined;
  };
}
