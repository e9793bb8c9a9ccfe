import { bookedVisits, firstStart } from "../appointments/days.ts";
import type { VisitDay } from "../appointments/records.ts";
import { type AlertKind, VISIT_KINDS, type VisitKind } from "../domain/alerts/kinds.ts";
import type { AlertRecord } from "../messaging/records.ts";

const HOUR_MS = 60 * 60 * 1000;
const VISITS: readonly AlertKind[] = VISIT_KINDS;

/** True for a text that tells of visits. */
export function tellsOfVisit(kind: AlertKind): kind is VisitKind {
  return VISITS.includes(kind);
}

/** True for a text that was planned for a time before the visits of a day, and asks for C or 2. */
export function isReminder(kind: AlertKind): kind is "reminder" | "reminder-several" {
  return kind === "reminder" || kind === "reminder-several";
}

/** True for a text about visits that are not as it would tell any more: the day does not list it. */
export function isVoid({ id, kind }: AlertRecord, day: VisitDay | undefined): boolean {
  if (!tellsOfVisit(kind)) return false;
  if (day === undefined) return true;
  const listed = isReminder(kind) ? day.reminders : day.notices;
  return !listed.some(({ alertId }) => alertId === id) || (isReminder(kind) && firstStart(day) === null);
}

/** The moment that a text about visits tells: a notice's own, else the start of the day's first one; null: none. */
export function toldMoment({ kind, slots }: AlertRecord, day: VisitDay | undefined): string | null {
  return isReminder(kind) && day !== undefined ? firstStart(day) : (slots?.at ?? null);
}

/** True where another reminder of the day has its time still to come. */
export function isFollowed({ id }: AlertRecord, day: VisitDay | undefined, now: Date): boolean {
  const start = day === undefined ? null : firstStart(day);
  if (day === undefined || start === null) return false;
  return day.reminders.some(
    ({ alertId, offsetHours }) => alertId !== id && Date.parse(start) - offsetHours * HOUR_MS > now.getTime(),
  );
}

/**
 * The first visit to come that nobody was texted of but by this reminder: where it does not arrive, a person calls.
 * Null: none is left, or another reminder of the day has told of it (and asks for a call of its own).
 */
export function untoldVisit({ id, kind }: AlertRecord, day: VisitDay | undefined, now: Date): Date | null {
  if (!isReminder(kind) || day === undefined || (day.asked !== null && day.asked.alertId !== id)) return null;
  const next = bookedVisits(day).find(({ startsAt }) => Date.parse(startsAt) > now.getTime());
  return next === undefined ? null : new Date(next.startsAt);
}
