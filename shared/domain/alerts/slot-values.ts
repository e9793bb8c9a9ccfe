import { localTime } from "../sending/local-time.ts";
import type { Language } from "../words.ts";
import type { SlotValue } from "./slot-value.ts";
import { everyZoneLetters, zoneLetters } from "./zone-letters.ts";

const HOURS_OF_HALF_DAY = 12;
const MINUTES_OF_HOUR = 60;
const MINUTES_OF_DAY = 24 * MINUTES_OF_HOUR;

const WEEKDAYS: Readonly<Record<Language, readonly string[]>> = {
  en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
  es: ["dom", "lun", "mar", "mie", "jue", "vie", "sab"],
};

const MONTHS: Readonly<Record<Language, readonly string[]>> = {
  en: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
  es: ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
};

const DAYS_OF_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function dateText(weekday: string, month: string, day: number, language: Language): string {
  return language === "en" ? `${weekday}, ${month} ${day}` : `${weekday} ${day} ${month}`;
}

function clockText(minutes: number): string {
  const hour = Math.floor(minutes / MINUTES_OF_HOUR);
  const shownHour = hour % HOURS_OF_HALF_DAY === 0 ? HOURS_OF_HALF_DAY : hour % HOURS_OF_HALF_DAY;
  const shownMinutes = String(minutes % MINUTES_OF_HOUR).padStart(2, "0");
  return `${shownHour}:${shownMinutes} ${hour < HOURS_OF_HALF_DAY ? "AM" : "PM"}`;
}

/** A moment's day in a zone (IANA name) as texts show it: `Tue, Dec 1`, `mar 1 dic`. GSM-7 in every language. */
export function shownDate(at: Date, timeZone: string, language: Language): SlotValue<"date"> {
  const { day } = localTime(at, timeZone);
  const [, month = 1, dayOfMonth = 1] = day.split("-").map(Number);
  const weekday = WEEKDAYS[language][new Date(`${day}T00:00:00Z`).getUTCDay()] ?? "";
  const text = dateText(weekday, MONTHS[language][month - 1] ?? "", dayOfMonth, language);
  return text as SlotValue<"date">;
}

/**
 * A moment's time of day in a zone as texts show it: `9:30 AM`, in either language as clocks of the US show it. Where
 * clocks of `otherZone` (the patient's) show something else at that moment, the zone's letters follow: `9:30 AM MST`.
 */
export function shownTime(
  at: Date,
  timeZone: string,
  _language: Language,
  otherZone: string | null,
): SlotValue<"time"> {
  const { day, minutes } = localTime(at, timeZone);
  const clock = clockText(minutes);
  const other = otherZone === null ? undefined : localTime(at, otherZone);
  const isSame = other === undefined || (other.day === day && other.minutes === minutes);
  return (isSame ? clock : `${clock} ${zoneLetters(at, timeZone)}`) as SlotValue<"time">;
}

/** Everything that {@link shownDate} can give: each day of the year on each weekday. */
export function everyDate(language: Language): readonly string[] {
  return MONTHS[language].flatMap((month, index) =>
    Array.from({ length: DAYS_OF_MONTH[index] ?? 0 }, (_, day) =>
      WEEKDAYS[language].map((weekday) => dateText(weekday, month, day + 1, language)),
    ).flat(),
  );
}

/** What {@link shownTime} can give without letters: each minute of the day. */
export function everyClock(_language: Language): readonly string[] {
  return Array.from({ length: MINUTES_OF_DAY }, (_, minutes) => clockText(minutes));
}

/** Everything that {@link shownTime} can give: each minute of the day, alone and with each zone's letters. */
export function everyTime(language: Language): readonly string[] {
  const clocks = everyClock(language);
  return [
    ...clocks,
    ...everyZoneLetters().flatMap((letters) => clocks.map((clock) => `${clock} ${letters}`)),
  ];
}
