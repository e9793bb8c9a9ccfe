import { bookedVisits, firstStart } from "../appointments/days.ts";
import type { VisitDay } from "../appointments/records.ts";
import { type AlertKind, type ReminderKind, VISIT_KINDS, type VisitKind } from "../domain/alerts/kinds.ts";
import type { AlertRecord } from "../messaging/records.ts";

const VISITS: readonly AlertKind[] = VISIT_KINDS;

/** True for a text that tells of visits. */
export function tellsOfVisit(kind: AlertKind): kind is VisitKind {
  return VISITS.includes(kind);
}

/** True for a text that was planned for a time before the visits of a day, and asks for C or 2. */
export function isReminder(kind: AlertKind): kind is ReminderKind {
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

/**
 * The first visit to come that nobody was texted of but by this reminder: where it does not arrive, a person calls.
 * Null: none is left, or another reminder of the day has told of it (and asks for a call of its own). Of a notice that a
 * visit was moved or cancelled: the time that it tells, while somebody may still come in vain.
 */
export function untoldVisit(alert: AlertRecord, day: VisitDay | undefined, now: Date): Date | null {
  const { id, kind, slots } = alert;
  if (kind === "visit-moved" || kind === "visit-cancelled") {
    const at = new Date(slots?.at ?? 0);
    return at > now ? at : null;
  }
  if (!isReminder(kind) || day === undefined || (day.asked !== null && day.asked.alertId !== id)) return null;
  const next = bookedVisits(day).find(({ startsAt }) => Date.parse(startsAt) > now.getTime());
  return next === undefined ? null : new Date(next.startsAt);
}
