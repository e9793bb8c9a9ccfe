import * as z from "zod";
import { settingsDefaultOf } from "#shared/practice/defaults.ts";
import type { OfficeHours } from "#shared/tasks/due.ts";
import type { ChosenExports } from "./exports.ts";
import { eachItem } from "./items.ts";

const Settings = z.object({
  timeZone: z.string(),
  officeHours: z.record(z.string(), z.array(z.object({ opens: z.string(), closes: z.string() }))),
});

/** When the practice is open and in which zone, and where that is known from. */
export interface KnownHours {
  readonly hours: OfficeHours;
  readonly told: string;
}

/**
 * The practice's hours from the export of its table; else those that hold until a practice sets its own. The zone is the
 * one that is asked for, else the practice's, else UTC.
 */
export async function practiceHours(exports: ChosenExports, timeZone: string | null): Promise<KnownHours> {
  let settings: z.infer<typeof Settings> | undefined;
  await eachItem(exports, ['"settings"'], (item) => {
    if (item["pk"] !== "practice" || item["sk"] !== "settings") return;
    const parsed = Settings.safeParse(item);
    if (parsed.success) settings = parsed.data;
  });
  if (settings !== undefined) {
    return {
      hours: { officeHours: settings.officeHours, timeZone: timeZone ?? settings.timeZone },
      told: "the practice's office hours as the export of the table Practice has them",
    };
  }
  const hours = settingsDefaultOf(timeZone ?? "UTC");
  return { hours, told: "9:00 to 17:00 from Monday to Friday, for the export tells no office hours" };
}
