import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
  GetItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Lookup, ReadSnapshot } from "../../audit/journal.ts";
import { fromAttributes, toAttributes } from "./items.ts";

const ATTEMPTS_MAX = 4;

function identity(table: string, key: Readonly<Record<string, unknown>>): string {
  return JSON.stringify([table, key["pk"], key["sk"]]);
}

/** Reads any items of any tables in one strongly consistent BatchGetItem (one item: GetItem). */
export function createReadSnapshot(client: DynamoDBClient): ReadSnapshot {
  async function readOne(lookup: Lookup<unknown>): Promise<unknown> {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: lookup.table,
        Key: toAttributes(lookup.key),
        ConsistentRead: true,
      }),
    );
    return Item === undefined ? undefined : lookup.parse(fromAttributes(Item));
  }

  async function readMany(lookups: readonly Lookup<unknown>[]): Promise<unknown[]> {
    const found = new Map<string, Record<string, unknown>>();
    let pending: BatchGetItemCommandInput["RequestItems"] = {};
    // DynamoDB refuses a key that is asked for twice; two lookups may well mean the same item.
    for (const { table, key } of new Map(
      lookups.map((one) => [identity(one.table, one.key), one]),
    ).values()) {
      pending[table] ??= { Keys: [], ConsistentRead: true };
      pending[table].Keys?.push(toAttributes(key));
    }
    for (let attempt = 1; Object.keys(pending ?? {}).length > 0; attempt += 1) {
      // Half an answer is no answer: missing consent must never look like absent consent.
      if (attempt > ATTEMPTS_MAX) throw new Error("the tables did not answer in full");
      const answer: BatchGetItemCommandOutput = await client.send(
        new BatchGetItemCommand({ RequestItems: pending }),
      );
      for (const [table, items] of Object.entries(answer.Responses ?? {})) {
        for (const attributes of items) {
          const item = fromAttributes(attributes);
          found.set(identity(table, item), item);
        }
      }
      pending = answer.UnprocessedKeys ?? {};
    }
    return lookups.map((lookup) => {
      const item = found.get(identity(lookup.table, lookup.key));
      return item === undefined ? undefined : lookup.parse(item);
    });
  }

  const read = async (...asked: readonly (Lookup<unknown> | null)[]) => {
    const lookups = asked.filter((lookup) => lookup !== null);
    const [only, second] = lookups;
    if (only === undefined) return asked.map(() => undefined);
    const values = second === undefined ? [await readOne(only)] : await readMany(lookups);
    const next = values.values();
    return asked.map((lookup) => (lookup === null ? undefined : next.next().value));
  };
  return read as ReadSnapshot;
}
