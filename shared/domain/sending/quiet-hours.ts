import { clockMinutes, daysBefore, localTime, MINUTE_MS, momentOf } from "./local-time.ts";

/** When texts may leave, clock times `HH:MM` in the patient's zone; outside of it they wait. */
export interface SendingHours {
  readonly from: string;
  readonly to: string;
}

/** 47 CFR 64.1200(c)(1) binds solicitations only; kept for every alert that nobody waits for. */
export const SENDING_HOURS_DEFAULT: SendingHours = { from: "08:00", to: "21:00" };

/** The first moment from `at` on at which texts may leave: `at` itself within the hours. */
export function nextSendingTime(at: Date, hours: SendingHours, timeZone: string): Date {
  const { day, minutes } = localTime(at, timeZone);
  const from = clockMinutes(hours.from);
  if (minutes >= from && minutes < clockMinutes(hours.to)) return at;
  const next = momentOf(minutes < from ? day : daysBefore(day, -1), from, timeZone);
  // In an hour that clocks show twice, the first time round may be over: the second one counts.
  return next > at ? next : new Date(wholeMinute(at) + (from - minutes) * MINUTE_MS);
}

function wholeMinute(at: Date): number {
  return Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS;
}
