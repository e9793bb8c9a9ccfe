import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import type { AuditEntry, AuditEvent, ChainHead } from "./journal.ts";

/** `previousHash` of the first entry of every chain. */
export const GENESIS_HASH = "0".repeat(64);

/** The chain that an event joins: the patient's where it concerns one, else the actor's. */
export function chainOf(subject: { readonly patientId?: string; readonly actor: string }): string {
  return subject.patientId ?? `actor#${subject.actor}`;
}

/** The shards of the index of heads: what moves is spread over them, and the anchor reads each. */
export const HEAD_SHARDS: readonly string[] = [..."0123456789abcdef"];

/** The shard in which a chain's head is found. */
export function headShardOf(chain: string): string {
  return createHash("sha256").update(chain, "utf8").digest("hex").charAt(0);
}

/** Hex SHA-256 over the RFC 8785 (JCS) serialization of an entry without its hash. */
export function hashEntry(entry: Omit<AuditEntry, "hash">): string {
  const canonical = canonicalize(entry);
  if (canonical === undefined) throw new Error("an audit entry could not be serialized");
  return createHash("sha256").update(canonical, "utf8").digest("hex");
}

/** The entry that follows `head` (null for a new chain) and records `event`. */
export function nextEntry(
  event: AuditEvent,
  head: ChainHead | null,
  made: { readonly id: string; readonly at: Date; readonly function: string },
): AuditEntry {
  const entry = {
    ...event,
    id: made.id,
    chain: chainOf(event),
    sequence: (head?.sequence ?? 0) + 1,
    at: made.at.toISOString(),
    function: made.function,
    previousHash: head?.hash ?? GENESIS_HASH,
  };
  return { ...entry, hash: hashEntry(entry) };
}
