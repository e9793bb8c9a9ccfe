import { createRecordConsent, type Decision, type RecordConsentPorts } from "../consent/record.ts";
import type { ConsentState } from "../consent/records.ts";
import { contactOf } from "../consent/states.ts";
import { keyedRequest } from "../idempotency/idempotency.ts";
import type { PatientRecord } from "../patients/records.ts";
import { type Applied, type ApplyRow, refused } from "./apply.ts";
import { createFindPatientOf, type FindPatientPorts } from "./find-patient.ts";
import type { ConsentRow } from "./rows.ts";

const RACES_MAX = 4;

/** What holds already, or keeps a row from being recorded; undefined where nothing does. */
function standing(row: ConsentRow, patient: PatientRecord, before: ConsentState | undefined) {
  const contactId = contactOf(patient, row.channel);
  if (row.decision === "revoked") {
    return before?.decision === "revoked" ? ({ kind: "unchanged" } as const) : undefined;
  }
  if (contactId === null) return refused("no_contact", "channel");
  if (before?.decision === "revoked") return refused("revoked_since", "decision");
  if (before === undefined) return undefined;
  // The file may be older than the number: only the patient's word confirms the new one.
  return before.contactId === contactId
    ? ({ kind: "unchanged" } as const)
    : refused("contact_changed_since", "decision");
}

/** Records a decision that a row tells of, with the method import, once. */
export function createApplyConsent(ports: RecordConsentPorts & FindPatientPorts): ApplyRow<ConsentRow> {
  const { read, consents } = ports;
  const record = createRecordConsent(ports);
  const find = createFindPatientOf(ports);

  return async (row, { asking, dryRun }): Promise<Applied> => {
    const { purpose, channel, decision, acknowledgements, evidence } = row;
    const patientId = await find(row.patient);
    if (patientId === undefined) return refused("patient_unknown", "patient");
    const body: Decision = { purpose, channel, decision, method: "import", acknowledgements, evidence };
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const [patient, before] = await read(
        ports.patients.patient(patientId),
        consents.state(patientId, purpose, channel),
      );
      if (patient === undefined) return refused("patient_unknown", "patient");
      const settled = standing(row, patient, before);
      if (settled !== undefined) return settled;
      const kind = before === undefined ? "created" : "changed";
      if (dryRun) return { kind };
      // Two imports of one file at the same time record a decision once: both saw the same before it.
      const keyed = await keyedRequest(ports.indexMac, {
        caller: "import",
        route: `consents of ${patientId}`,
        key: JSON.stringify([purpose, channel, decision, before?.consentId ?? null]),
        body,
      });
      const outcome = await record(patientId, body, asking, keyed);
      switch (outcome.kind) {
        case "recorded":
          return { kind };
        case "unknown-patient":
          return refused("patient_unknown", "patient");
        case "acknowledgement-missing":
          return refused("acknowledgement_missing", outcome.which);
        case "no-contact":
          return refused("no_contact", "channel");
        case "revoked-since":
          return refused("revoked_since", "decision");
        case "idempotency-conflict":
          // Another import told the same otherwise; look at what it left.
          break;
        default:
          return outcome satisfies never;
      }
    }
    return refused("contended");
  };
}
