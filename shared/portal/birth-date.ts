const YEAR_FIRST = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const YEAR_LAST = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/;
const DIGITS = /^\d{8}$/;
const LENGTH_MAX = 60;

/** Names of the months in English and Spanish; three letters of one are enough. */
const MONTHS = [
  "january enero",
  "february febrero",
  "march marzo",
  "april abril",
  "may mayo",
  "june junio",
  "july julio",
  "august agosto",
  "september septiembre setiembre",
  "october octubre",
  "november noviembre",
  "december diciembre",
].map((names) => names.split(" "));
/** What stands between day, month and year, or after the day: 12 de abril de 1946, the 1st of May 1946. */
const FILLING = /^(?:de|del|el|of|the|st|nd|rd|th|º|ro|er|o)$/;

function calendarDate(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists =
    year >= 1800 &&
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day;
  return exists ? date.toISOString().slice(0, 10) : undefined;
}

/** With the month as a word, in any order: the year is what has four digits. */
function namedMonth(text: string): string | undefined {
  const parts = (text.toLowerCase().match(/\d+|\p{L}+/gu) ?? []).filter((part) => !FILLING.test(part));
  const numbers = parts.filter((part) => /^\d/.test(part));
  const [name = "", ...others] = parts.filter((part) => !/^\d/.test(part));
  const year = numbers.find((number) => number.length === 4);
  const day = numbers.find((number) => number.length < 3);
  const month = MONTHS.findIndex((names) => name.length > 2 && names.some((each) => each.startsWith(name)));
  if (others.length > 0 || numbers.length !== 2 || month < 0) return undefined;
  return year === undefined || day === undefined
    ? undefined
    : calendarDate(Number(year), month + 1, Number(day));
}

/**
 * A date of birth as people write it, as YYYY-MM-DD; undefined for what is no calendar date.
 * Takes YYYY-MM-DD, MM/DD/YYYY (or DD/MM/YYYY where the day tells them apart), the eight digits
 * of either, because a phone's number pad has no separators, and the month by its English or Spanish
 * name. A year of two digits is none: of 46 nobody knows which.
 */
export function parseBirthDate(text: string): string | undefined {
  if (text.length > LENGTH_MAX) return undefined;
  const written = text.replaceAll(/\s/g, "");
  if (DIGITS.test(written)) {
    // No month begins with 19 or 20, so the two orders of eight digits never collide.
    const yearFirst = /^(1[89]|2[01])/.test(written);
    return yearFirst
      ? parseBirthDate(`${written.slice(0, 4)}-${written.slice(4, 6)}-${written.slice(6)}`)
      : parseBirthDate(`${written.slice(0, 2)}/${written.slice(2, 4)}/${written.slice(4)}`);
  }
  const yearFirst = YEAR_FIRST.exec(written);
  if (yearFirst) return calendarDate(Number(yearFirst[1]), Number(yearFirst[2]), Number(yearFirst[3]));
  const yearLast = YEAR_LAST.exec(written);
  if (!yearLast) return namedMonth(text);
  const [first, second, year] = [Number(yearLast[1]), Number(yearLast[2]), Number(yearLast[3])];
  return calendarDate(year, first, second) ?? calendarDate(year, second, first);
}
