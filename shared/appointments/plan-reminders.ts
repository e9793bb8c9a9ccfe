import type { AlertKind, ReminderKind } from "../domain/alerts/kinds.ts";
import { sortedOffsets } from "../domain/visits/offsets.ts";
import { bookedVisits, firstStart, isToldOf } from "./days.ts";
import type { Appointment, PlannedReminder, Told, VisitDay } from "./records.ts";

const HOUR_MS = 60 * 60 * 1000;
/** A reminder whose time has just passed still goes out, if the visit is not too near and no other reminder is. */
const CATCH_UP_MS = 6 * HOUR_MS;
const TOO_NEAR_MS = 2 * HOUR_MS;
/** Reminders of a day at most, whatever offsets its visits have; the nearest to the visit stay. */
const REMINDERS_A_DAY_MAX = 6;

/** The offset of a reminder that leaves at once, because what was told is true no more. */
const AT_ONCE_HOURS = 0;

/** A reminder that the day has, with what is known of its alert. */
export interface KnownReminder extends PlannedReminder {
  /** False once it was claimed, or came to an end without being sent. */
  readonly unsent: boolean;
  /** True where it came to an end without being sent. */
  readonly ended?: boolean;
  readonly kind: AlertKind;
  readonly expiresAt: string | null;
  readonly heldUntil: string | null;
}

/** A reminder to plan. */
export interface NewReminder {
  readonly kind: ReminderKind;
  readonly offsetHours: number;
  /** Not before, ISO 8601 UTC. */
  readonly at: string;
  readonly expiresAt: string;
}

/** What becomes of a day's reminders. */
export interface ReminderPlan {
  readonly kept: readonly PlannedReminder[];
  /** Ids of alerts that are void and can still be kept from leaving. */
  readonly voided: readonly string[];
  readonly added: readonly NewReminder[];
}

/** What a plan is made from. */
export interface PlanSituation {
  readonly before: Pick<VisitDay, "appointments">;
  readonly after: Pick<VisitDay, "appointments">;
  /** The reminders of the day before. */
  readonly known: readonly KnownReminder[];
  /** The practice's; visits may have their own. */
  readonly offsetsDefault: readonly number[];
  /** What the patient was told by a reminder; null: nothing, or another text tells what is new. */
  readonly told?: Told | null;
  readonly now: Date;
}

interface Span {
  readonly offsetHours: number;
  readonly due: number;
  /** When the next reminder is due, or the visit begins. */
  readonly until: number;
}

function spansOf(start: number, { after, offsetsDefault }: PlanSituation): readonly Span[] {
  const wanted = bookedVisits(after).flatMap(({ reminderOffsets }) => reminderOffsets ?? offsetsDefault);
  const offsets = sortedOffsets(wanted).slice(-REMINDERS_A_DAY_MAX);
  return offsets.map((offsetHours, index) => ({
    offsetHours,
    due: start - offsetHours * HOUR_MS,
    until: start - (offsets[index + 1] ?? 0) * HOUR_MS,
  }));
}

/**
 * Until when the patient must hear that what was told is true no more: until the time that was told, or the visit begins.
 * Null: it is true, or that time is over. What staff have the patient's word for, and what wants no reminder, is not told.
 */
function newsBy(first: string | null, situation: PlanSituation): number | null {
  const { after, offsetsDefault, told = null, now } = situation;
  if (told === null || first === null) return null;
  const isNews = (visit: Appointment) =>
    !isToldOf(told, visit) &&
    visit.confirmation !== "confirmed" &&
    (visit.reminderOffsets ?? offsetsDefault).length > 0;
  const [visit, ...others] = bookedVisits(after);
  const isOther = first !== told.startsAt && visit !== undefined && (isToldOf(told, visit) || isNews(visit));
  const until = Math.min(Date.parse(first), Date.parse(told.startsAt));
  return (isOther || others.some(isNews)) && until > now.getTime() ? until : null;
}

/** The reminder that tells at once what is true now; null: none is needed, or a person calls about it. */
function tellNews({
  situation,
  standing,
  kept,
  added,
  kind,
}: {
  readonly situation: PlanSituation;
  /** Known reminders of the same first start, and what becomes of them. */
  readonly standing: readonly KnownReminder[];
  readonly kept: readonly PlannedReminder[];
  readonly added: readonly NewReminder[];
  readonly kind: NewReminder["kind"];
}): Pick<ReminderPlan, "kept" | "added"> | null {
  const { after, known, now } = situation;
  const first = firstStart(after);
  const until = newsBy(first, situation);
  if (until === null || first === null) return null;
  const start = Date.parse(first);
  const leaves = ({ offsetHours, heldUntil }: KnownReminder) =>
    Math.max(start - offsetHours * HOUR_MS, heldUntil === null ? 0 : Date.parse(heldUntil));
  const waiting = standing.filter(
    ({ unsent, alertId }) => unsent && kept.some((reminder) => reminder.alertId === alertId),
  );
  const times = [...added.map((reminder) => Date.parse(reminder.at)), ...waiting.map(leaves)];
  const atOnce = known.filter(({ offsetHours }) => offsetHours === AT_ONCE_HOURS);
  const isGivenUp = atOnce.some((reminder) => reminder.ended === true && standing.includes(reminder));
  if (isGivenUp || times.some((time) => time < until)) return null;
  const expiresAt = new Date(Math.min(start, ...times)).toISOString();
  const old = atOnce.find(({ unsent }) => unsent);
  if (old?.kind === kind && old.expiresAt === expiresAt && standing.includes(old)) {
    return { kept: [{ alertId: old.alertId, offsetHours: AT_ONCE_HOURS }], added: [] };
  }
  // What waits for the morning, or for its turn, goes on waiting; sending finds out where that is too late.
  const from = [now.toISOString(), old?.heldUntil ?? ""].toSorted().at(-1) ?? "";
  const at = from < expiresAt ? from : now.toISOString();
  return { kept: [], added: [{ kind, offsetHours: AT_ONCE_HOURS, at, expiresAt }] };
}

/**
 * Plans the reminders of a day that has changed: one for each offset, counted in elapsed hours back from the start of the
 * first booked visit, however many there are. What is planned already and still right stays. While the first start
 * stays, an offset that was used once is not used again. Offsets that are past are left out, but for the newest, which is
 * planned for now if that was at most 6 hours ago, the visit is more than 2 hours ahead and no other reminder is near.
 * Where a reminder told what is true no more, and none would tell the truth in time, one more is planned for now.
 */
export function planReminders(situation: PlanSituation): ReminderPlan {
  const { before, after, known, now } = situation;
  const first = firstStart(after);
  const standing = first !== null && first === firstStart(before) ? known : [];
  const spent = standing.filter(({ unsent }) => !unsent);
  const added: NewReminder[] = [];
  const kept: PlannedReminder[] = spent.map(({ alertId, offsetHours }) => ({ alertId, offsetHours }));
  const start = first === null ? 0 : Date.parse(first);
  const spans = first === null ? [] : spansOf(start, situation);
  const kind = bookedVisits(after).length > 1 ? "reminder-several" : "reminder";
  const at = now.getTime();

  const isNear = (due: number) => Math.abs(due - at) < CATCH_UP_MS;
  const catchesUp = (span: Span) =>
    at - span.due <= CATCH_UP_MS &&
    start - at > TOO_NEAR_MS &&
    !spans.some((other) => other !== span && other.due > span.due && other.due - at < CATCH_UP_MS) &&
    !spent.some(({ offsetHours }) => isNear(start - offsetHours * HOUR_MS));

  for (const span of spans) {
    const { offsetHours, due, until } = span;
    const found = standing.find((reminder) => reminder.offsetHours === offsetHours);
    const expiresAt = new Date(until).toISOString();
    const add = (time: number) =>
      added.push({ kind, offsetHours, at: new Date(time).toISOString(), expiresAt });
    if (found !== undefined && !found.unsent) continue;
    if (found !== undefined && found.kind === kind && found.expiresAt === expiresAt) {
      kept.push({ alertId: found.alertId, offsetHours });
    } else if (due > at) {
      add(due);
    } else if (found !== undefined && until > at) {
      // It waits, for the morning or for its turn, and tells another thing now.
      add(Math.max(at, Date.parse(found.heldUntil ?? now.toISOString())));
    } else if (catchesUp(span)) {
      add(at);
    }
  }
  const news = tellNews({ situation, standing, kept, added, kind });
  if (news !== null) {
    const others = kept.filter(({ offsetHours }) => offsetHours !== AT_ONCE_HOURS);
    kept.splice(0, kept.length, ...others, ...news.kept);
    added.push(...news.added);
  }
  const keptIds = new Set(kept.map(({ alertId }) => alertId));
  return {
    kept: kept.toSorted((one, other) => other.offsetHours - one.offsetHours),
    voided: known
      .filter(({ unsent, alertId }) => unsent && !keptIds.has(alertId))
      .map(({ alertId }) => alertId),
    added,
  };
}
