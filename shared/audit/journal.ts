import type { Purpose } from "../domain/words.ts";

/** What an audit entry tells: ids, codes and times; never content, a name or a contact detail. */
export interface AuditEvent {
  /** Past tense, `noun.verb`, such as `message.accepted`. */
  readonly action: string;
  /** `staff_…`, `client_…`, `function:…` or `patient:…`. */
  readonly actor: string;
  /** The role under which the actor acted. */
  readonly role: string;
  readonly patientId?: string;
  readonly purpose?: Purpose;
  /** Ids, codes, counts and the stored form of the decision receipt. */
  readonly details?: Readonly<Record<string, AuditValue>>;
  readonly requestId: string;
}

/** Who asks for something, under which role, in which request. */
export type Asking = Pick<AuditEvent, "actor" | "role" | "requestId">;

/** Values that an entry's details may hold. */
export type AuditValue =
  | string
  | number
  | boolean
  | null
  | readonly AuditValue[]
  | { readonly [key: string]: AuditValue };

/** An entry as it stands in its chain. */
export interface AuditEntry extends AuditEvent {
  readonly id: string;
  /** `pat_…` for what concerns a patient, else `actor#…`. */
  readonly chain: string;
  /** From 1, without gaps. */
  readonly sequence: number;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** The Lambda that wrote it. */
  readonly function: string;
  /** Hex SHA-256 of the entry before, 64 zeros for the first. */
  readonly previousHash: string;
  /** Hex SHA-256 over the RFC 8785 form of everything above. */
  readonly hash: string;
}

/** The newest entry of a chain. */
export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
}

/** One write of a transaction, made by a table's adapter and opaque to use cases. */
export interface Write {
  readonly item: unknown;
}

/** One consistent read by key, made by a table's adapter. */
export interface Lookup<Value> {
  readonly table: string;
  readonly key: Readonly<Record<string, string>>;
  /** Throws when the stored item is not what the adapter wrote. */
  parse(item: Readonly<Record<string, unknown>>): Value;
}

/** The values of several lookups, in order; undefined where nothing is stored, and where null stood for a lookup. */
export type Snapshot<Lookups extends readonly (Lookup<unknown> | null)[]> = {
  -readonly [Index in keyof Lookups]: Lookups[Index] extends Lookup<infer Value> | null
    ? Value | undefined
    : never;
};

/** Reads several items of any tables in one consistent call; throws rather than answer in part. Null reads nothing. */
export type ReadSnapshot = <const Lookups extends readonly (Lookup<unknown> | null)[]>(
  ...lookups: Lookups
) => Promise<Snapshot<Lookups>>;

/** What became of a commit; `failed` are the positions of the writes whose condition did not hold. */
export type CommitOutcome =
  | { readonly kind: "committed"; readonly entry: AuditEntry }
  | { readonly kind: "conflict"; readonly failed: readonly number[] };

/**
 * The only way to change state: every write goes with its audit entry in one transaction, so that
 * nothing happens unrecorded (DESIGN §1.3). Racing writers of a chain are retried without loss.
 */
export interface Journal {
  /**
   * Writes `event` and `writes` together or not at all. `head` is the chain's head where the caller
   * has just read it; a null head says that the chain is new.
   */
  commit(event: AuditEvent, writes: readonly Write[], head?: ChainHead | null): Promise<CommitOutcome>;
  /** Writes `event` alone: a refusal, or a reading before its content is returned. */
  record(event: AuditEvent, head?: ChainHead | null): Promise<AuditEntry>;
  /** Reads the head of the chain that an event about this patient, or else of this actor, joins. */
  head(subject: { readonly patientId?: string; readonly actor: string }): Lookup<ChainHead>;
}
