import type { Asking } from "../audit/journal.ts";
import type { ConsentPorts } from "./record.ts";
import type { ConsentRecord, ConsentState } from "./records.ts";
import { isSuspended, readStates } from "./states.ts";

/** A decision with its evidence opened. */
export interface OpenedConsent {
  readonly record: ConsentRecord;
  readonly evidence: string | null;
}

/** What holds now, and whether it is held back because number or address are others by now. */
export interface PresentConsent {
  readonly state: ConsentState;
  readonly suspended: boolean;
}

/** What the ledger says of a patient. */
export interface ConsentHistory {
  readonly state: readonly PresentConsent[];
  readonly history: readonly OpenedConsent[];
  readonly next: string | null;
}

/** Decisions on one page; each costs one decryption. */
const PAGE_MAX = 50;
/** Decisions on one page of an export. */
export const EXPORT_PAGE_MAX = 200;

/** Reads states and ledger of a patient, newest first; the reading is on record before it happens. */
export function createReadConsents(ports: ConsentPorts) {
  return async (
    patientId: string,
    after: string | null,
    asking: Asking,
    limit = PAGE_MAX,
  ): Promise<ConsentHistory | undefined> => {
    const head = ports.journal.head({ patientId, actor: asking.actor });
    const [patient, known] = await ports.read(ports.patients.patient(patientId), head);
    if (patient === undefined) return undefined;
    await ports.journal.record({ ...asking, action: "consent.read", patientId }, known ?? null);
    const [state, page] = await Promise.all([
      readStates(ports.read, ports.consents, patientId),
      ports.ledger.page(patientId, limit, after),
    ]);
    const history = await Promise.all(
      page.records.map(async (record) => ({ record, evidence: await ports.openEvidence(record) })),
    );
    return {
      state: state.map((one) => ({ state: one, suspended: isSuspended(one, patient) })),
      history,
      next: page.next,
    };
  };
}
