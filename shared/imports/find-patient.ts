import type { Lookup, ReadSnapshot } from "../audit/journal.ts";
import { blindIndex } from "../patients/register.ts";
import type { PatientReference } from "./rows.ts";

/** What finding patients needs. */
export interface FindPatientPorts {
  readonly read: ReadSnapshot;
  readonly patients: { byExternalId(index: string): Lookup<{ readonly patientId: string }> };
  readonly indexMac: (...fields: readonly (string | Uint8Array)[]) => Promise<Uint8Array>;
}

const REMEMBERED_MAX = 20_000;

/** Finds the patient whom a row names; those that were found are remembered as long as this is. */
export function createFindPatientOf({ read, patients, indexMac }: FindPatientPorts) {
  const found = new Map<string, string>();
  return async (reference: PatientReference): Promise<string | undefined> => {
    if ("patientId" in reference) return reference.patientId;
    const { recordNumber } = reference;
    const known = found.get(recordNumber);
    if (known !== undefined) return known;
    const [match] = await read(patients.byExternalId(await blindIndex(indexMac, "external", recordNumber)));
    if (match === undefined) return undefined;
    if (found.size >= REMEMBERED_MAX) found.clear();
    found.set(recordNumber, match.patientId);
    return match.patientId;
  };
}
