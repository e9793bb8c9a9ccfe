import type { Lookup, ReadSnapshot } from "../audit/journal.ts";
import type { ConsentRecord } from "../consent/records.ts";
import type { AlertRecord } from "../messaging/records.ts";
import type { PatientRecord } from "../patients/records.ts";
import { type EndLinksPorts, endLinks } from "./end-links.ts";
import type { Consequence } from "./refused-number.ts";

/** What a bounced e-mail leads to needs. */
export interface BouncedAddressPorts extends EndLinksPorts {
  readonly read: ReadSnapshot;
  readonly patients: { patient(id: string): Lookup<PatientRecord> };
  readonly consents: { entry(patientId: string, consentId: string): Lookup<ConsentRecord> };
}

/**
 * What follows from a permanent bounce: the links of the patient end, where the address is still the
 * patient's. A person is asked to call, as after every e-mail that did not arrive.
 */
export function createBouncedAddress(ports: BouncedAddressPorts) {
  return async ({ patientId, consentId }: AlertRecord): Promise<Consequence> => {
    const [patient, grant] = await ports.read(
      ports.patients.patient(patientId),
      ports.consents.entry(patientId, consentId ?? "none"),
    );
    const isPresent = patient?.addressId != null && grant?.contactId === patient.addressId;
    return isPresent ? endLinks(ports, patientId) : { writes: [], details: {} };
  };
}
