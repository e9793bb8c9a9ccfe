import type { AuditEntry, Journal, ReadSnapshot } from "./journal.ts";

/** A page of entries. */
export interface EntryPage {
  readonly entries: readonly AuditEntry[];
  /** Whether there may be more after the last one. */
  readonly more: boolean;
}

/** Where an entry stands. */
export type EntryPlace = Pick<AuditEntry, "chain" | "sequence" | "at">;

/** What reading the audit needs. */
export interface ReadAuditPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  /** Entries of a chain in its order, after this sequence; as they stand at the moment. */
  readonly entriesOfChain: (chain: string, after: number, limit: number) => Promise<EntryPage>;
  /** Entries of an actor in every chain by time, after this place; the newest seconds may be missing. */
  readonly entriesOfActor: (
    actor: string,
    span: { readonly from: string | null; readonly to: string | null },
    after: EntryPlace | null,
    limit: number,
  ) => Promise<EntryPage>;
  readonly now: () => Date;
}
