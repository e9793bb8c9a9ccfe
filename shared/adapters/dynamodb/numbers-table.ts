import { type DynamoDBClient, QueryCommand, type QueryCommandOutput } from "@aws-sdk/client-dynamodb";
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
  stoppedBy: z.enum(["text", "carrier"]).nullable().default(null),
  undeliverable: z.object({ reason: z.string(), since: Time }).nullable().default(null),
  answeredAt: Time.nullable(),
  helpedAt: z.array(Time),
  startedAt: Time.nullable(),
  startSentAt: Time.nullable().default(null),
  startAnsweredAt: Time.nullable().default(null),
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
    /** Holds a transaction to the number taking texts and its newest question being that of an alert, unanswered. */
    stillAsked: (index: string, alertId: string): Write =>
      check(table, keyOf(index), {
        expression: "stoppedAt = :taking AND asked.alertId = :alert AND asked.answeredAt = :taking",
        values: { ":taking": null, ":alert": alertId },
      }),
    /** Holds a transaction to a number as it was read (undefined: none yet). */
    unchangedNumber: (index: string, seen: NumberRecord | undefined): Write =>
      check(table, keyOf(index), atVersion(seen?.version ?? 0)),
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

const PAGE = 100;
/** A number of a thousand patients is one that somebody enters for everybody without a phone. */
const OWNERS_MAX = 1_000;

/** Everybody who has a number. Throws for more than a thousand: no STOP of theirs could be carried out in full. */
export function createOwnersOfNumber(client: DynamoDBClient, table: string) {
  return async (index: string): Promise<readonly NumberOwner[]> => {
    const owners: NumberOwner[] = [];
    let after: QueryCommandOutput["LastEvaluatedKey"];
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :number AND begins_with(sk, :patients)",
          ExpressionAttributeValues: toAttributes({ ":number": `number#${index}`, ":patients": "pat_" }),
          Limit: PAGE,
          ...(after === undefined ? {} : { ExclusiveStartKey: after }),
        }),
      );
      owners.push(...Items.map((item) => Match.parse(fromAttributes(item))));
      after = LastEvaluatedKey;
      if (owners.length > OWNERS_MAX) throw new Error("a number has more patients than can be dealt with");
    } while (after !== undefined);
    return owners;
  };
}
