import { UNSENT } from "../alerting/outcome.ts";
import { isReminder, tellsOfVisit } from "../alerting/visits.ts";
import type { NoticeKind } from "../domain/alerts/kinds.ts";
import type { PracticeSettings } from "../practice/records.ts";
import type { Appointment, VisitDay } from "./records.ts";
import type { DayAlerts } from "./replan.ts";

/** A notice that a practice wants sent at once, and the visit as it tells of it. */
export interface WantedNotice {
  readonly kind: NoticeKind;
  readonly visit: Appointment;
}

/** What a visit was, and what it is now; undefined where there is none. */
export interface VisitChange {
  readonly before: Appointment | undefined;
  readonly after: Appointment | undefined;
}

/** What the patient was not told yet: the notice about a visit that waits to be sent. */
export function waitingNotice(
  day: VisitDay | undefined,
  appointmentId: string,
  alerts: DayAlerts,
): NoticeKind | undefined {
  const notice = day?.notices.find((one) => one.appointmentId === appointmentId);
  const alert = notice === undefined ? undefined : alerts.get(notice.alertId);
  const kind = alert !== undefined && UNSENT.includes(alert.status) ? alert.kind : undefined;
  return kind !== undefined && tellsOfVisit(kind) && !isReminder(kind) ? kind : undefined;
}

function kindOf({ before, after }: VisitChange, waiting: NoticeKind | undefined): NoticeKind | undefined {
  const was = before?.status === "booked";
  const is = after?.status === "booked";
  const untold = waiting === "visit-booked";
  const isAsTold = waiting === "visit-cancelled" && before?.startsAt === after?.startsAt;
  if (is && !was) return isAsTold ? undefined : "visit-booked";
  if (is && before?.startsAt !== after.startsAt) return untold ? "visit-booked" : "visit-moved";
  // Who never heard of it need not hear that it is off.
  if (was && !untold && (after === undefined || after.status === "cancelled")) return "visit-cancelled";
  return undefined;
}

const SETTING = {
  "visit-booked": "booked",
  "visit-moved": "moved",
  "visit-cancelled": "cancelled",
} as const;

/** The one notice that a change is worth; undefined where the practice wants none, or the visit is past. */
export function noticeOf(
  change: VisitChange,
  waiting: NoticeKind | undefined,
  { visitNotices }: Pick<PracticeSettings, "visitNotices">,
  now: Date,
): WantedNotice | undefined {
  const kind = kindOf(change, waiting);
  if (kind === undefined) return undefined;
  const visit = kind === "visit-cancelled" ? change.before : change.after;
  const isAhead = visit !== undefined && Date.parse(visit.startsAt) > now.getTime();
  return isAhead && visitNotices.includes(SETTING[kind]) ? { kind, visit } : undefined;
}
