import type { ListedState, VisitState } from "../domain/visits/words.ts";
import type { Appointment, Told, VisitDay } from "./records.ts";

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
    told: null,
    changeTask: null,
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

/** What the newest reminder of a day told; null: none left yet. */
export function toldOf(day: VisitDay): Told | null {
  const { asked, told } = day;
  const startsAt = firstStart(day);
  if (asked === null || asked.alertId === told?.alertId || startsAt === null) return told;
  return {
    ...asked,
    startsAt,
    visits: bookedVisits(day).map(({ id, startsAt: at }) => ({ id, startsAt: at })),
  };
}

/** True where a reminder told of a visit as it is. */
export function isToldOf(told: Told, { id, startsAt }: Pick<Appointment, "id" | "startsAt">): boolean {
  return told.visits.some((visit) => visit.id === id && visit.startsAt === startsAt);
}

/** A reminder's question still fits what it told: the same first visit, and no visit that it did not speak of. */
function stillAsked(told: Told, appointments: readonly Appointment[]): boolean {
  const booked = bookedVisits({ appointments });
  return (
    booked.length > 0 &&
    told.startsAt === firstStart({ appointments }) &&
    booked.every((visit) => isToldOf(told, visit))
  );
}

/** The day that a visit comes to, with what the patient was told of it on the day that it leaves. */
export function withToldOf(day: VisitDay, left: VisitDay, appointmentId: string): VisitDay {
  const told = toldOf(left);
  const isTold = told?.visits.some(({ id }) => id === appointmentId) === true;
  return isTold && toldOf(day) === null ? { ...day, told } : day;
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
  const told = toldOf(day);
  return {
    ...day,
    appointments,
    timeZone: first?.timeZone ?? day.timeZone,
    asked: told !== null && stillAsked(told, appointments) ? { alertId: told.alertId, at: told.at } : null,
    told,
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

/** Whether a visit is in the state that a list is asked for. Who never got a reminder has not answered either. */
export function isInState(
  appointment: Appointment,
  day: Pick<VisitDay, "asked">,
  wanted: ListedState,
): boolean {
  const { state } = stateOf(appointment, day);
  if (wanted !== "unanswered") return state === wanted;
  return appointment.status === "booked" && (state === "unconfirmed" || state === "no-reply");
}
