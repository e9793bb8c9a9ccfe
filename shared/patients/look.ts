import type { Asking } from "../audit/journal.ts";
import { blindIndex, type OpenedPatient, type PatientPorts } from "./register.ts";

/** Finds a patient's id by external id; on record, whether found or not. */
export function createFindPatient(ports: PatientPorts) {
  return async (externalId: string, asking: Asking): Promise<string | undefined> => {
    const index = await blindIndex(ports.indexMac, "external", externalId);
    const [match] = await ports.read(ports.patients.byExternalId(index));
    await ports.journal.record({
      ...asking,
      action: "patient.looked-up",
      details: { found: match !== undefined },
      ...(match === undefined ? {} : { patientId: match.patientId }),
    });
    return match?.patientId;
  };
}

/** Opens a patient's details; the audit entry is written before anything is decrypted. */
export function createReadPatient(ports: PatientPorts) {
  return async (id: string, asking: Asking): Promise<OpenedPatient | undefined> => {
    const head = ports.journal.head({ patientId: id, actor: asking.actor });
    const [record, known] = await ports.read(ports.patients.patient(id), head);
    if (record === undefined) return undefined;
    await ports.journal.record({ ...asking, action: "patient.read", patientId: id }, known ?? null);
    return { record, contact: await ports.openContact(record) };
  };
}
