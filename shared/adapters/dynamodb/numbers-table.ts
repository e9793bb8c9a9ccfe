import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { Lookup, Write } from "../../audit/journal.ts";
import { LANGUAGES, PURPOSES } from "../../domain/words.ts";
import type { NumberRecord } from "../../numbers/records.ts";
import { atVersion, check, fromAttributes, put, toAttributes } from "./items.ts";

const Time = z.iso.datetime();

const NumberItem = z.object({
  id: z.string(),
  index: z.string(),
  phone: z.object({ sealed: z.instanceof(Uint8Array), wrappedKey: z.instanceof(Uint8Array) }).nullable(),
  stoppedAt: Time.nullable(),
  undeliverable: z.object({ reason: z.string(), since: Time }).nullable().default(null),
  answeredAt: Time.nullable(),
  helpedAt: z.array(Time),
  startedAt: Time.nullable(),
  asked: z
    .object({
      patientId: z.string(),
      purpose: z.enum(PURPOSES),
      consentId: z.string(),
      alertId: z.string(),
      language: z.enum(LANGUAGES),
      askedAt: Time,
      answeredAt: Time.nullable(),
    })
    .nullable(),
  language: z.enum(LANGUAGES),
  version: z.int(),
});

const Match = z.object({ patientId: z.string(), numberId: z.string() });

/** Lookups and writes of the `Patients` table that concern a number as such, by its blind index. */
export function createNumbersTable(table: string) {
  const keyOf = (index: string) => ({ pk: `number#${index}`, sk: "number" });
  return {
    table,
    number: (index: string): Lookup<NumberRecord> => ({
      table,
      key: keyOf(index),
      parse: (item) => NumberItem.parse(item),
    }),
    /** Replaces a number that is at the version before its own (1: none yet). */
    setNumber: (number: NumberRecord): Write =>
      put(table, { ...keyOf(number.index), ...number }, atVersion(number.version - 1)),
    /** Holds a transaction to the number taking texts. */
    takesTexts: (index: string): Write =>
      check(table, keyOf(index), {
        expression: "attribute_not_exists(pk) OR stoppedAt = :taking",
        values: { ":taking": null },
      }),
    /** Holds a transaction to the number taking texts and its newest question being that of an alert. */
    stillAsked: (index: string, alertId: string): Write =>
      check(table, keyOf(index), {
        expression: "stoppedAt = :taking AND asked.alertId = :alert",
        values: { ":taking": null, ":alert": alertId },
      }),
    /** Holds a transaction to the number having stopped at that very moment. */
    stillStopped: (index: string, stoppedAt: string): Write =>
      check(table, keyOf(index), { expression: "stoppedAt = :since", values: { ":since": stoppedAt } }),
  };
}

/** A patient who has a number, under the opaque name that consents were given for. */
export interface NumberOwner {
  readonly patientId: string;
  readonly numberId: string;
}

const OWNERS_MAX = 25;

/** Everybody who has a number, at most 25; more would be a practice's own line entered by mistake. */
export function createOwnersOfNumber(client: DynamoDBClient, table: string) {
  return async (index: string): Promise<readonly NumberOwner[]> => {
    const { Items } = await client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :number AND begins_with(sk, :patients)",
        ExpressionAttributeValues: toAttributes({ ":number": `number#${index}`, ":patients": "pat_" }),
        Limit: OWNERS_MAX,
      }),
    );
    return (Items ?? []).map((item) => Match.parse(fromAttributes(item)));
  };
}
