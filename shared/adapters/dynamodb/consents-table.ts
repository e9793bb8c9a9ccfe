import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { Lookup, Write } from "../../audit/journal.ts";
import type { PatientPreferences } from "../../consent/preferences.ts";
import type { ConsentRecord, ConsentState } from "../../consent/records.ts";
import { CHANNELS, type Channel, LANGUAGES, PURPOSES, type Purpose } from "../../domain/words.ts";
import { ABSENT, atVersion, type Condition, check, fromAttributes, put, toAttributes } from "./items.ts";

const Decision = z.enum(["granted", "revoked"]);

const State = z.object({
  consentId: z.string(),
  purpose: z.enum(PURPOSES),
  channel: z.enum(CHANNELS),
  decision: Decision,
  since: z.iso.datetime(),
  contactId: z.string().nullable(),
  ended: z.string().nullable(),
});

const Entry = z.object({
  ...State.shape,
  decision: z.enum(["granted", "revoked", "asked", "declined"]),
  wording: z.string(),
  language: z.enum(LANGUAGES),
  patientId: z.string(),
  method: z.string(),
  acknowledgements: z
    .object({
      unsecuredText: z.boolean(),
      numberConfirmed: z.boolean(),
      optOutAnytime: z.boolean(),
    })
    .nullable(),
  recordedBy: z.string(),
  recordedAt: z.iso.datetime(),
  sealed: z.instanceof(Uint8Array),
  wrappedKey: z.instanceof(Uint8Array),
});

const Preferences = z.object({
  language: z.enum(LANGUAGES).nullable(),
  quietHours: z.object({ from: z.string(), to: z.string() }).nullable(),
  disowned: z.object({ sms: z.string().nullable(), email: z.string().nullable() }),
  version: z.int(),
});

function asRead(state: ConsentState | undefined): Condition {
  if (state === undefined) return ABSENT;
  return { expression: "consentId = :before", values: { ":before": state.consentId } };
}

/** Lookups and writes of the `Consents` table: the ledger and what it comes to. */
export function createConsentsTable(table: string) {
  const stateKey = (patientId: string, purpose: Purpose, channel: Channel) => ({
    pk: patientId,
    sk: `state#${purpose}#${channel}`,
  });
  const preferencesKey = (patientId: string) => ({ pk: patientId, sk: "preferences" });
  return {
    table,
    /** What the patient wishes beside the consents. */
    preferences: (patientId: string): Lookup<PatientPreferences> => ({
      table,
      key: preferencesKey(patientId),
      parse: (item) => Preferences.parse(item),
    }),
    /** Replaces preferences that are as they were read (version 0: none yet) by the next version. */
    setPreferences: (patientId: string, preferences: PatientPreferences): Write =>
      put(
        table,
        { ...preferencesKey(patientId), ...preferences, version: preferences.version + 1 },
        atVersion(preferences.version),
      ),
    /** Holds a transaction to preferences as they were read (undefined: none yet). */
    unchangedPreferences: (patientId: string, seen: PatientPreferences | undefined): Write =>
      check(table, preferencesKey(patientId), atVersion(seen?.version ?? 0)),
    state: (patientId: string, purpose: Purpose, channel: Channel): Lookup<ConsentState> => ({
      table,
      key: stateKey(patientId, purpose, channel),
      parse: (item) => State.parse(item),
    }),
    /**
     * Appends a decision and derives the state from it, where the state is still the one that was
     * read (undefined: none yet): two decisions at once cannot both be the newest.
     */
    append: (record: ConsentRecord, before: ConsentState | undefined): Write[] => {
      const { consentId, purpose, channel, decision, since, contactId, ended } = record;
      const entry = put(table, { pk: record.patientId, sk: `event#${consentId}`, ...record }, ABSENT);
      // Asking and declining are on record and decide nothing.
      if (decision === "asked" || decision === "declined") return [entry];
      return [
        entry,
        put(
          table,
          {
            ...stateKey(record.patientId, purpose, channel),
            consentId,
            purpose,
            channel,
            decision,
            since,
            contactId,
            ended,
          },
          asRead(before),
        ),
      ];
    },
    /** Holds a transaction to a state as it was read (undefined: none yet). */
    unchanged: (
      patientId: string,
      purpose: Purpose,
      channel: Channel,
      state: ConsentState | undefined,
    ): Write => check(table, stateKey(patientId, purpose, channel), asRead(state)),
    /** One entry of the ledger. */
    entry: (patientId: string, consentId: string): Lookup<ConsentRecord> => ({
      table,
      key: { pk: patientId, sk: `event#${consentId}` },
      parse: (item) => Entry.parse(item),
    }),
    /** Holds a transaction to the very consent that a decision was made on. */
    stillGranted: (patientId: string, state: ConsentState): Write =>
      check(table, stateKey(patientId, state.purpose, state.channel), {
        expression: "consentId = :consent AND decision = :granted",
        values: { ":consent": state.consentId, ":granted": "granted" },
      }),
  };
}

/** One page of a ledger, newest first. */
export interface LedgerPage {
  readonly records: readonly ConsentRecord[];
  /** The consent id after which the next page begins. */
  readonly next: string | null;
}

/** Reads a patient's states (at most 12: six purposes, two channels) and pages of the ledger. */
export function createConsentLedger(client: DynamoDBClient, table: string) {
  async function query(
    patientId: string,
    prefix: "state#" | "event#",
    limit: number,
    after?: Record<string, AttributeValue>,
  ) {
    return client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
        ExpressionAttributeValues: toAttributes({ ":pk": patientId, ":prefix": prefix }),
        ScanIndexForward: false,
        Limit: limit,
        ...(after === undefined ? {} : { ExclusiveStartKey: after }),
      }),
    );
  }
  return {
    async states(patientId: string): Promise<ConsentState[]> {
      const { Items } = await query(patientId, "state#", PURPOSES.length * CHANNELS.length);
      return (Items ?? []).map((item) => State.parse(fromAttributes(item)));
    },
    async page(patientId: string, limit: number, afterId: string | null): Promise<LedgerPage> {
      const after = afterId === null ? undefined : toAttributes({ pk: patientId, sk: `event#${afterId}` });
      const { Items, LastEvaluatedKey } = await query(patientId, "event#", limit, after);
      const records = (Items ?? []).map((item) => Entry.parse(fromAttributes(item)));
      return {
        records,
        next: LastEvaluatedKey === undefined ? null : (records.at(-1)?.consentId ?? null),
      };
    },
  };
}
