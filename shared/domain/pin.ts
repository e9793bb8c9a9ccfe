/** Why a PIN is not taken. */
export type PinProblem = "length" | "simple";

const PIN = /^\d{6,8}$/;
const DIFFERENT_DIGITS_MIN = 3;
const TEN = 10;

function isRun(digits: readonly number[], step: 1 | -1): boolean {
  return digits.every((digit, index) => {
    const before = digits[index - 1];
    return before === undefined || digit === (before + step + TEN) % TEN;
  });
}

function isRepeated(pin: string): boolean {
  return [2, 3, 4].some(
    (length) => pin.length > length && pin === pin.slice(0, length).repeat(pin.length).slice(0, pin.length),
  );
}

/**
 * What is wrong with a PIN: it has six to eight digits, at least three different ones, and is no run up or
 * down (9 and 0 are neighbours) and no short block over and over. Whether it is the date of birth only
 * the verifier knows: see {@link datesIn}.
 */
export function pinProblem(pin: string): PinProblem | undefined {
  if (!PIN.test(pin)) return "length";
  const digits = [...pin].map(Number);
  const simple =
    new Set(digits).size < DIFFERENT_DIGITS_MIN || isRun(digits, 1) || isRun(digits, -1) || isRepeated(pin);
  return simple ? "simple" : undefined;
}

/** How a year is written, by its number of digits. */
const CENTURIES: Readonly<Record<number, readonly string[]>> = { 2: ["19", "20"], 4: [""] };

function calendarDates(year: string, month: string, day: string): string[] {
  const dates = (CENTURIES[year.length] ?? []).map(
    (century) => `${century}${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`,
  );
  return dates.filter((date) => {
    const time = Date.parse(`${date}T00:00:00Z`);
    return /^(18|19|20)/.test(date) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
  });
}

/**
 * Every calendar date (YYYY-MM-DD) that digits may be written for: year first or last, of two or four
 * digits, month and day in either order, with or without leading zeros. At most a few.
 */
export function datesIn(digits: string): readonly string[] {
  const dates = new Set<string>();
  for (const yearLength of [2, 4]) {
    for (const firstLength of [1, 2]) {
      const secondLength = digits.length - yearLength - firstLength;
      if (secondLength < 1 || secondLength > 2) continue;
      const orders = [
        { year: digits.slice(0, yearLength), rest: digits.slice(yearLength) },
        { year: digits.slice(-yearLength), rest: digits.slice(0, -yearLength) },
      ];
      for (const { year, rest } of orders) {
        const [first, second] = [rest.slice(0, firstLength), rest.slice(firstLength)];
        for (const date of [...calendarDates(year, first, second), ...calendarDates(year, second, first)]) {
          dates.add(date);
        }
      }
    }
  }
  return [...dates];
}
