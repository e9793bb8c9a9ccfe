const YEAR_FIRST = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const YEAR_LAST = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/;
const DIGITS = /^\d{8}$/;

function calendarDate(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists =
    year >= 1800 &&
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day;
  return exists ? date.toISOString().slice(0, 10) : undefined;
}

/**
 * A date of birth as people write it, as YYYY-MM-DD; undefined for what is no calendar date.
 * Takes YYYY-MM-DD, MM/DD/YYYY (or DD/MM/YYYY where the day tells them apart) and the eight digits
 * of either, because a phone's number pad has no separators.
 */
export function parseBirthDate(text: string): string | undefined {
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
  if (!yearLast) return undefined;
  const [first, second, year] = [Number(yearLast[1]), Number(yearLast[2]), Number(yearLast[3])];
  return calendarDate(year, first, second) ?? calendarDate(year, second, first);
}
