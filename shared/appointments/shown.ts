import type { VisitState, VisitStatus } from "../domain/visits/words.ts";
import { stateOf } from "./days.ts";
import type { Appointment, PlannedReminder, VisitDay } from "./records.ts";

/** A visit as answers tell it. */
export interface ShownAppointment {
  readonly id: string;
  readonly patientId: string;
  readonly startsAt: string;
  readonly timeZone: string;
  /** The local day in `timeZone`. */
  readonly day: string;
  readonly locationId: string | null;
  readonly providerId: string | null;
  readonly status: VisitStatus;
  readonly state: VisitState;
  readonly stateSince: string;
  /** Its own; null: the practice's. */
  readonly reminderOffsets: readonly number[] | null;
  /** Of its whole day. */
  readonly reminders: readonly PlannedReminder[];
  readonly sourceVersion: number | null;
  readonly version: number;
}

/** What of a visit and its day answers tell. */
export function shownAppointment(appointment: Appointment, day: VisitDay): ShownAppointment {
  const { state, since } = stateOf(appointment, day);
  return {
    id: appointment.id,
    patientId: day.patientId,
    startsAt: appointment.startsAt,
    timeZone: appointment.timeZone,
    day: day.day,
    locationId: appointment.locationId,
    providerId: appointment.providerId,
    status: appointment.status,
    state,
    stateSince: since,
    reminderOffsets: appointment.reminderOffsets,
    reminders: appointment.status === "booked" ? day.reminders : [],
    sourceVersion: appointment.sourceVersion,
    version: appointment.version,
  };
}
