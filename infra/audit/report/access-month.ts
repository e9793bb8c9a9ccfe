import { createAccessReview, SIGNED_OFF } from "#shared/audit/reports/access-review.ts";
import type { Report } from "#shared/audit/reports/report.ts";
import { momentOf } from "#shared/domain/sending/local-time.ts";
import { isOpen } from "#shared/tasks/due.ts";
import { eachEntry } from "./entries.ts";
import type { ChosenExports } from "./exports.ts";
import type { KnownHours } from "./settings.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

function nextMonth(month: string): string {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
}

/** One of these begins every time of a month in whatever zone: what a line must hold to be looked at. */
function timesOf(month: string): readonly string[] {
  const dayBefore = new Date(Date.parse(`${month}-01T00:00:00Z`) - DAY_MS).toISOString();
  return [month, dayBefore.slice(0, "2026-10-31".length), `${nextMonth(month)}-01`].map((time) => `"${time}`);
}

/** Whether the practice is open, asked once for every minute that comes up. */
function openByMinute({ hours }: KnownHours): (at: Date) => boolean {
  const known = new Map<number, boolean>();
  return (at) => {
    const minute = Math.floor(at.getTime() / MINUTE_MS);
    const remembered = known.get(minute);
    if (remembered !== undefined) return remembered;
    const open = isOpen(new Date(minute * MINUTE_MS), hours);
    known.set(minute, open);
    return open;
  };
}

/** When the first of all entries was written; null where there is none. */
async function beginning(exports: ChosenExports): Promise<string | null> {
  let first: string | null = null;
  await eachEntry(
    exports,
    undefined,
    ({ at }) => {
      if (first === null || at < first) first = at;
    },
    () => false,
  );
  return first;
}

/** The access review of a month, from the exports of the audit table. */
export async function accessMonth(
  exports: ChosenExports,
  month: string,
  known: KnownHours,
  knownUntil: Date,
): Promise<Report> {
  const { timeZone } = known.hours;
  const review = createAccessReview({
    month,
    from: momentOf(`${month}-01`, 0, timeZone),
    to: momentOf(`${nextMonth(month)}-01`, 0, timeZone),
    timeZone,
    isOpen: openByMinute(known),
    hours: known.told,
    knownUntil,
  });
  const wanted = [...timesOf(month), `"${SIGNED_OFF}"`];
  await eachEntry(exports, wanted, (entry) => review.add(entry), review.covers);
  // An anchor is signed every hour: without an entry of the day before, the record may begin later.
  return review.report(review.isBegun() ? null : await beginning(exports));
}
