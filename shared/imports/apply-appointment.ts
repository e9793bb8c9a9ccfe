import type { AppointmentPorts } from "../appointments/ports.ts";
import { createPutAppointment } from "../appointments/put.ts";
import { type ApplyRow, refused } from "./apply.ts";
import { createFindPatientOf } from "./find-patient.ts";
import type { AppointmentRow } from "./rows.ts";

/** Keeps a visit that a row tells of, as `PUT /v1/appointments/{externalId}` does. */
export function createApplyAppointment(ports: AppointmentPorts): ApplyRow<AppointmentRow> {
  const put = createPutAppointment(ports);
  const find = createFindPatientOf(ports);
  return async (row, { asking, dryRun, importId }) => {
    const patientId = await find(row.patient);
    if (patientId === undefined) return refused("patient_unknown", "patient");
    const outcome = await put(
      {
        externalId: row.externalId,
        patientId,
        startsAt: row.startsAt,
        status: row.status,
        confirmed: row.confirmed,
        locationId: row.locationId ?? undefined,
        providerId: row.providerId ?? undefined,
        timeZone: row.timeZone ?? undefined,
        reminderOffsets: row.reminderOffsets ?? undefined,
        sourceVersion: row.sourceVersion ?? undefined,
      },
      asking,
      { dryRun, importId },
    );
    switch (outcome.kind) {
      case "booked":
        return { kind: "created" };
      case "changed":
      case "unchanged":
        return { kind: outcome.kind };
      case "unknown-patient":
        return refused("patient_unknown", "patient");
      case "other-patient":
        return refused("other_patient", "patient");
      case "record-number":
        return refused("same_as_record_number", "externalId");
      case "stale":
        return refused("stale_version", "version");
      case "day-is-full":
        return refused("day_is_full", "start");
      case "version-conflict":
        return refused("contended");
      default:
        return outcome satisfies never;
    }
  };
}
