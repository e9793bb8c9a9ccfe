import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Slot } from "../../alerting/ports.ts";
import { toAttributes } from "./items.ts";
import type { PracticeTable } from "./practice-table.ts";

/** Bulk alerts reserve at most this far ahead, so that an urgent one never waits longer. */
const BULK_AHEAD_MS = 4000;
/** Urgent alerts take the next slot whatever it is, within reason. */
const URGENT_AHEAD_MS = 30_000;
const ATTEMPTS_MAX = 4;

/** From a turn to its text: long enough for the claim, so that texts leave at even intervals. */
const CLAIM_MS = 150;
/** A text that is later than this gives up its turn. */
const GRACE_MS = 100;
/**
 * Intervals are so much longer than the pace asks for, in total: two texts may leave late and early by
 * the grace and by the time of a call, and no window of one second may hold more parts than it may.
 */
const JITTER_MS = 200;

/** Milliseconds from one part to the next. */
export function intervalOf(perSecond: number): number {
  return (1000 + JITTER_MS) / perSecond;
}

/**
 * Hands out turns of one originator: `nextAtMs` moves on by an interval for every part, by a
 * conditional update on the value that was read. Without a pace every turn is now.
 */
export function createTakeSlot(
  client: DynamoDBClient,
  practice: PracticeTable,
  settings: {
    readonly channel: string;
    /** Message parts a second; null: the originator has no limit. */
    readonly perSecond: number | null;
    readonly now: () => Date;
  },
) {
  const { channel, perSecond, now } = settings;

  return async (
    known: { readonly nextAtMs: number } | undefined,
    queue: "urgent" | "bulk",
    parts: number,
  ): Promise<Slot | undefined> => {
    if (perSecond === null) {
      const nowMs = now().getTime();
      return { claimAtMs: nowMs, sendAtMs: nowMs, graceMs: Number.POSITIVE_INFINITY };
    }
    let next = known?.nextAtMs;
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const nowMs = now().getTime();
      const atMs = Math.max(nowMs, next ?? 0);
      const ahead = queue === "urgent" ? URGENT_AHEAD_MS : BULK_AHEAD_MS;
      if (atMs - nowMs > ahead) return undefined;
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: practice.table,
            Key: toAttributes(practice.paceKey(channel)),
            UpdateExpression: "SET nextAtMs = :after",
            ConditionExpression: next === undefined ? "attribute_not_exists(pk)" : "nextAtMs = :known",
            ExpressionAttributeValues: toAttributes({
              ":after": atMs + parts * intervalOf(perSecond),
              ...(next === undefined ? {} : { ":known": next }),
            }),
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
        return { claimAtMs: atMs, sendAtMs: atMs + CLAIM_MS, graceMs: GRACE_MS };
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
