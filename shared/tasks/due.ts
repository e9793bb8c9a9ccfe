import { clockMinutes, dayOf, daysBefore, momentOf } from "../domain/sending/local-time.ts";
import type { TaskKind } from "../domain/task-kinds.ts";
import type { PracticeSettings } from "../practice/records.ts";

/** When somebody is at the practice, and in which zone its clocks hang. */
export type OfficeHours = Pick<PracticeSettings, "timeZone" | "officeHours">;

const HOUR_MS = 60 * 60 * 1000;
/** Less than this before closing time, nobody is held to answer on the same day. */
const NOTICE_MS = 2 * HOUR_MS;
const WITHOUT_HOURS_MS = 24 * HOUR_MS;
/** Within this somebody must have read what hints at self-harm or an emergency. */
const URGENT_MS = 5 * 60 * 1000;
/** Two weeks: a week's one span may fall into the hour that clocks leap over. */
const DAYS_AHEAD = 14;

const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** The open spans from the local day of `now` on, by opening time; spans that no clock shows are left out. */
function* openSpans(now: Date, { timeZone, officeHours }: OfficeHours) {
  const today = dayOf(now, timeZone);
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead += 1) {
    const day = daysBefore(today, -ahead);
    const spans = officeHours[WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? ""] ?? [];
    for (const { opens, closes } of spans.toSorted((one, other) => one.opens.localeCompare(other.opens))) {
      const from = momentOf(day, clockMinutes(opens), timeZone);
      const to = momentOf(day, clockMinutes(closes), timeZone);
      if (from < to) yield { from, to };
    }
  }
}

/** True while the practice is open. */
export function isOpen(now: Date, hours: OfficeHours): boolean {
  for (const { from, to } of openSpans(now, hours)) {
    if (from > now) return false;
    if (now < to) return true;
  }
  return false;
}

/**
 * When a reply must be answered: at the end of the present open span where that is at least two hours
 * away, else at the end of the next one. A practice without office hours has 24 hours.
 */
export function replyDueAt(now: Date, hours: OfficeHours): Date {
  for (const { from, to } of openSpans(now, hours)) {
    if (from > now) return to;
    if (to.getTime() - now.getTime() >= NOTICE_MS) return to;
  }
  return new Date(now.getTime() + WITHOUT_HOURS_MS);
}

/** When a task is due that must be done before a visit: as replies are, and an hour before it at the latest. */
export function dueBefore(visitAt: Date, now: Date, hours: OfficeHours): Date {
  const due = replyDueAt(now, hours);
  const latest = new Date(visitAt.getTime() - HOUR_MS);
  if (due <= latest) return due;
  return latest > now ? latest : visitAt;
}

/** When a task about what somebody wrote is due: what hints at an emergency at once, the rest as replies are. */
export function wordsDueAt(kind: TaskKind, now: Date, hours: OfficeHours): string {
  const due = kind === "urgent-reply" ? new Date(now.getTime() + URGENT_MS) : replyDueAt(now, hours);
  return due.toISOString();
}
