export const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs more than using it, and a function meets few time zones. */
function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    weekday: "long",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  formats.set(timeZone, format);
  return format;
}

/** What clocks and calendars of a zone show. */
export interface LocalTime {
  /** YYYY-MM-DD. */
  readonly day: string;
  /** `monday` … `sunday`. */
  readonly weekday: string;
  /** Minutes since the day's midnight as the clock shows them, 0–1439. */
  readonly minutes: number;
}

/** What a clock in `timeZone` (IANA name) shows at a moment. */
export function localTime(at: Date, timeZone: string): LocalTime {
  const parts = Object.fromEntries(
    formatFor(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return {
    day: `${parts["year"]}-${parts["month"]}-${parts["day"]}`,
    weekday: String(parts["weekday"]).toLowerCase(),
    minutes: Number(parts["hour"]) * 60 + Number(parts["minute"]),
  };
}

/** The local day of a moment, YYYY-MM-DD. */
export function dayOf(at: Date, timeZone: string): string {
  return localTime(at, timeZone).day;
}

/** The calendar day so many days before (after, where negative). */
export function daysBefore(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - count * DAY_MS).toISOString().slice(0, 10);
}

/** Minutes since midnight of a clock time `HH:MM`; `24:00` ends a day. */
export function clockMinutes(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}

/**
 * The moment at which clocks of a zone show `minutes` on `day`. Where clocks leap over that time, the
 * moment of the leap; where they show it twice, the first.
 */
export function momentOf(day: string, minutes: number, timeZone: string): Date {
  const asUtc = Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE_MS;
  const shown = (at: number) => {
    const { day: shownDay, minutes: shownMinutes } = localTime(new Date(at), timeZone);
    return Date.parse(`${shownDay}T00:00:00Z`) + shownMinutes * MINUTE_MS;
  };
  // Offsets a day before and after bracket every change between them.
  const offsets = [asUtc - DAY_MS, asUtc + DAY_MS].map((at) => shown(at) - at);
  const candidates = offsets.map((offset) => asUtc - offset).toSorted((one, other) => one - other);
  const exact = candidates.find((at) => shown(at) === asUtc);
  if (exact !== undefined) return new Date(exact);
  // The time does not exist: the first minute that shows a later one is the leap.
  let low = candidates[0] ?? asUtc;
  let high = candidates.at(-1) ?? asUtc;
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
    if (shown(middle) >= asUtc) high = middle;
    else low = middle;
  }
  return new Date(high);
}
