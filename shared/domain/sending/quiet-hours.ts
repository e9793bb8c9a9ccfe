import { clockMinutes, daysBefore, localTime, MINUTE_MS, momentOf } from "./local-time.ts";

/** When texts may leave, clock times `HH:MM` in the patient's zone; outside of it they wait. */
export interface SendingHours {
  readonly from: string;
  readonly to: string;
}

/** 47 CFR 64.1200(c)(1) binds solicitations only; kept for every alert that nobody waits for. */
export const SENDING_HOURS_DEFAULT: SendingHours = { from: "08:00", to: "21:00" };

/**
 * When a patient wants no text that nobody waits for: clock times `HH:MM` in the patient's zone; over
 * midnight where `from` is the later one.
 */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

/** Quiet hours must leave so much of a day's sending hours, in minutes: else nothing would arrive in time. */
export const SENDING_MINUTES_MIN = 120;

/** Quiet hours and sending hours may alternate twice a day; what still finds no time waits for its next look. */
const LOOKS_MAX = 4;

function isQuiet(minutes: number, quiet: QuietHours): boolean {
  const from = clockMinutes(quiet.from);
  const to = clockMinutes(quiet.to);
  return from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
}

/** Minutes of a day in which texts may leave. */
export function sendingMinutes(hours: SendingHours, quiet: QuietHours): number {
  const from = clockMinutes(hours.from);
  const open = Array.from({ length: Math.max(0, clockMinutes(hours.to) - from) }, (_, index) => from + index);
  return open.filter((minutes) => !isQuiet(minutes, quiet)).length;
}

/**
 * The first moment from `at` on at which texts may leave: `at` itself within the hours and outside of
 * what the patient wants quiet. Where the two leave no time at all, a moment that is none either.
 */
export function nextSendingTime(
  at: Date,
  hours: SendingHours,
  timeZone: string,
  quiet: QuietHours | null | undefined = null,
): Date {
  let time = at;
  for (let count = 1; count <= LOOKS_MAX; count += 1) {
    const open = withinHours(time, hours, timeZone);
    const { minutes } = localTime(open, timeZone);
    if (quiet == null || !isQuiet(minutes, quiet)) return open;
    time = nextClockTime(open, clockMinutes(quiet.to), timeZone);
  }
  return time;
}

function withinHours(at: Date, hours: SendingHours, timeZone: string): Date {
  const { minutes } = localTime(at, timeZone);
  const from = clockMinutes(hours.from);
  return minutes >= from && minutes < clockMinutes(hours.to) ? at : nextClockTime(at, from, timeZone);
}

/** The next moment after `at` at which clocks show `target` minutes since midnight. */
function nextClockTime(at: Date, target: number, timeZone: string): Date {
  const { day, minutes } = localTime(at, timeZone);
  const next = momentOf(minutes < target ? day : daysBefore(day, -1), target, timeZone);
  // In an hour that clocks show twice, the first time round may be over: the second one counts.
  return next > at ? next : new Date(wholeMinute(at) + (target - minutes) * MINUTE_MS);
}

function wholeMinute(at: Date): number {
  return Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS;
}
