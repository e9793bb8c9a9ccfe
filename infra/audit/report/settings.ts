import * as z from "zod";
import { settingsDefaultOf } from "#shared/practice/defaults.ts";
import type { OfficeHours } from "#shared/tasks/due.ts";
import type { ChosenExports } from "./exports.ts";
import { eachItem } from "./items.ts";
import { ReportError } from "./report-error.ts";

const Settings = z.object({
  timeZone: z.string(),
  officeHours: z.record(z.string(), z.array(z.object({ opens: z.string(), closes: z.string() }))),
});

/** When the practice is open and in which zone, and where that is known from. */
export interface KnownHours {
  readonly hours: OfficeHours;
  readonly told: string;
  /** What a reader must know of the zone before anything else; null where it is the practice's own. */
  readonly remark: string | null;
}

/**
 * The practice's hours from the export of its table; else those that hold until a practice sets its own. The zone is the
 * one that is asked for, else the practice's, else UTC. Throws a {@link ReportError} where UTC would not do: a practice
 * that never changed its settings has those of its stage, which no export holds.
 */
export async function practiceHours(
  practice: ChosenExports,
  timeZone: string | null,
  needsZone: boolean,
): Promise<KnownHours> {
  let settings: z.infer<typeof Settings> | undefined;
  await eachItem(practice, ['"settings"'], (item) => {
    if (item["pk"] !== "practice" || item["sk"] !== "settings") return;
    const parsed = Settings.safeParse(item);
    if (parsed.success) settings = parsed.data;
  });
  if (settings !== undefined) {
    const { officeHours, timeZone: own } = settings;
    const isOther = timeZone !== null && timeZone !== own;
    return {
      hours: { officeHours, timeZone: timeZone ?? own },
      told: "the practice's office hours as the export of the table Practice has them, which verify does not prove",
      remark: isOther ? `Times are those of ${timeZone}; the practice's own zone is ${own}.` : null,
    };
  }
  const why =
    practice.exports.length === 0
      ? "There is no export of the table Practice"
      : "The practice never changed its settings, so the export holds none";
  if (timeZone === null && needsZone)
    throw new ReportError(`${why}: name the practice's zone, such as --time-zone America/New_York.`);
  return {
    hours: settingsDefaultOf(timeZone ?? "UTC"),
    told: `9:00 to 17:00 from Monday to Friday, which holds until a practice sets its own hours. ${why}`,
    remark:
      timeZone === null
        ? `${why}: times and days are those of UTC and not the practice's. --time-zone names its zone.`
        : null,
  };
}
