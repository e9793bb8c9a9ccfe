import { randomInt } from "node:crypto";
import {
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { nextEntry } from "../../audit/chain.ts";
import type { NewId } from "../../runtime/ids.ts";
import { type Condition, put, update } from "./items.ts";

/** So many places, written over again and again: strangers cannot fill the table. */
const PLACES = 256;
const DAY_SECONDS = 24 * 60 * 60;
const NOBODY = "pat_00000000000000000000000000";
const HEAD = { sequence: 1, hash: "0".repeat(64) };

/** A condition that looks at the item as a counted miss does, and always holds. */
const ANY: Condition = {
  expression: "attribute_not_exists(#seen) OR #seen >= :least",
  names: { "#seen": "misses" },
  values: { ":least": 0 },
};

/** What a miss's entry would be; it stands in no chain. */
function feignedEntry(id: string, at: Date) {
  return nextEntry(
    {
      action: "proof.failed",
      actor: `patient:${NOBODY}`,
      role: "patient",
      patientId: NOBODY,
      purpose: "portal",
      details: {
        messageId: "msg_00000000000000000000000000",
        threadId: "thr_00000000000000000000000000",
        alertId: "alr_00000000000000000000000000",
        step: "birthDate",
        misses: 1,
      },
      requestId: "00000000-0000-0000-0000-000000000000",
    },
    HEAD,
    { id, at, function: "portal" },
  );
}

/**
 * Writes what a counted miss would take, in one transaction of as many items and conditions, where nobody
 * reads it: neither in a chain nor under a patient or link. Whether it meets another one in the same place
 * does not matter.
 */
export function createFeignMiss(
  client: DynamoDBClient,
  { table, newId, now }: { readonly table: string; readonly newId: NewId; readonly now: () => Date },
) {
  return async (): Promise<void> => {
    const at = now();
    const pk = `decoy#${String(randomInt(PLACES))}`;
    const expiresAtSeconds = Math.ceil(at.getTime() / 1000) + DAY_SECONDS;
    const entry = feignedEntry(newId("aud", at), at);
    const items = [
      update({ table, key: { pk, sk: "link" }, set: { misses: 1, expiresAtSeconds }, condition: ANY }),
      put(table, { pk, sk: "misses", misses: 1, taskId: null, expiresAtSeconds }, ANY),
      put(table, { pk, sk: "entry", ...entry, expiresAtSeconds }, ANY),
      put(table, { pk, sk: "head", ...HEAD, at: entry.at, misses: 1, expiresAtSeconds }, ANY),
    ].map(({ item }) => item as TransactWriteItem);
    try {
      await client.send(
        new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken: entry.id }),
      );
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
      const isContended = codes.every(
        (code) => code === undefined || code === "None" || code === "TransactionConflict",
      );
      if (!isContended) throw error;
    }
  };
}
