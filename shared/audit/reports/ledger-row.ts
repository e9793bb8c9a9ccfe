/** An entry of the consent ledger as its table's export has it, without what is sealed. */
export interface LedgerRow {
  readonly consentId: string;
  readonly patientId: string;
  readonly purpose: string;
  readonly channel: string;
  readonly decision: string;
  readonly contactId: string | null;
  /** For a revocation by text: the grant that it ended, and that START restores. */
  readonly ended: string | null;
  readonly method: string;
  readonly wording: string;
  readonly language: string;
  readonly acknowledgements: {
    readonly unsecuredText: boolean;
    readonly numberConfirmed: boolean;
    readonly optOutAnytime: boolean;
  } | null;
  readonly recordedBy: string;
  readonly recordedAt: string;
  /** False where nothing is sealed with it. */
  readonly hasEvidence: boolean;
  /** True where two exports have it differently; no entry of the ledger is ever overwritten. */
  readonly isRewritten: boolean;
}
