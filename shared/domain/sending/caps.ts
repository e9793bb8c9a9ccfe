import type { Purpose } from "../words.ts";
import { dayOf, daysBefore } from "./local-time.ts";

/** Purposes that count together. */
export const CAP_CLASSES = ["visits", "care", "billing", "outreach"] as const;
export type CapClass = (typeof CAP_CLASSES)[number];

const CLASSES: Readonly<Record<Purpose, CapClass>> = {
  scheduling: "visits",
  portal: "care",
  pharmacy: "care",
  billing: "billing",
  survey: "outreach",
  announcement: "outreach",
};

/** The class that texts of a purpose count in. */
export function capClassOf(purpose: Purpose): CapClass {
  return CLASSES[purpose];
}

/** How many texts of one class a patient may get. */
export interface Caps {
  readonly perDay: number;
  /** In seven days, the present one among them. */
  readonly perWeek: number;
}

/** 47 CFR 64.1200(a)(9)(iv)(F): one a day, three a week; kept as guard rails for every class. */
export const CAPS_DEFAULT: Caps = { perDay: 1, perWeek: 3 };

const WEEK_DAYS = 7;

/** Which cap holds a text back, and the first local day (YYYY-MM-DD) on which it may leave; null: none. */
export function capFor(
  sentAt: readonly string[],
  caps: Caps,
  now: Date,
  timeZone: string,
): { readonly reason: "daily_cap" | "weekly_cap"; readonly fromDay: string } | null {
  const today = dayOf(now, timeZone);
  const days = sentAt.map((at) => dayOf(new Date(at), timeZone)).toSorted();
  const isFree = (day: string) =>
    days.filter((sent) => sent === day).length < caps.perDay &&
    days.filter((sent) => sent <= day && sent > daysBefore(day, WEEK_DAYS)).length < caps.perWeek;
  if (isFree(today)) return null;
  const reason = days.filter((sent) => sent === today).length >= caps.perDay ? "daily_cap" : "weekly_cap";
  let day = today;
  for (let ahead = 1; ahead <= WEEK_DAYS; ahead += 1) {
    day = daysBefore(day, -1);
    if (isFree(day)) break;
  }
  return { reason, fromDay: day };
}

/** The texts that caps still look at. */
export function withinCapSpan<Sent extends { readonly at: string }>(
  texts: readonly Sent[],
  now: Date,
): Sent[] {
  // A day more than the week: its first local day may have begun before.
  const since = now.getTime() - (WEEK_DAYS + 1) * 24 * 60 * 60 * 1000;
  return texts.filter(({ at }) => Date.parse(at) > since);
}
