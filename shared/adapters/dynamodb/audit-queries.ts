import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { AuditEntry, AuditValue } from "../../audit/journal.ts";
import type { ReadAuditPorts } from "../../audit/read-ports.ts";
import { PURPOSES } from "../../domain/words.ts";
import { AUDIT_ACTOR_INDEX } from "../../tables/indexes.ts";
import { fromAttributes, toAttributes } from "./items.ts";

const Hash = z.string().length(64);

/** Everything that an entry is hashed over must be shown, so nothing that is stored may be dropped here. */
const Entry = z.strictObject({
  id: z.string(),
  chain: z.string(),
  sequence: z.int().positive(),
  at: z.iso.datetime(),
  action: z.string(),
  actor: z.string(),
  role: z.string(),
  function: z.string(),
  patientId: z.string().optional(),
  purpose: z.enum(PURPOSES).optional(),
  details: z.record(z.string(), z.custom<AuditValue>()).optional(),
  requestId: z.string(),
  previousHash: Hash,
  hash: Hash,
});

/** An entry as it is stored, without its key; throws on anything else. */
export function parseEntry(item: Readonly<Record<string, unknown>>): AuditEntry {
  const { pk: _pk, sk: _sk, ...entry } = item;
  return Entry.parse(entry) as AuditEntry;
}

function sortKey(sequence: number): string {
  return String(sequence).padStart(12, "0");
}

/** Reads the audit table by chain (strongly consistent) and by actor (from an index, so the newest may be missing). */
export function createAuditQueries(
  client: DynamoDBClient,
  table: string,
): Pick<ReadAuditPorts, "entriesOfChain" | "entriesOfActor"> {
  return {
    async entriesOfChain(chain, after, limit) {
      const { Items, LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          // Digits sort before the head.
          KeyConditionExpression: "pk = :chain AND sk BETWEEN :first AND :last",
          ExpressionAttributeValues: toAttributes({
            ":chain": chain,
            ":first": sortKey(after + 1),
            ":last": "9".repeat(12),
          }),
          Limit: limit,
        }),
      );
      return {
        entries: (Items ?? []).map((item) => parseEntry(fromAttributes(item))),
        more: LastEvaluatedKey !== undefined,
      };
    },
    async entriesOfActor(actor, { from, to }, after, limit) {
      const bounds = { ":from": from ?? "0", ":to": to ?? ":" };
      const { Items, LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: AUDIT_ACTOR_INDEX,
          // All times are between the bounds that stand for none; `to` is exclusive, and what is at it left out below.
          KeyConditionExpression: "#actor = :actor AND #at BETWEEN :from AND :to",
          ExpressionAttributeNames: { "#actor": "actor", "#at": "at" },
          ExpressionAttributeValues: toAttributes({ ":actor": actor, ...bounds }),
          Limit: limit,
          ...(after === null
            ? {}
            : {
                ExclusiveStartKey: toAttributes({
                  pk: after.chain,
                  sk: sortKey(after.sequence),
                  actor,
                  at: after.at,
                }),
              }),
        }),
      );
      const entries = (Items ?? []).map((item) => parseEntry(fromAttributes(item)));
      return {
        entries: entries.filter(({ at }) => to === null || at < to),
        more: LastEvaluatedKey !== undefined && (to === null || entries.every(({ at }) => at < to)),
      };
    },
  };
}
