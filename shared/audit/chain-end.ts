/** What an entry tells whoever keeps its own memory in its chain. */
export interface RememberedEntry {
  readonly action: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The newest entries of an actor's own chain, at most `limit` (up to 100), the newest first. */
export type ChainEnd = (actor: string, limit: number) => Promise<readonly RememberedEntry[]>;
