import type { Channel, Language, Purpose } from "../domain/words.ts";

/** What holds now for one purpose and channel; derived from the newest entry of the ledger. */
export interface ConsentState {
  readonly consentId: string;
  readonly purpose: Purpose;
  readonly channel: Channel;
  readonly decision: "granted" | "revoked";
  readonly since: string;
  /** The number or address that it was given for. */
  readonly contactId: string | null;
  /** For a revocation by text: the grant that it ended, which START restores. */
  readonly ended: string | null;
}

/** What an entry of the ledger says. `asked` and `declined` change no state. */
export type LedgerDecision = ConsentState["decision"] | "asked" | "declined";

/** One entry in the ledger; never overwritten. */
export interface ConsentRecord extends Omit<ConsentState, "decision"> {
  readonly decision: LedgerDecision;
  readonly patientId: string;
  readonly method: string;
  /** The wording that was confirmed or asked. */
  readonly wording: string;
  /** The language it was in. */
  readonly language: Language;
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
