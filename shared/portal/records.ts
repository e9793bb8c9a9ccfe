import type { Tier } from "../domain/words.ts";

/**
 * What a portal cookie stands for. The cookie's value is random and never stored: `hash` is its HMAC under
 * ProofKey, so that whoever reads or writes the table can neither take a session over nor make one.
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
  /** The date of birth, or the PIN, was given for it; false where the link alone opened it. */
  readonly birthDateProven: boolean;
  /** Since when the PIN stands that it was proven under; null where there was none, or nothing was proven. */
  readonly pinSince: string | null;
  /** The remembered device that it was opened on; null on every other. */
  readonly deviceHash: string | null;
  /** Messages that the patient wrote in this session: shown in it whatever their tier. */
  readonly written: readonly string[];
  /** Attachments that were uploaded in this session and not sent yet. */
  readonly uploads: readonly string[];
}

/** When codes were asked for over one link, or for one patient, oldest first, within the last hour. */
export interface CodeRequests {
  readonly requestedAt: readonly string[];
  readonly version: number;
}

/** When new links were asked for over one link, or for one patient, oldest first, within the last day. */
export type NewLinkRequests = CodeRequests;

/** Wrong proofs of one patient on one day (UTC), over all links. */
export interface DailyMisses {
  readonly count: number;
  /** The task that was opened when a link died of them; at most one a day. */
  readonly taskId: string | null;
}

/** A browser that a patient had remembered with a code; `hash` is the keyed hash of its cookie. */
export interface RememberedDevice {
  readonly hash: string;
  /** When it was remembered: it is for 30 days, however often it is used. */
  readonly createdAt: string;
  readonly lastUsedAt: string;
}

/** The remembered devices of one patient, oldest first. */
export interface RememberedDevices {
  readonly devices: readonly RememberedDevice[];
  readonly version: number;
}
