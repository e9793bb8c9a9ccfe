import type { Asking } from "../audit/journal.ts";
import { noPin } from "../portal/pin-verifier.ts";
import type { PatientPorts } from "./register.ts";

/**
 * Takes a patient's PIN away, as when it was forgotten: the date of birth opens the portal again. Whether
 * there was one is neither read nor told. False where nobody knows the patient.
 */
export function createRemovePatientPin({ read, journal, patients, contentKeys, now }: PatientPorts) {
  return async (id: string, asking: Asking): Promise<boolean> => {
    const [patient, head] = await read(
      patients.patient(id),
      journal.head({ patientId: id, actor: asking.actor }),
    );
    if (patient === undefined) return false;
    await journal.commit(
      { ...asking, action: "pin.removed", patientId: id },
      [contentKeys.setPinVerifier(id, noPin(now().toISOString()))],
      head ?? null,
    );
    return true;
  };
}
