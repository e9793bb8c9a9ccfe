import type { Channel, Purpose } from "../domain/words.ts";

/** What holds now for one purpose and channel; derived from the newest entry of the ledger. */
export interface ConsentState {
  readonly consentId: string;
  readonly purpose: Purpose;
  readonly channel: Channel;
  readonly decision: "granted" | "revoked";
  readonly since: string;
  /** The number or address that it was given for. */
  readonly contactId: string | null;
}

/** One decision in the ledger; never overwritten. */
export interface ConsentRecord extends ConsentState {
  readonly patientId: string;
  readonly method: string;
  readonly acknowledgements: {
    readonly unsecuredText: boolean;
    readonly numberConfirmed: boolean;
    readonly optOutAnytime: boolean;
  } | null;
  readonly recordedBy: string;
  readonly recordedAt: string;
  /** Sealed `{ evidence }` and the key that opens it, wrapped by ContactKey. */
  readonly sealed: Uint8Array;
  readonly wrappedKey: Uint8Array;
}
