import {
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { chainOf, headShardOf, nextEntry } from "../../audit/chain.ts";
import type {
  AuditEvent,
  ChainHead,
  CommitOutcome,
  Journal,
  Lookup,
  ReadSnapshot,
  Write,
} from "../../audit/journal.ts";
import type { NewId } from "../../runtime/ids.ts";
import { put } from "./items.ts";

const ATTEMPTS_MAX = 10;
const SEQUENCE_DIGITS = 12;

const HeadItem = z.object({ sequence: z.int().positive(), hash: z.string().length(64) });

/** What the journal needs besides the table. */
export interface JournalSettings {
  readonly table: string;
  /** The Lambda that writes; stands in every entry. */
  readonly function: string;
  readonly read: ReadSnapshot;
  readonly newId: NewId;
  readonly now: () => Date;
}

/**
 * The one writer of the audit table. An entry takes the next number of its chain by a condition on
 * the chain's head, in the same transaction as the writes it records.
 */
export function createJournal(client: DynamoDBClient, settings: JournalSettings): Journal {
  const { table, read, newId, now } = settings;

  function head(subject: { readonly patientId?: string; readonly actor: string }): Lookup<ChainHead> {
    return {
      table,
      key: { pk: chainOf(subject), sk: "head" },
      parse: (item) => HeadItem.parse(item),
    };
  }

  function auditWrites(event: AuditEvent, at: ChainHead | null) {
    const entry = nextEntry(event, at, {
      id: newId("aud", now()),
      at: now(),
      function: settings.function,
    });
    const sk = String(entry.sequence).padStart(SEQUENCE_DIGITS, "0");
    const headItem = {
      pk: entry.chain,
      sk: "head",
      sequence: entry.sequence,
      hash: entry.hash,
      at: entry.at,
      headShard: headShardOf(entry.chain),
    };
    const writes = [
      put(table, { pk: entry.chain, sk, ...entry }, { expression: "attribute_not_exists(pk)" }),
      at === null
        ? put(table, headItem, { expression: "attribute_not_exists(pk)" })
        : put(table, headItem, {
            expression: "#sequence = :sequence AND #hash = :hash",
            names: { "#sequence": "sequence", "#hash": "hash" },
            values: { ":sequence": at.sequence, ":hash": at.hash },
          }),
    ];
    return { entry, writes };
  }

  async function attempt(event: AuditEvent, writes: readonly Write[], at: ChainHead | null) {
    const audit = auditWrites(event, at);
    const items = [...writes, ...audit.writes].map(({ item }) => item as TransactWriteItem);
    try {
      await client.send(
        // The token is the entry's id: a retried request cannot write twice.
        new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken: audit.entry.id }),
      );
      return { kind: "committed", entry: audit.entry } as const;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
      const failed = writes
        .map((_write, index) => index)
        .filter((index) => codes[index] === "ConditionalCheckFailed");
      if (failed.length > 0) return { kind: "conflict", failed } as const;
      const raced = codes.every(
        (code) =>
          code === undefined ||
          code === "None" ||
          code === "ConditionalCheckFailed" ||
          code === "TransactionConflict",
      );
      if (!raced) throw error;
      return { kind: "raced" } as const;
    }
  }

  async function commit(
    event: AuditEvent,
    writes: readonly Write[],
    known?: ChainHead | null,
  ): Promise<CommitOutcome> {
    let at = known;
    for (let count = 1; count <= ATTEMPTS_MAX; count += 1) {
      if (at === undefined) at = (await read(head(event)))[0] ?? null;
      const outcome = await attempt(event, writes, at);
      if (outcome.kind !== "raced") return outcome;
      at = undefined;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** Math.min(count, 5)));
    }
    throw new Error("the audit chain stayed contended; nothing was written");
  }

  return {
    commit,
    head,
    async record(event, known) {
      const outcome = await commit(event, [], known);
      if (outcome.kind === "conflict") throw new Error("an audit entry was refused");
      return outcome.entry;
    },
  };
}
