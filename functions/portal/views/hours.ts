import type { OpenSpan } from "#shared/practice/records.ts";
import type { Words } from "./words.ts";

const DAYS: readonly string[] = [
  "sunday",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
];
const SUNDAY = Date.UTC(2024, 0, 7);
const DAY_MS = 86_400_000;

type OfficeHours = Readonly<Record<string, readonly OpenSpan[]>>;

function localTime(now: Date, timeZone: string): { readonly day: number; readonly time: string } {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    weekday: "long",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(now);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  const day = DAYS.indexOf(part("weekday").toLowerCase());
  return { day, time: `${part("hour")}:${part("minute")}` };
}

/** A time of the day as people say it: `17:00` is 5 PM. */
export function clockTime(time: string, locale: string): string {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return new Intl.DateTimeFormat(locale, {
    timeZone: "UTC",
    hour: "numeric",
    ...(minute === 0 ? {} : { minute: "2-digit" }),
  }).format(new Date(SUNDAY + (hour * 60 + minute) * 60_000));
}

/** Spanish counts one hour in the singular: a la 1. */
function oneOClock(text: string, { language }: Words): string {
  return language === "es" ? text.replace(/las 1(?!\d)/, "la 1") : text;
}

function dayName(day: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone: "UTC", weekday: "long" }).format(
    new Date(SUNDAY + day * DAY_MS),
  );
}

/**
 * Says until when the practice is open, or when it opens next. `openNow` decides which: it knows
 * more than the hours. Empty where the practice has not told its hours.
 */
export function hoursLine(
  { officeHours, timeZone, openNow }: { officeHours: OfficeHours; timeZone: string; openNow: boolean },
  words: Words,
  now: Date,
): string {
  if (Object.values(officeHours).every((spans) => spans.length === 0)) return "";
  const { day, time } = localTime(now, timeZone);
  const spansOf = (offset: number) => {
    const spans = officeHours[DAYS[(day + offset) % DAYS.length] ?? ""] ?? [];
    return [...spans].sort((one, other) => one.opens.localeCompare(other.opens));
  };
  if (openNow) {
    const span = spansOf(0).find(({ opens, closes }) => opens <= time && time < closes);
    if (span === undefined) return words.openNow;
    return oneOClock(`${words.openNowUntil} ${clockTime(span.closes, words.locale)}`, words);
  }
  for (let offset = 0; offset <= DAYS.length; offset += 1) {
    const span = spansOf(offset).find(({ opens }) => offset > 0 || opens > time);
    if (span === undefined) continue;
    const at = oneOClock(`${words.atTime} ${clockTime(span.opens, words.locale)}`, words);
    if (offset === 0) return `${words.closed} ${words.opens} ${at}`;
    const on =
      offset === 1 ? words.tomorrow : `${words.onDay} ${dayName((day + offset) % DAYS.length, words.locale)}`;
    return `${words.closed} ${words.opens} ${on} ${at}`;
  }
  return words.closed;
}
