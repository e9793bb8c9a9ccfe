import type { Lookup, Write } from "../audit/journal.ts";
import type { Channel, Language, Purpose } from "../domain/words.ts";
import type { ConsentRecord, ConsentState } from "./records.ts";

/** What ending and restoring consents needs. */
export interface StopPorts {
  readonly consents: {
    append(record: ConsentRecord, before: ConsentState | undefined): Write[];
    entry(patientId: string, consentId: string): Lookup<ConsentRecord>;
  };
  readonly sealEvidence: (
    patientId: string,
    consentId: string,
    evidence: string | null,
  ) => Promise<Pick<ConsentRecord, "sealed" | "wrappedKey">>;
  readonly newId: (prefix: "con", now?: Date) => string;
}

/** How a patient asked for no more, or for more. */
export interface Asked {
  readonly channel: Channel;
  /** `text`, `carrier`, `portal`, `email`, `verbal`, … */
  readonly method: string;
  /** The patient's own words or where they are kept; sealed. Null for a bare keyword. */
  readonly evidence: string | null;
  readonly recordedBy: string;
  readonly language: Language;
  readonly at: Date;
  /** START shall restore nothing of it, however it came: the number is said not to be the patient's. */
  readonly final?: boolean;
}

/** Ledger entries to write, with the ids that they have. */
export interface LedgerWrites {
  readonly consentIds: readonly string[];
  readonly purposes: readonly Purpose[];
  readonly writes: readonly Write[];
}

/**
 * Wording of a decision that came as a text, named by its template; of one that came otherwise, the
 * wording that staff confirm.
 */
export const STOP_WORDING = "stop";

/** The three sentences that are ticked on the portal's page of preferences; new sentences have a new name. */
export const PORTAL_WORDING = "portal-2026-11";

/** What START may undo: a STOP by text, and the carrier's word that there was one. */
const UNDONE_BY_START: ReadonlySet<string> = new Set(["text", "carrier"]);

/** True for what was ended in a way that START undoes: nobody asked for it otherwise than by text. */
export function isUndoneByStart(method: string): boolean {
  return UNDONE_BY_START.has(method);
}

/**
 * Ends every consent among `states` that is granted for the channel: one entry each, whoever recorded
 * it and however it came (47 CFR 64.1200(a)(10)). What is ended already is left alone, unless START could
 * still undo it and must not any more.
 */
export async function revokeAll(
  { consents, sealEvidence, newId }: StopPorts,
  patientId: string,
  states: readonly ConsentState[],
  asked: Asked,
): Promise<LedgerWrites> {
  // Who said so otherwise, perhaps because the phone is shared, is not asked by a text from it.
  const isFinal = asked.final === true || !isUndoneByStart(asked.method);
  const concerned = states.filter(
    ({ decision, channel, ended }) =>
      channel === asked.channel && (decision === "granted" || (isFinal && ended !== null)),
  );
  const records = await Promise.all(
    concerned.map(async (state): Promise<readonly [ConsentRecord, ConsentState]> => {
      const consentId = newId("con", asked.at);
      const record: ConsentRecord = {
        ...entryOf(patientId, consentId, state, asked),
        decision: "revoked",
        ended: isFinal ? null : state.consentId,
        acknowledgements: null,
        ...(await sealEvidence(patientId, consentId, asked.evidence)),
      };
      return [record, state];
    }),
  );
  return ledgerWrites(consents, records);
}

/**
 * Puts on record that `purposes` are unwelcome of which nothing is granted: one entry each, on top of
 * what holds of them among `states`. START undoes none, for there is no grant that it could restore;
 * `contactId` is what the patient is reached at, where the writer knows it.
 */
export async function refuseAll(
  { consents, sealEvidence, newId }: StopPorts,
  patientId: string,
  purposes: readonly Purpose[],
  states: readonly ConsentState[],
  asked: Asked & { readonly contactId: string | null },
): Promise<LedgerWrites> {
  const { channel } = asked;
  const records = await Promise.all(
    purposes.map(async (purpose): Promise<readonly [ConsentRecord, ConsentState | undefined]> => {
      const state = states.find((one) => one.purpose === purpose && one.channel === channel);
      const consentId = newId("con", asked.at);
      const contactId = asked.contactId ?? state?.contactId ?? null;
      const record: ConsentRecord = {
        ...entryOf(patientId, consentId, { purpose, channel, contactId }, asked),
        decision: "revoked",
        ended: null,
        acknowledgements: null,
        ...(await sealEvidence(patientId, consentId, asked.evidence)),
      };
      return [record, state];
    }),
  );
  return ledgerWrites(consents, records);
}

/**
 * Restores what texts or the carrier's list had ended among `states`, for the number that the patient
 * has (`contactId`): START undoes STOP and gives nothing that was not agreed to before. The
 * acknowledgements are those of the grants that were ended; `endedGrants` are their entries.
 */
export async function restoreStopped(
  { consents, sealEvidence, newId }: StopPorts,
  patientId: string,
  states: readonly ConsentState[],
  endedGrants: readonly (ConsentRecord | undefined)[],
  asked: Asked,
): Promise<LedgerWrites> {
  const grants = new Map(endedGrants.flatMap((grant) => (grant ? [[grant.consentId, grant]] : [])));
  const records = await Promise.all(
    states.map(async (state): Promise<readonly (readonly [ConsentRecord, ConsentState])[]> => {
      const grant = state.ended === null ? undefined : grants.get(state.ended);
      if (grant === undefined || state.decision !== "revoked") return [];
      const consentId = newId("con", asked.at);
      const record: ConsentRecord = {
        ...entryOf(patientId, consentId, state, asked),
        decision: "granted",
        ended: null,
        acknowledgements: grant.acknowledgements,
        ...(await sealEvidence(patientId, consentId, asked.evidence)),
      };
      return [[record, state]];
    }),
  );
  return ledgerWrites(consents, records.flat());
}

/** The grants that a START of the number `contactId` may restore. */
export function stoppedGrants(states: readonly ConsentState[], contactId: string | null): readonly string[] {
  return states.flatMap(({ decision, channel, contactId: stopped, ended }) =>
    decision === "revoked" && channel === "sms" && stopped === contactId && ended !== null ? [ended] : [],
  );
}

function entryOf(
  patientId: string,
  consentId: string,
  state: Pick<ConsentState, "purpose" | "channel" | "contactId">,
  asked: Asked,
) {
  const at = asked.at.toISOString();
  return {
    consentId,
    patientId,
    purpose: state.purpose,
    channel: state.channel,
    since: at,
    contactId: state.contactId,
    method: asked.method,
    wording: STOP_WORDING,
    language: asked.language,
    recordedBy: asked.recordedBy,
    recordedAt: at,
  };
}

function ledgerWrites(
  consents: StopPorts["consents"],
  records: readonly (readonly [ConsentRecord, ConsentState | undefined])[],
): LedgerWrites {
  return {
    consentIds: records.map(([{ consentId }]) => consentId),
    purposes: records.map(([{ purpose }]) => purpose),
    writes: records.flatMap(([record, state]) => consents.append(record, state)),
  };
}
