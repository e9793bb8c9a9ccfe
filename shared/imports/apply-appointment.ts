import type { AppointmentPorts } from "../appointments/ports.ts";
import { createPutAppointment } from "../appointments/put.ts";
import type { RowNote } from "../domain/imports/kinds.ts";
import { type ApplyRow, refused } from "./apply.ts";
import { createFindPatientOf } from "./find-patient.ts";
import type { AppointmentRow } from "./rows.ts";

const IN_THE_PAST: RowNote = { code: "in_the_past", column: "start" };

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
      case "changed":
      case "unchanged":
        return {
          kind: outcome.kind === "booked" ? "created" : outcome.kind,
          // Places are looked up where the row is read.
          warnings: outcome.warnings.includes("in_the_past") ? [IN_THE_PAST] : [],
        };
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
