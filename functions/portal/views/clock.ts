import type { Words } from "./words.ts";

/** Says times in the practice's zone and the page's language. */
export interface Clock {
  readonly day: (at: string) => string;
  /** The whole date of a day that {@link Clock.day} calls today or yesterday; null for another one. */
  readonly date: (at: string) => string | null;
  readonly time: (at: string) => string;
  readonly dayAndTime: (at: string) => string;
}

const DAY_MS = 86_400_000;

/** Makes a clock; `now` decides what is called today. */
export function createClock(words: Words, timeZone: string, now: Date): Clock {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(words.locale, { timeZone, ...options });
  const day = format({ weekday: "long", month: "long", day: "numeric", year: "numeric" });
  const time = format({ hour: "numeric", minute: "2-digit" });
  const short = format({ month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });
  const today = day.format(now);
  const yesterday = day.format(new Date(now.getTime() - DAY_MS));
  return {
    day: (at) => {
      const named = day.format(new Date(at));
      if (named === today) return words.today;
      return named === yesterday ? words.yesterday : named;
    },
    date: (at) => {
      const named = day.format(new Date(at));
      return named === today || named === yesterday ? named : null;
    },
    time: (at) => time.format(new Date(at)),
    dayAndTime: (at) => short.format(new Date(at)),
  };
}
