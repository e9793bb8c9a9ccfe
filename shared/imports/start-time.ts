import { BadRow, type Field } from "../domain/imports/kinds.ts";
import { localTime, MINUTE_MS } from "../domain/sending/local-time.ts";

const DAY_MS = 24 * 60 * MINUTE_MS;
const OFFSET_MINUTES_MAX = 14 * 60;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const BIRTH_FIRST = "1875-01-01";

/** Ways to write a day, each with the places of year, month and day. Days before months are never guessed. */
const DAYS: readonly (readonly [form: RegExp, year: number, month: number, day: number])[] = [
  [/^(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)/u, 1, 2, 3],
  [/^(\d{4})\/(\d{1,2})\/(\d{1,2})(?!\d)/u, 1, 2, 3],
  [/^(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)/u, 3, 1, 2],
  [/^(\d{1,2})[- ]([A-Za-z]{3})[a-z]*\.?[- ,]+(\d{4})(?!\d)/u, 3, 2, 1],
  [/^([A-Za-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})(?!\d)/u, 3, 1, 2],
  [/^(\d{4})(\d{2})(\d{2})(?=\d{4}|\d{6}|T|$|[ ])/u, 1, 2, 3],
];

function pad(number: number, length = 2): string {
  return String(number).padStart(length, "0");
}

/** The day that a text begins with and what follows it; 29 February only where there is one. */
function dayAtStart(text: string): { readonly day: string; readonly rest: string } | undefined {
  for (const [form, yearAt, monthAt, dayAt] of DAYS) {
    const found = form.exec(text);
    if (found === null) continue;
    const monthText = found[monthAt] ?? "";
    const month = /^\d/u.test(monthText) ? Number(monthText) : MONTHS.indexOf(monthText.toLowerCase()) + 1;
    const iso = `${pad(Number(found[yearAt]), 4)}-${pad(month)}-${pad(Number(found[dayAt]))}`;
    const at = Date.parse(`${iso}T00:00:00Z`);
    // Date.parse takes 30 February for 1 March.
    if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== iso) return undefined;
    return { day: iso, rest: text.slice(found[0].length) };
  }
  return undefined;
}

const SPREADSHEET_MIDNIGHT = /^(?:0{1,2}:00(?::00(?:\.0+)?)?|12:00(?::00)? ?AM)$/iu;

/** A day of birth, YYYY-MM-DD, from what people and systems write. */
export function birthDay(text: string, now: Date): string {
  const found = dayAtStart(text);
  // A spreadsheet's midnight behind it says nothing more.
  if (found === undefined || !/^(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?(?: ?AM)?)?$/iu.test(found.rest))
    throw new BadRow("bad_date", "birthDate");
  if (found.day < BIRTH_FIRST || found.day > now.toISOString().slice(0, 10))
    throw new BadRow("bad_date", "birthDate");
  return found.day;
}

/** A time as a clock shows it and, where the text says it, how far it is from UTC. */
interface ClockTime {
  readonly minutes: number;
  readonly offsetMinutes: number | null;
}

const CLOCK =
  /^(\d{1,2})(?:[:.h]?(\d{2})(?:[:.]?\d{2}(?:[.,]\d{1,9})?)?)?(?: ?([ap])\.? ?m?\.?)?(?: ?(Z|[+-]\d{2}(?::?\d{2})?))?$/iu;

function clockTime(text: string): ClockTime | undefined {
  const [, hourText, minuteText, half, offset] = CLOCK.exec(text) ?? [];
  if (hourText === undefined || (minuteText === undefined && half === undefined)) return undefined;
  const minute = Number(minuteText ?? "0");
  let hour = Number(hourText);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
  }
  if (hour > 23 || minute > 59) return undefined;
  const offsetMinutes = offset === undefined ? null : minutesOf(offset);
  return offsetMinutes === undefined ? undefined : { minutes: hour * 60 + minute, offsetMinutes };
}

function minutesOf(offset: string): number | undefined {
  if (/^z$/iu.test(offset)) return 0;
  const minute = Number(offset.slice(3).replace(":", "") || "0");
  const minutes = Number(offset.slice(1, 3)) * 60 + minute;
  if (minute > 59 || minutes > OFFSET_MINUTES_MAX) return undefined;
  return offset.startsWith("-") ? -minutes : minutes;
}

/** What a file says of a start; blank where it has no such column. */
export interface StartCells {
  readonly start: string;
  readonly date: string;
  readonly time: string;
}

/**
 * The moment of a start. One that says its distance from UTC is exact; every other is what clocks in `timeZone` show, and
 * where these leap over it or show it twice, nobody guesses.
 */
export function startMoment({ start, date, time }: StartCells, timeZone: string): Date {
  const column: Field = start === "" ? "date" : "start";
  const whole = start === "" ? date : start;
  if (whole === "") throw new BadRow("missing", "start");
  let found = dayAtStart(whole);
  let timeText: string;
  if (found === undefined && date !== "") {
    // The column of the start holds the time alone.
    found = dayAtStart(date);
    timeText = whole === date ? time : whole;
  } else {
    // A spreadsheet's date has a midnight behind it; the column of times knows better.
    const rest = (found?.rest ?? "").replace(/^[T ,]+/iu, "");
    timeText = start === "" && time !== "" ? time : rest;
  }
  if (found === undefined) throw new BadRow("bad_date", column);
  if (found.day < "2000-01-01" || found.day > "2199-12-31") throw new BadRow("bad_date", column);
  const timeColumn: Field = time === "" ? column : "time";
  // A spreadsheet's day without a time: nobody is seen at midnight.
  if (start === "" && time === "" && SPREADSHEET_MIDNIGHT.test(timeText)) throw new BadRow("missing", "time");
  if (timeText === "") throw new BadRow("missing", "time");
  const clock = clockTime(timeText.replace(/^[T ,]+/iu, "").trim());
  if (clock === undefined) throw new BadRow("bad_time", timeColumn);
  if (clock.offsetMinutes !== null) {
    const asUtc = Date.parse(`${found.day}T00:00:00Z`) + clock.minutes * MINUTE_MS;
    return new Date(asUtc - clock.offsetMinutes * MINUTE_MS);
  }
  const moments = momentsOf(found.day, clock.minutes, timeZone);
  const [only, other] = moments;
  if (only === undefined) throw new BadRow("time_does_not_exist", timeColumn);
  if (other !== undefined) throw new BadRow("time_is_ambiguous", timeColumn);
  return new Date(only);
}

const remembered = new Map<string, readonly number[]>();
const REMEMBERED_MAX = 20_000;

/** Every moment at which clocks of a zone show `minutes` on `day`: one, none in spring or two in autumn. */
export function momentsOf(day: string, minutes: number, timeZone: string): readonly number[] {
  const key = `${day} ${minutes} ${timeZone}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const asUtc = Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE_MS;
  const shown = (at: number) => {
    const local = localTime(new Date(at), timeZone);
    return Date.parse(`${local.day}T00:00:00Z`) + local.minutes * MINUTE_MS;
  };
  // Offsets a day before and after bracket every change between them.
  const offsets = new Set([asUtc - DAY_MS, asUtc + DAY_MS].map((at) => shown(at) - at));
  const moments = [...offsets]
    .map((offset) => asUtc - offset)
    .filter((at) => shown(at) === asUtc)
    .toSorted((one, two) => one - two);
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  remembered.set(key, moments);
  return moments;
}

/** FHIR's instant: a moment with its distance from UTC; undefined for everything else. */
export function instantOf(value: unknown): Date | undefined {
  if (typeof value !== "string") return undefined;
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/u.test(value))
    return undefined;
  const found = dayAtStart(value);
  const clock = clockTime(value.slice(11));
  if (found === undefined || clock?.offsetMinutes == null) return undefined;
  const at = Date.parse(`${found.day}T00:00:00Z`) + (clock.minutes - clock.offsetMinutes) * MINUTE_MS;
  return new Date(at);
}

/** A time of change as a number that grows with it; local ones are the practice's. */
export function changeTime(text: string, timeZone: string): number {
  const found = dayAtStart(text);
  const clock =
    found === undefined ? undefined : clockTime(found.rest.replace(/^[T ,]+/iu, "").trim() || "00:00");
  if (found === undefined || clock === undefined) throw new BadRow("bad_date", "lastUpdated");
  const seconds = Number(/:\d{2}:(\d{2})/u.exec(found.rest)?.[1] ?? "0") * 1000;
  const asUtc = Date.parse(`${found.day}T00:00:00Z`) + clock.minutes * MINUTE_MS + seconds;
  if (clock.offsetMinutes !== null) return asUtc - clock.offsetMinutes * MINUTE_MS;
  const [first] = momentsOf(found.day, clock.minutes, timeZone);
  return first === undefined ? asUtc : first + seconds;
}
