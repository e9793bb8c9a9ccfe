import type { Tier } from "../domain/words.ts";

/**
 * What a portal cookie stands for. The cookie's value is random and never stored: `hash` is its
 * SHA-256, so that whoever reads the table cannot take a session over.
 */
export interface PortalSession {
  readonly hash: string;
  /** `birthDate`: the date was right and a code is still wanted. `open`: the thread may be read. */
  readonly stage: "birthDate" | "open";
  readonly patientId: string;
  readonly threadId: string;
  /** The one link that the session was opened with. */
  readonly linkLookup: string;
  /** The highest tier that the proof covers; a `birthDate` stage covers nothing yet. */
  readonly tier: Tier;
  readonly createdAt: string;
  readonly lastSeenAt: string;
}

/** When codes were asked for over one link, oldest first, within the last hour. */
export interface CodeRequests {
  readonly requestedAt: readonly string[];
  readonly version: number;
}

/** Wrong proofs of one patient on one day (UTC), over all links. */
export interface DailyMisses {
  readonly count: number;
}
