import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { Lookup, Write } from "../../audit/journal.ts";
import { ALERT_KINDS } from "../../domain/alerts/kinds.ts";
import { PURPOSES } from "../../domain/words.ts";
import {
  DIRECTORY_KINDS,
  type Directory,
  type Vocabulary,
  type VocabularyInForce,
  type VocabularyMark,
} from "../../vocabulary/records.ts";
import { atVersion, check, fromAttributes, put, toAttributes } from "./items.ts";

const Time = z.iso.datetime();
/** A template's parts as they are stored. */
export const Parts = z.array(
  z.union([
    z.string(),
    z.object({
      slot: z.enum(["practice", "phone", "link", "code", "date", "time", "provider", "location", "pharmacy"]),
    }),
  ]),
);

const VocabularyItem = z.object({
  version: z.int(),
  at: Time,
  templates: z.array(
    z.object({
      id: z.string(),
      version: z.int(),
      use: z.enum(ALERT_KINDS),
      purpose: z.enum(PURPOSES),
      tier: z.literal([1, 2, 3]),
      texts: z.object({ en: Parts, es: Parts }),
      approvedAt: Time,
      about: z
        .object({
          name: z.string(),
          reviewers: z.object({ en: z.string(), es: z.string() }),
          author: z.string(),
          writtenAt: Time,
          approvedBy: z.string(),
        })
        .optional(),
    }),
  ),
  names: z.array(
    z.object({ id: z.string(), kind: z.enum(DIRECTORY_KINDS), textName: z.string(), version: z.int() }),
  ),
});

const DirectoryItem = z.object({
  entries: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(DIRECTORY_KINDS),
      name: z.string(),
      codes: z.array(z.string()),
      timeZone: z.string().nullable(),
      textName: z.string(),
      version: z.int(),
      approved: z.object({ textName: z.string(), version: z.int(), by: z.string(), at: Time }).nullable(),
      proposedBy: z.string(),
      asked: z.string().optional(),
    }),
  ),
  version: z.int(),
});

/** What says which vocabulary is in force without its words, which can be many. */
const MarkItem = z.object({ version: z.int(), uses: z.array(z.enum(ALERT_KINDS)) });

/** Apart from settings: what sends may write neither what is in force nor its mark, and no role but one may. */
const VOCABULARY_PARTITION = "vocabulary";
const VERSION_DIGITS = 6;

/** Approved, because it lies where nothing but an approval writes. */
function parseInForce(item: unknown): VocabularyInForce {
  const stored: Vocabulary = VocabularyItem.parse(item);
  return stored as VocabularyInForce;
}

/** Two versions of the same millisecond stand in their order. */
function pastOrder(at: string, version: number): string {
  return `${at}#${String(version).padStart(VERSION_DIGITS, "0")}`;
}

/** What was in force at a moment: the newest version that came into force until then. */
export function createVocabularyAt(client: DynamoDBClient, table: string) {
  return async (at: Date): Promise<Vocabulary | undefined> => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: "pk = :vocabulary AND sk <= :at",
        ExpressionAttributeValues: toAttributes({
          ":vocabulary": VOCABULARY_PARTITION,
          // After every version of that millisecond.
          ":at": `${at.toISOString()}~`,
        }),
        ScanIndexForward: false,
        Limit: 1,
      }),
    );
    const [item] = Items;
    return item === undefined ? undefined : VocabularyItem.parse(fromAttributes(item));
  };
}

/** Lookups and writes of what texts can be made of, in the `Practice` table. */
export function createVocabularyTable(table: string) {
  // Behind every time: no look at what was in force earlier meets them.
  const currentKey = { pk: VOCABULARY_PARTITION, sk: "current" };
  const markKey = { pk: VOCABULARY_PARTITION, sk: "mark" };
  const directoryKey = { pk: "practice", sk: "directory" };
  const pastKey = (at: string, version: number) => ({ pk: VOCABULARY_PARTITION, sk: pastOrder(at, version) });
  return {
    table,
    /** What is in force now. */
    vocabulary: (): Lookup<VocabularyInForce> => ({
      table,
      key: currentKey,
      parse: parseInForce,
    }),
    /** Puts the next version in force and keeps it for good; `version` is the one it follows (0: none). */
    setVocabulary: (vocabulary: Omit<Vocabulary, "version">, version: number): Write[] => [
      put(table, { ...currentKey, ...vocabulary, version: version + 1 }, atVersion(version)),
      put(table, { ...pastKey(vocabulary.at, version + 1), ...vocabulary, version: version + 1 }),
      put(table, {
        ...markKey,
        version: version + 1,
        uses: [...new Set(vocabulary.templates.map(({ use }) => use))],
      }),
    ],
    /** Which version is in force, and for which kinds it has templates: one small item, read with every text. */
    vocabularyMark: (): Lookup<VocabularyMark> => ({
      table,
      key: markKey,
      parse: (item) => MarkItem.parse(item),
    }),
    /** Holds a transaction to what is in force. */
    vocabularyUnchanged: (version: number): Write => check(table, markKey, atVersion(version)),
    /** The directory, with what is not approved yet. */
    directory: (): Lookup<Directory> => ({
      table,
      key: directoryKey,
      parse: (item) => DirectoryItem.parse(item),
    }),
    /** Replaces the directory that is at `version` (0: none yet). */
    setDirectory: (entries: Directory["entries"], version: number): Write =>
      put(table, { ...directoryKey, entries, version: version + 1 }, atVersion(version)),
  };
}
