import type { VisitState } from "../domain/visits/words.ts";
import type { Appointment, VisitDay } from "./records.ts";

/** So many visits of a patient fit on a day; more are a mistake of whatever sends them. */
export const VISITS_A_DAY_MAX = 20;

/** What happens to a day: a visit is put there, in its own place if it is there already, or taken away. */
export type DayChange =
  | { readonly kind: "put"; readonly appointment: Appointment }
  | { readonly kind: "remove"; readonly appointmentId: string };

/** A day that has no visits yet. */
export function emptyDay(patientId: string, day: string, timeZone: string): VisitDay {
  return {
    patientId,
    day,
    timeZone,
    appointments: [],
    reminders: [],
    notices: [],
    asked: null,
    version: 0,
  };
}

/** The visits that reminders tell of, the first first. */
export function bookedVisits({ appointments }: Pick<VisitDay, "appointments">): readonly Appointment[] {
  return appointments.filter(({ status }) => status === "booked");
}

/** When the day's first booked visit begins, ISO 8601 UTC; null without any. */
export function firstStart(day: Pick<VisitDay, "appointments">): string | null {
  return bookedVisits(day)[0]?.startsAt ?? null;
}

/** A reminder's question still fits what it told: the same first visit, and no visit that it did not speak of. */
function stillAsked(before: VisitDay, appointments: readonly Appointment[]): boolean {
  const told = new Map(bookedVisits(before).map(({ id, startsAt }) => [id, startsAt]));
  const booked = bookedVisits({ appointments });
  return (
    booked.length > 0 &&
    firstStart(before) === firstStart({ appointments }) &&
    booked.every(({ id, startsAt }) => told.get(id) === startsAt)
  );
}

/**
 * The day after a change, its reminders not planned again yet. Where the last reminder asked about something else than
 * what is now booked, C and 2 answer nothing until the next one asks.
 */
export function applyToDay(day: VisitDay, change: DayChange): VisitDay {
  const id = change.kind === "put" ? change.appointment.id : change.appointmentId;
  const others = day.appointments.filter((appointment) => appointment.id !== id);
  const appointments = (change.kind === "put" ? [...others, change.appointment] : others).toSorted(
    (one, other) => (`${one.startsAt}#${one.id}` < `${other.startsAt}#${other.id}` ? -1 : 1),
  );
  const [first] = [...bookedVisits({ appointments }), ...appointments];
  return {
    ...day,
    appointments,
    timeZone: first?.timeZone ?? day.timeZone,
    asked: stillAsked(day, appointments) ? day.asked : null,
  };
}

/** How far a visit is confirmed, and since when. */
export function stateOf(
  { status, confirmation, confirmedAt, changedAt }: Appointment,
  { asked }: Pick<VisitDay, "asked">,
): { readonly state: VisitState; readonly since: string } {
  if (status === "cancelled") return { state: "cancelled", since: changedAt };
  if (confirmation !== "none") return { state: confirmation, since: confirmedAt ?? changedAt };
  if (status === "booked" && asked !== null) return { state: "no-reply", since: asked.at };
  return { state: "unconfirmed", since: changedAt };
}
