import type { Confirmation, VisitStatus } from "../domain/visits/words.ts";

/** One visit. It has no field for what it is about: neither type nor reason nor words. */
export interface Appointment {
  /** `apt_…`. */
  readonly id: string;
  /** Blind index of the external id: where its {@link AppointmentPointer} lies. */
  readonly externalIndex: string;
  /** ISO 8601 UTC. */
  readonly startsAt: string;
  /** IANA name: given, else the location's, else the practice's. Texts tell its time in it; it lies in its local day. */
  readonly timeZone: string;
  /** Ids of the directory; null where none was given, or it is not in the directory. */
  readonly locationId: string | null;
  readonly providerId: string | null;
  /** Hours before the start; null: the practice's. */
  readonly reminderOffsets: readonly number[] | null;
  readonly status: VisitStatus;
  readonly confirmation: Confirmation;
  /** When the confirmation was last changed. */
  readonly confirmedAt: string | null;
  /** The version that the scheduling system gave it; an older one changes nothing. */
  readonly sourceVersion: number | null;
  /** When it was booked, or its start or status last changed. */
  readonly changedAt: string;
  /** From 1; the ETag. */
  readonly version: number;
}

/** A reminder that was planned for a day. */
export interface PlannedReminder {
  readonly alertId: string;
  readonly offsetHours: number;
}

/** A notice that a visit was booked, moved or cancelled. */
export interface PlannedNotice {
  readonly alertId: string;
  /** Which visit it tells of. */
  readonly appointmentId: string;
}

/** What the patient takes for true because the newest reminder of the day told it. */
export interface Told {
  /** The reminder. */
  readonly alertId: string;
  readonly at: string;
  /** The time that it told: the first visit's, ISO 8601 UTC. */
  readonly startsAt: string;
  /** The visits that it spoke of. */
  readonly visits: readonly { readonly id: string; readonly startsAt: string }[];
}

/**
 * All visits of a patient on one local day, the unit of reminding: at most one text tells of them at a time. An alert
 * that is no longer among `reminders` or `notices` is void, whatever else is known of it.
 */
export interface VisitDay {
  readonly patientId: string;
  /** YYYY-MM-DD, in each of its visits' own zone. */
  readonly day: string;
  /** The first booked visit's, else the first visit's; IANA name. Notices tell their own visit's. */
  readonly timeZone: string;
  readonly appointments: readonly Appointment[];
  readonly reminders: readonly PlannedReminder[];
  /** At most one for each visit. */
  readonly notices: readonly PlannedNotice[];
  /** The reminder that asked last, C and 2 answer it; null until one left. */
  readonly asked: { readonly alertId: string; readonly at: string } | null;
  /** What was told before the day was changed; what `asked` told is told by the visits themselves. */
  readonly told: Told | null;
  /** `tsk_…`: the newest task to agree on another time, open or not. */
  readonly changeTask: string | null;
  /** 0: not stored yet. */
  readonly version: number;
}

/** Finds a visit by its external id. */
export interface AppointmentPointer {
  readonly externalIndex: string;
  readonly patientId: string;
  readonly day: string;
  readonly appointmentId: string;
  /** The external id, sealed for staff under ContactKey. */
  readonly sealed: Uint8Array;
  readonly wrappedKey: Uint8Array;
}
