import { CAPS_DEFAULT } from "../domain/sending/caps.ts";
import { SENDING_HOURS_DEFAULT } from "../domain/sending/quiet-hours.ts";
import type { PracticeSettings } from "./records.ts";

const OFFICE_HOURS = [{ opens: "09:00", closes: "17:00" }];

/** Hours; a third, of two, is a practice's own choice. */
export const REMINDER_OFFSETS_DEFAULT: readonly number[] = [72, 24];

/** What holds until the practice sets its own; the zone is the stage's. */
export function settingsDefaultOf(timeZone: string): PracticeSettings {
  return {
    timeZone,
    officeHours: {
      monday: OFFICE_HOURS,
      tuesday: OFFICE_HOURS,
      wednesday: OFFICE_HOURS,
      thursday: OFFICE_HOURS,
      friday: OFFICE_HOURS,
    },
    sendingHours: SENDING_HOURS_DEFAULT,
    caps: CAPS_DEFAULT,
    reminderOffsets: REMINDER_OFFSETS_DEFAULT,
    visitNotices: [],
    version: 0,
  };
}
