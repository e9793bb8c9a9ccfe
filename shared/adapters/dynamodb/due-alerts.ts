import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandOutput,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { ALERT_KINDS, type AlertKind } from "../../domain/alerts/kinds.ts";
import { idPattern } from "../../domain/ids.ts";
import { MESSAGES_DUE_INDEX } from "../../tables/indexes.ts";
import { fromAttributes, toAttributes, updateParts } from "./items.ts";
import { BULK_DUE_SHARDS, type MessagesTable, URGENT_DUE_SHARD } from "./messages-table.ts";

const Due = z.object({
  pk: z.string(),
  sk: z.string().startsWith("alert#"),
  dueAt: z.iso.datetime(),
  queue: z.enum(["urgent", "bulk"]),
  kind: z.enum(ALERT_KINDS),
  expiresAt: z.iso.datetime().nullable(),
});

/** An alert that something must happen to. */
export interface DueAlert {
  readonly patientId: string;
  readonly alertId: string;
  readonly dueAt: string;
  readonly queue: "urgent" | "bulk";
  readonly kind: AlertKind;
  readonly expiresAt: string | null;
}

/** A due item that is not as alerts are stored; the error repeats nothing of it. */
export interface UnreadableAlert {
  readonly alertId: string;
  readonly error: Error;
}

/** What was due on one queue at a moment, handed out once. */
export interface DueReader {
  /** The longest due first, whatever shard they lie in; fewer than `count` where there are no more. */
  next(count: number): Promise<readonly DueAlert[]>;
  /** Items that were met since it was asked last, and are not as alerts are stored. */
  unreadable(): readonly UnreadableAlert[];
  /** How many have not been handed out. */
  rest(): Promise<number>;
}

type After = QueryCommandOutput["LastEvaluatedKey"];

/** One shard, as far as it was read. */
interface Place {
  readonly shard: string;
  /** Read and not handed out. */
  page: DueAlert[];
  unreadable: UnreadableAlert[];
  after: After;
  isOver: boolean;
}

/** So many of a shard at a time. */
const PAGE = 25;
const ALERT_ID = new RegExp(idPattern("alr"), "u");

function unreadable(item: Readonly<Record<string, unknown>>): UnreadableAlert {
  const id = String(item["sk"]).replace(/^alert#/u, "");
  return {
    alertId: ALERT_ID.test(id) ? id : "unknown",
    error: new Error("an item of the due index is not as alerts are stored"),
  };
}

/** Reads the due index and claims what is due, shard by shard. */
export function createDueAlerts(client: DynamoDBClient, messages: MessagesTable) {
  function query({ shard, after }: Place, now: Date) {
    return {
      TableName: messages.table,
      IndexName: MESSAGES_DUE_INDEX,
      KeyConditionExpression: "dueShard = :shard AND dueAt <= :now",
      ExpressionAttributeValues: toAttributes({ ":shard": shard, ":now": now.toISOString() }),
      ...(after === undefined ? {} : { ExclusiveStartKey: after }),
    };
  }

  /** Brings the next page of a shard whose last one was handed out. */
  async function fill(place: Place, now: Date): Promise<void> {
    while (!place.isOver && place.page.length === 0) {
      const { Items, LastEvaluatedKey } = await client.send(
        new QueryCommand({ ...query(place, now), Limit: PAGE }),
      );
      for (const item of (Items ?? []).map(fromAttributes)) {
        const { success, data } = Due.safeParse(item);
        if (success) {
          const { pk, sk, ...rest } = data;
          place.page.push({ patientId: pk, alertId: sk.slice("alert#".length), ...rest });
        } else place.unreadable.push(unreadable(item));
      }
      place.after = LastEvaluatedKey;
      place.isOver = LastEvaluatedKey === undefined;
    }
  }

  async function count(place: Place, now: Date): Promise<number> {
    let found = place.page.length;
    let { after, isOver } = place;
    while (!isOver) {
      const { Count, LastEvaluatedKey } = await client.send(
        new QueryCommand({ ...query({ ...place, after }, now), Select: "COUNT" }),
      );
      found += Count ?? 0;
      after = LastEvaluatedKey;
      isOver = after === undefined;
    }
    return found;
  }

  return {
    /**
     * Everything of a queue that is due. Pages follow one another in the index: it shows claims late, so asking it again
     * from the start would give the same ones.
     */
    due(queue: "urgent" | "bulk", now: Date): DueReader {
      const places = (queue === "urgent" ? [URGENT_DUE_SHARD] : BULK_DUE_SHARDS).map(
        (shard): Place => ({ shard, page: [], unreadable: [], after: undefined, isOver: false }),
      );
      return {
        async next(wanted) {
          const taken: DueAlert[] = [];
          while (taken.length < wanted) {
            await Promise.all(places.map((place) => fill(place, now)));
            const [oldest] = places
              .filter(({ page }) => page.length > 0)
              .toSorted((one, other) => (one.page[0]?.dueAt ?? "").localeCompare(other.page[0]?.dueAt ?? ""));
            const alert = oldest?.page.shift();
            if (alert === undefined) break;
            taken.push(alert);
          }
          return taken;
        },
        unreadable: () => places.flatMap((place) => place.unreadable.splice(0)),
        async rest() {
          const counts = await Promise.all(places.map((place) => count(place, now)));
          return counts.reduce((sum, each) => sum + each, 0);
        },
      };
    },
    /** Moves a due time on; false when another run did, or nothing is due any more. */
    async claim(
      { patientId, alertId, dueAt }: Pick<DueAlert, "patientId" | "alertId" | "dueAt">,
      next: string,
    ) {
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
