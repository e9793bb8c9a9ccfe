import type { AppointmentPorts } from "../appointments/ports.ts";
import type { RecordConsentPorts } from "../consent/record.ts";
import type { PatientPorts } from "../patients/register.ts";
import { createApplyAppointment } from "./apply-appointment.ts";
import { createApplyConsent } from "./apply-consent.ts";
import { createApplyPatient } from "./apply-patient.ts";
import type { FindPatientPorts } from "./find-patient.ts";
import { createRunImport, type RunImportPorts } from "./run.ts";

/** What rows of each kind need. */
export interface RowPorts {
  readonly ofPatients: PatientPorts;
  readonly ofConsents: RecordConsentPorts & FindPatientPorts;
  readonly ofAppointments: AppointmentPorts;
}

/** Works through imports of every kind; all of it in one module, so that it can be loaded with the first file. */
export function createWork(
  ports: Omit<RunImportPorts, "createApplyRows">,
  { ofPatients, ofConsents, ofAppointments }: RowPorts,
) {
  return createRunImport({
    ...ports,
    createApplyRows: () => ({
      patients: createApplyPatient(ofPatients),
      consents: createApplyConsent(ofConsents),
      appointments: createApplyAppointment(ofAppointments),
    }),
  });
}
