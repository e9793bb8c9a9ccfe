import type { QuietHours } from "../domain/sending/quiet-hours.ts";
import type { Channel, Language } from "../domain/words.ts";

/** What a patient wishes beside the consents, and what is known against the way there. */
export interface PatientPreferences {
  /** Null: the one of the patient's record. */
  readonly language: Language | null;
  /** Null: only the practice's sending hours hold. */
  readonly quietHours: QuietHours | null;
  /**
   * The number or address that somebody said is not the patient's: nothing goes there until a new grant
   * confirms it. A new number has a new name, so it is not concerned.
   */
  readonly disowned: Readonly<Record<Channel, string | null>>;
  readonly version: number;
}

/** What holds until somebody wished or said something. */
export const PREFERENCES_DEFAULT: PatientPreferences = {
  language: null,
  quietHours: null,
  disowned: { sms: null, email: null },
  version: 0,
};

/** What texts and pages are written in: the patient's wish, else what the practice put on record. */
export function languageFor(
  { language }: { readonly language: Language },
  preferences: Pick<PatientPreferences, "language"> | undefined,
): Language {
  return preferences?.language ?? language;
}

/** True for a number or address that nothing may go to: somebody said that it is not the patient's. */
export function isDisowned(
  contactId: string | null,
  channel: Channel,
  preferences: Pick<PatientPreferences, "disowned"> | undefined,
): boolean {
  return contactId !== null && preferences?.disowned[channel] === contactId;
}

/** What the audit trail says of preferences that replace those at `before`: codes and clock times. */
export function preferencesDetails({ language, quietHours }: PatientPreferences, before: PatientPreferences) {
  return {
    language,
    quietHours: quietHours === null ? null : `${quietHours.from}-${quietHours.to}`,
    version: before.version + 1,
  };
}
