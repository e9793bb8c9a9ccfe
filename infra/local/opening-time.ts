import { readFileSync } from "node:fs";
import { isRecord, recordOf, textOf } from "./json-shape.ts";

/** When the clock of a host starts, and why then. */
export type Opening = { readonly atMs: number; readonly timeZone: string };

/**
 * Alerts leave between 8 and 21 h in the patient's zone; a start inside these hours leaves time to try things, with
 * patients in zones to the west as well.
 */
const DAY = { fromHour: 12, toHour: 18 };
const OPENING_HOUR = 13;

/** The practice's time zone, from the variables of the template's functions; undefined where none names it. */
export function practiceTimeZone(templatePath: string): string | undefined {
  const template: unknown = JSON.parse(readFileSync(templatePath, "utf8"));
  for (const resource of Object.values(recordOf(recordOf(template)["Resources"]))) {
    if (!isRecord(resource) || resource["Type"] !== "AWS::Lambda::Function") continue;
    const environment = recordOf(recordOf(resource["Properties"])["Environment"]);
    const timeZone = textOf(recordOf(environment["Variables"])["PRACTICE_TIME_ZONE"]);
    if (timeZone !== undefined) return timeZone;
  }
  return undefined;
}

/**
 * The next 13:00 of the practice where it is not between 12:00 and 18:00 there now, in milliseconds since the epoch;
 * undefined by day. Throws RangeError for a time zone that there is not.
 */
export function nextOpening(nowMs: number, timeZone: string): Opening | undefined {
  const now = wallTime(nowMs, timeZone);
  const hour = new Date(now).getUTCHours();
  if (hour >= DAY.fromHour && hour < DAY.toHour) return undefined;
  const day = new Date(now);
  const wanted = Date.UTC(
    day.getUTCFullYear(),
    day.getUTCMonth(),
    day.getUTCDate() + (hour < DAY.fromHour ? 0 : 1),
    OPENING_HOUR,
  );
  // The offset of a time near the wanted one first, then that of the time which it leads to.
  const near = wanted - (wallTime(wanted, timeZone) - wanted);
  return { atMs: wanted - (wallTime(near, timeZone) - near), timeZone };
}

/** What a clock on the wall shows at a time, written as if it were UTC, to the second. */
function wallTime(ms: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(new Date(ms));
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((each) => each.type === type)?.value ?? Number.NaN);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
}
