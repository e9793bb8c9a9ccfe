import { intervalOf } from "#shared/adapters/dynamodb/pace.ts";
import { judgeAlert } from "#shared/alerting/judge-alert.ts";
import { applyToDay, emptyDay } from "#shared/appointments/days.ts";
import { planReminders } from "#shared/appointments/plan-reminders.ts";
import type { Appointment, VisitDay } from "#shared/appointments/records.ts";
import { newVisitAlert } from "#shared/appointments/visit-alerts.ts";
import type { ConsentState } from "#shared/consent/records.ts";
import { withinCapSpan } from "#shared/domain/sending/caps.ts";
import { dayOf } from "#shared/domain/sending/local-time.ts";
import type { AlertRecord, SentTexts } from "#shared/messaging/records.ts";
import type { PatientRecord } from "#shared/patients/records.ts";
import { settingsDefaultOf } from "#shared/practice/defaults.ts";
import type { VendorRecord } from "#shared/practice/records.ts";

/** One reminder of the week and what became of it. */
export type WeekReminder = {
  readonly patientId: string;
  readonly timeZone: string;
  readonly day: string;
  readonly offsetHours: number;
  readonly dueMs: number;
  readonly startMs: number;
  /** Empty: lost; more than one: repeated. */
  readonly ends: readonly WeekEnd[];
};

/** A reminder leaves, or its time is over before it may. */
export type WeekEnd = { readonly kind: "sent" | "expired"; readonly atMs: number };

/** What a week came to. */
export type Week = {
  readonly reminders: readonly WeekReminder[];
  readonly planSeconds: number;
  readonly sendSeconds: number;
  /** Reminders that the pace lets leave in a minute. */
  readonly minuteMax: number;
};

/** What a week is made of. */
export type WeekSettings = {
  readonly reminders: number;
  readonly seed: number;
  readonly textsPerSecond: number;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The Monday before clocks go forward in the US; the week of visits ends after that. */
const FIRST_VISIT_MS = Date.UTC(2027, 2, 8, 5);
const WEEK_DAYS = 7;
/** Where visits are, and who of the patients lives elsewhere. */
const VISIT_ZONES = [
  "America/New_York",
  "America/Chicago",
  "America/Phoenix",
  "America/Puerto_Rico",
] as const;
const FAR_ZONES = ["Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "Pacific/Guam"] as const;
const FAR_SHARE = 0.1;
const FIRST_HOUR = 7;
const HOURS_OPEN = 11;
const QUARTERS = 4;
/** Visits of a patient in the week, on average: a tenth of who comes, comes more than once, a few twice on a day. */
const VISITS_EACH = 0.2;
const OWN_OFFSETS_SHARE = 0.1;
const OWN_OFFSETS = [48, 24, 2];

const VENDOR: VendorRecord = { id: "aws", baaSignedOn: "2026-01-15", baaEndsOn: null, version: 1 };

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Waiting = { readonly alert: AlertRecord; readonly reminder: number; readonly visitDay: VisitDay };

/**
 * Plans a week's visits until they have so many reminders, then plays the minutes: each takes what is due, the longest
 * due first and no more than leaves in a minute, and does with each what is judged of it at that moment. Nothing is stored.
 */
export function playWeek({ reminders: wanted, seed, textsPerSecond }: WeekSettings): Week {
  const random = randomFrom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const settings = settingsDefaultOf(VISIT_ZONES[0]);
  const minuteMax = Math.floor(MINUTE_MS / intervalOf(textsPerSecond));
  const bookedAt = new Date(FIRST_VISIT_MS - 14 * DAY_MS);

  const planStartMs = performance.now();
  const patients = new Map<string, PatientRecord>();
  const days = new Map<string, VisitDay>();
  const reminders: (WeekReminder & { ends: WeekEnd[] })[] = [];
  const waiting: Waiting[] = [];
  let counted = 0;
  let visits = 0;
  const patientsCount = Math.ceil(wanted / (settings.reminderOffsets.length * VISITS_EACH));
  while (counted < wanted) {
    const patientId = `pat_${String(Math.floor(random() * patientsCount))}`;
    const zone = pick(VISIT_ZONES);
    const startMs =
      FIRST_VISIT_MS +
      Math.floor(random() * WEEK_DAYS) * DAY_MS +
      FIRST_HOUR * HOUR_MS +
      Math.floor(random() * HOURS_OPEN * QUARTERS) * (HOUR_MS / QUARTERS);
    visits += 1;
    const visit: Appointment = {
      id: `apt_${String(visits)}`,
      externalIndex: `index-${String(visits)}`,
      startsAt: new Date(startMs).toISOString(),
      timeZone: zone,
      locationId: null,
      providerId: null,
      reminderOffsets: random() < OWN_OFFSETS_SHARE ? OWN_OFFSETS : null,
      status: "booked",
      confirmation: "none",
      confirmedAt: null,
      sourceVersion: null,
      changedAt: bookedAt.toISOString(),
      version: 1,
    };
    const day = dayOf(new Date(startMs), zone);
    const key = `${patientId} ${day}`;
    const before = days.get(key) ?? emptyDay(patientId, day, zone);
    const after = applyToDay(before, { kind: "put", appointment: visit });
    const plan = planReminders({
      before: { appointments: [] },
      after,
      known: [],
      offsetsDefault: settings.reminderOffsets,
      now: bookedAt,
    });
    counted += plan.added.length - before.reminders.length;
    const named = plan.added.map(({ offsetHours }) => ({
      alertId: `${key} ${String(offsetHours)}`,
      offsetHours,
    }));
    days.set(key, { ...after, reminders: named });
    if (!patients.has(patientId)) {
      patients.set(patientId, aPatient(patientId, random() < FAR_SHARE ? pick(FAR_ZONES) : zone));
    }
  }
  for (const day of days.values()) {
    const plan = planReminders({
      before: { appointments: [] },
      after: day,
      known: [],
      offsetsDefault: settings.reminderOffsets,
      now: bookedAt,
    });
    for (const { kind, offsetHours, at, expiresAt } of plan.added) {
      const alert = newVisitAlert({
        id: `${day.patientId} ${day.day} ${String(offsetHours)}`,
        patientId: day.patientId,
        kind,
        day: day.day,
        offsetHours,
        language: "en",
        sender: "client_bench",
        createdAt: bookedAt,
        at,
        expiresAt,
        slots: null,
      });
      waiting.push({ alert, reminder: reminders.length, visitDay: day });
      reminders.push({
        patientId: day.patientId,
        timeZone: patients.get(day.patientId)?.timeZone ?? settings.timeZone,
        day: day.day,
        offsetHours,
        dueMs: Date.parse(at),
        startMs: Date.parse(day.appointments[0]?.startsAt ?? ""),
        ends: [],
      });
    }
  }
  const planSeconds = (performance.now() - planStartMs) / 1000;

  const sendStartMs = performance.now();
  const sent = new Map<string, SentTexts>();
  const byMinute = new Map<number, Waiting[]>();
  const putOff = (item: Waiting, atMs: number) => {
    const minute = Math.ceil(atMs / MINUTE_MS);
    const others = byMinute.get(minute);
    if (others === undefined) byMinute.set(minute, [item]);
    else others.push(item);
  };
  for (const item of waiting) putOff(item, reminders[item.reminder]?.dueMs ?? 0);

  /** True where it left. */
  const play = (item: Waiting, now: Date): boolean => {
    const { alert, visitDay } = item;
    const ends = reminders[item.reminder]?.ends ?? [];
    const patient = patients.get(alert.patientId);
    const verdict = judgeAlert({
      alert,
      patient,
      number: undefined,
      sealedPhone: null,
      consent: patient === undefined ? undefined : consentOf(patient),
      preferences: undefined,
      vendor: VENDOR,
      switches: undefined,
      settings,
      marks: undefined,
      revocation: undefined,
      senderMark: undefined,
      practiceMark: undefined,
      link: undefined,
      sentTexts: sent.get(alert.patientId),
      readAt: null,
      visitDay,
      now,
    });
    if (verdict.kind === "send") {
      const texts = withinCapSpan(sent.get(alert.patientId)?.texts ?? [], now);
      const at = now.toISOString();
      sent.set(alert.patientId, { texts: [...texts, { alertId: alert.id, at }], version: 1 });
      ends.push({ kind: "sent", atMs: now.getTime() });
      return true;
    }
    const until = verdict.kind === "hold" ? verdict.until.getTime() : Number.POSITIVE_INFINITY;
    // What may leave only after its end never leaves (put-off.ts).
    if (until >= Date.parse(alert.expiresAt ?? "")) ends.push({ kind: "expired", atMs: now.getTime() });
    else putOff(item, until);
    return false;
  };

  const first = Math.min(...byMinute.keys());
  let queue: Waiting[] = [];
  for (let minute = first; byMinute.size > 0 || queue.length > 0; minute += 1) {
    const due = byMinute.get(minute);
    byMinute.delete(minute);
    if (due !== undefined) queue = [...queue, ...due];
    if (queue.length === 0) continue;
    const now = new Date(minute * MINUTE_MS);
    let left = minuteMax;
    let looked = 0;
    while (left > 0 && looked < queue.length) {
      const item = queue[looked];
      looked += 1;
      if (item !== undefined && play(item, now)) left -= 1;
    }
    queue = queue.slice(looked);
  }
  return { reminders, planSeconds, sendSeconds: (performance.now() - sendStartMs) / 1000, minuteMax };
}

function aPatient(id: string, timeZone: string): PatientRecord {
  return {
    id,
    language: "en",
    timeZone,
    constraints: {},
    numberId: `num_${id}`,
    numberIndex: null,
    addressId: null,
    createdAt: "2027-01-01T00:00:00.000Z",
    version: 1,
    contact: new Uint8Array(),
    wrappedKey: new Uint8Array(),
    phone: null,
    email: null,
  };
}

function consentOf(patient: PatientRecord): ConsentState {
  return {
    consentId: `con_${patient.id}`,
    purpose: "scheduling",
    channel: "sms",
    decision: "granted",
    since: patient.createdAt,
    contactId: patient.numberId ?? "",
    ended: null,
  };
}

/** What of a week is as it must not be; every number is a count of reminders, `fullest` of those in one minute. */
export type WeekFaults = {
  readonly lost: number;
  readonly repeated: number;
  /** Before 8:00 or from 21:00 on, on the clocks of the patient's zone. */
  readonly atNight: number;
  readonly early: number;
  readonly afterTheVisit: number;
  /** More than one a day, or three in seven days, of the patient's calendar. */
  readonly overDay: number;
  readonly overWeek: number;
  readonly fullest: number;
};

const SENDING_FROM = 8;
const SENDING_TO = 21;
const WEEK_MAX = 3;

/** Looks a week over by other means than those that made it: clocks as `Intl` shows them, and counting. */
export function faultsOf({ reminders }: Week): WeekFaults {
  const clocks = new Map<string, Intl.DateTimeFormat>();
  const clockOf = (timeZone: string) => {
    const known =
      clocks.get(timeZone) ??
      new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
    clocks.set(timeZone, known);
    return known;
  };
  const sent = reminders.flatMap((reminder) =>
    reminder.ends
      .filter(({ kind }) => kind === "sent")
      .map(({ atMs }) => ({ reminder, atMs, clock: clockOf(reminder.timeZone).format(atMs) })),
  );
  const byPatient = Map.groupBy(sent, ({ reminder }) => reminder.patientId);
  const daysOfPatients = [...byPatient.values()].map((texts) =>
    texts.map(({ clock }) => Date.parse(clock.slice(0, 10)) / DAY_MS).toSorted((one, other) => one - other),
  );
  const minutes = Map.groupBy(sent, ({ atMs }) => Math.floor(atMs / MINUTE_MS));
  const hourOf = (clock: string) => Number(clock.slice(11, 13));
  const repeats = <T>(values: readonly T[]) => values.length - new Set(values).size;
  return {
    lost: reminders.filter(({ ends }) => ends.length === 0).length,
    repeated:
      reminders.filter(({ ends }) => ends.length > 1).length +
      repeats(
        sent.map(
          ({ reminder: { patientId, day, offsetHours } }) => `${patientId} ${day} ${String(offsetHours)}`,
        ),
      ),
    atNight: sent.filter(({ clock }) => hourOf(clock) < SENDING_FROM || hourOf(clock) >= SENDING_TO).length,
    early: sent.filter(({ reminder, atMs }) => atMs < reminder.dueMs).length,
    afterTheVisit: sent.filter(({ reminder, atMs }) => atMs >= reminder.startMs).length,
    overDay: daysOfPatients.reduce((sum, days) => sum + repeats(days), 0),
    overWeek: daysOfPatients.reduce(
      (sum, days) =>
        sum +
        days.filter((day, index) => (days[index + WEEK_MAX] ?? Number.POSITIVE_INFINITY) < day + WEEK_DAYS)
          .length,
      0,
    ),
    fullest: Math.max(0, ...[...minutes.values()].map(({ length }) => length)),
  };
}
