import type { Asking } from "../audit/journal.ts";
import type { ConsentPorts } from "./record.ts";
import type { ConsentRecord, ConsentState } from "./records.ts";

/** A decision with its evidence opened. */
export interface OpenedConsent {
  readonly record: ConsentRecord;
  readonly evidence: string | null;
}

/** What the ledger says of a patient. */
export interface ConsentHistory {
  readonly state: readonly ConsentState[];
  readonly history: readonly OpenedConsent[];
  readonly next: string | null;
}

/** Decisions on one page; each costs one decryption. */
const PAGE_MAX = 50;

/** Reads states and ledger of a patient, newest first; the reading is on record before it happens. */
export function createReadConsents(ports: ConsentPorts) {
  return async (
    patientId: string,
    after: string | null,
    asking: Asking,
  ): Promise<ConsentHistory | undefined> => {
    const head = ports.journal.head({ patientId, actor: asking.actor });
    const [patient, known] = await ports.read(ports.patients.patient(patientId), head);
    if (patient === undefined) return undefined;
    await ports.journal.record({ ...asking, action: "consent.read", patientId }, known ?? null);
    const [state, page] = await Promise.all([
      ports.ledger.states(patientId),
      ports.ledger.page(patientId, PAGE_MAX, after),
    ]);
    const history = await Promise.all(
      page.records.map(async (record) => ({ record, evidence: await ports.openEvidence(record) })),
    );
    return { state, history, next: page.next };
  };
}
