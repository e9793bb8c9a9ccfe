import type { VisitNotice } from "../domain/alerts/kinds.ts";
import type { Caps } from "../domain/sending/caps.ts";
import type { SendingHours } from "../domain/sending/quiet-hours.ts";

/** A span of a day, local time of the practice, `HH:MM`. */
export interface OpenSpan {
  readonly opens: string;
  readonly closes: string;
}

/** What the practice decides for itself; names and numbers of the practice are stage settings. */
export interface PracticeSettings {
  /** IANA name. */
  readonly timeZone: string;
  /** Weekday (`monday` …) to open spans; a missing day is closed. */
  readonly officeHours: Readonly<Record<string, readonly OpenSpan[]>>;
  /** When alerts that nobody waits for may leave. */
  readonly sendingHours: SendingHours;
  /** How many of them a patient may get of one class of purposes. */
  readonly caps: Caps;
  /** Hours before the first visit of a day at which its reminders are due, largest first. */
  readonly reminderOffsets: readonly number[];
  /** Of what a text tells as soon as it is recorded, beside reminders. */
  readonly visitNotices: readonly VisitNotice[];
  readonly version: number;
}

/** Kill switches of the practice. */
export interface Switches {
  /** False: no alert leaves. */
  readonly sending: boolean;
  /** False: no link opens. */
  readonly portal: boolean;
  readonly version: number;
}

/** What holds until somebody changed a switch. */
export const SWITCHES_DEFAULT: Switches = { sending: true, portal: true, version: 0 };

/** A vendor that touches messages, with its business associate agreement (45 CFR 164.308(b)). */
export interface VendorRecord {
  readonly id: string;
  readonly baaSignedOn: string | null;
  readonly baaEndsOn: string | null;
  readonly version: number;
}

/** True while a signed agreement is in force on `today` (YYYY-MM-DD). */
export function hasAgreement(vendor: VendorRecord | undefined, today: string): boolean {
  if (vendor?.baaSignedOn === undefined || vendor.baaSignedOn === null) return false;
  if (vendor.baaSignedOn > today) return false;
  return vendor.baaEndsOn === null || vendor.baaEndsOn >= today;
}
