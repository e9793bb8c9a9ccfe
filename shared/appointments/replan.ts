import { UNSENT } from "../alerting/outcome.ts";
import type { Write } from "../audit/journal.ts";
import type { NoticeKind } from "../domain/alerts/kinds.ts";
import type { Language } from "../domain/words.ts";
import type { AlertRecord } from "../messaging/records.ts";
import type { PracticeSettings } from "../practice/records.ts";
import { applyToDay, type DayChange } from "./days.ts";
import { planReminders } from "./plan-reminders.ts";
import type { AppointmentPorts } from "./ports.ts";
import type { Appointment, Told, VisitDay } from "./records.ts";
import { newVisitAlert } from "./visit-alerts.ts";

/** The alerts of a day's reminders and notices, by id. */
export type DayAlerts = ReadonlyMap<string, AlertRecord>;

/** What a change of a day comes to. */
export interface ChangedDay {
  readonly day: VisitDay;
  /** Alerts that are void, and can still be kept from leaving. */
  readonly voided: readonly AlertRecord[];
  readonly added: readonly AlertRecord[];
  /** A reminder of the day leaves at once. */
  readonly remindsNow: boolean;
  /** The notice that no text tells any more: too many of the day wait already. */
  readonly untold: NoticeKind | null;
}

/** What all alerts of a change have in common. */
export interface Planning {
  readonly settings: PracticeSettings;
  readonly language: Language;
  /** Who put the visit. */
  readonly sender: string;
  readonly at: Date;
  readonly newId: AppointmentPorts["newId"];
  /** A notice tells what is new: no reminder has to. */
  readonly noticeTells?: boolean;
}

/** Each visit has one at most; those of visits that were removed stay until they have left. */
const NOTICES_A_DAY_MAX = 20;

function isUnsent(alert: AlertRecord | undefined): alert is AlertRecord {
  return alert !== undefined && UNSENT.includes(alert.status);
}

/** Reads the alerts of a day's reminders and notices. */
export async function alertsOf(
  { read, messages }: Pick<AppointmentPorts, "read" | "messages">,
  days: readonly VisitDay[],
): Promise<DayAlerts> {
  const lookups = days.flatMap(({ patientId, reminders, notices }) =>
    [...reminders, ...notices].map(({ alertId }) => messages.alert(patientId, alertId)),
  );
  const alerts: readonly (AlertRecord | undefined)[] = await read(...lookups);
  return new Map(alerts.flatMap((alert) => (alert === undefined ? [] : [[alert.id, alert] as const])));
}

/** Changes a day and plans its reminders anew; a notice about the changed visit that has not left is void. */
export function changeDay(
  before: VisitDay,
  change: DayChange,
  alerts: DayAlerts,
  { settings, language, sender, at, newId, noticeTells = false }: Planning,
): ChangedDay {
  const after = applyToDay(before, change);
  const plan = planReminders({
    before,
    after,
    known: before.reminders.map(({ alertId, offsetHours }) => {
      const alert = alerts.get(alertId);
      return {
        alertId,
        offsetHours,
        unsent: isUnsent(alert),
        ended: alert?.status === "blocked" || alert?.status === "failed",
        kind: alert?.kind ?? "reminder",
        expiresAt: alert?.expiresAt ?? null,
        heldUntil: alert?.heldUntil ?? null,
      };
    }),
    offsetsDefault: settings.reminderOffsets,
    told: noticeTells ? null : after.told,
    now: at,
  });
  const added = plan.added.map(({ kind, offsetHours, at: due, expiresAt }) =>
    newVisitAlert({
      id: newId("alr", at),
      patientId: before.patientId,
      kind,
      day: before.day,
      offsetHours,
      language,
      sender,
      createdAt: at,
      at: due,
      expiresAt,
      slots: null,
    }),
  );
  const reminders = [
    ...plan.kept,
    ...added.map(({ id, offsetHours }) => ({ alertId: id, offsetHours: offsetHours ?? 0 })),
  ].toSorted((one, other) => other.offsetHours - one.offsetHours);
  return {
    day: { ...after, reminders },
    voided: plan.voided.flatMap((id) => alerts.get(id) ?? []),
    added,
    remindsNow: plan.added.some(({ at: due }) => Date.parse(due) <= at.getTime()),
    untold: null,
  };
}

/** A notice that waits is void once its visit is another; what has left is forgotten. */
export function withoutNoticesOf(changed: ChangedDay, appointmentId: string, alerts: DayAlerts): ChangedDay {
  const waiting = changed.day.notices.filter(({ alertId }) => isUnsent(alerts.get(alertId)));
  const own = waiting.filter((notice) => notice.appointmentId === appointmentId);
  return {
    ...changed,
    day: { ...changed.day, notices: waiting.filter((notice) => !own.includes(notice)) },
    voided: [...changed.voided, ...own.flatMap(({ alertId }) => alerts.get(alertId) ?? [])],
  };
}

/** What reminders told and a notice does not tell otherwise: a person calls where the notice does not arrive. */
function toldWith(told: Told | null, kind: NoticeKind, { id }: Appointment): Told | null {
  if (told === null || kind !== "visit-cancelled") return null;
  return { ...told, visits: told.visits.filter((visit) => visit.id !== id) };
}

/** Has a text tell at once what became of a visit; where too many of the day wait, `untold` says that none will. */
export function withNotice(
  changed: ChangedDay,
  kind: NoticeKind,
  visit: Appointment,
  { language, sender, at, newId }: Planning,
): ChangedDay {
  if (changed.day.notices.length >= NOTICES_A_DAY_MAX) return { ...changed, untold: kind };
  const alert = newVisitAlert({
    id: newId("alr", at),
    patientId: changed.day.patientId,
    kind,
    day: changed.day.day,
    offsetHours: null,
    language,
    sender,
    createdAt: at,
    at: at.toISOString(),
    expiresAt: visit.startsAt,
    slots: {
      location: visit.locationId,
      provider: visit.providerId,
      pharmacy: null,
      at: visit.startsAt,
      timeZone: visit.timeZone,
    },
  });
  const notice = { alertId: alert.id, appointmentId: visit.id };
  return {
    ...changed,
    day: {
      ...changed.day,
      notices: [...changed.day.notices, notice],
      told: toldWith(changed.day.told, kind, visit),
    },
    added: [...changed.added, alert],
  };
}

/** The writes of a changed day: the day as it was read, its void alerts off the index, its new ones on it. */
export function writesOf(
  { appointments, messages }: Pick<AppointmentPorts, "appointments" | "messages">,
  { day, voided, added }: ChangedDay,
): readonly Write[] {
  return [
    appointments.setVisitDay(day),
    ...voided.map((alert) =>
      messages.moveAlert(alert, UNSENT, { status: "blocked", reason: "superseded", dueAt: null }),
    ),
    ...added.flatMap((alert) => messages.addAlert(alert)),
  ];
}
