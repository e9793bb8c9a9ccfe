import type { Asking, Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import { type QuietHours, SENDING_MINUTES_MIN, sendingMinutes } from "../domain/sending/quiet-hours.ts";
import { CHANNELS, type Channel, type Language } from "../domain/words.ts";
import type { PatientRecord } from "../patients/records.ts";
import type { PracticeSettings } from "../practice/records.ts";
import {
  isDisowned,
  type PatientPreferences,
  PREFERENCES_DEFAULT,
  preferencesDetails,
} from "./preferences.ts";
import { contactOf } from "./states.ts";

/** What staff need to read and set preferences. */
export interface StaffPreferencesPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly patients: { patient(id: string): Lookup<PatientRecord> };
  readonly consents: {
    preferences(patientId: string): Lookup<PatientPreferences>;
    setPreferences(patientId: string, preferences: PatientPreferences): Write;
  };
  readonly practice: { settings(): Lookup<PracticeSettings> };
  /** What holds until the practice sets its own. */
  readonly settingsDefault: Pick<PracticeSettings, "sendingHours">;
}

/** Preferences as staff see them. */
export interface StaffPreferences extends WishedPreferences {
  /** Channels whose present number or address somebody said is not the patient's. */
  readonly disowned: readonly Channel[];
  readonly version: number;
}

function shownTo(patient: PatientRecord, preferences: PatientPreferences): StaffPreferences {
  const { language, quietHours, version } = preferences;
  const disowned = CHANNELS.filter((channel) =>
    isDisowned(contactOf(patient, channel), channel, preferences),
  );
  return { language, quietHours, disowned, version };
}

/** Reads what a patient wishes; that it was read is on record first. Undefined where there is no such patient. */
export function createReadStaffPreferences({ read, journal, patients, consents }: StaffPreferencesPorts) {
  return async (patientId: string, asking: Asking): Promise<StaffPreferences | undefined> => {
    const [patient, head] = await read(
      patients.patient(patientId),
      journal.head({ patientId, actor: asking.actor }),
    );
    if (patient === undefined) return undefined;
    await journal.record({ ...asking, action: "preferences.read", patientId }, head ?? null);
    const [preferences] = await read(consents.preferences(patientId));
    return shownTo(patient, preferences ?? PREFERENCES_DEFAULT);
  };
}

/** What staff put on record; null: none. */
export interface WishedPreferences {
  readonly language: Language | null;
  readonly quietHours: QuietHours | null;
}

/** What came of it. `too-quiet`: less than two of a day's sending hours would be left. */
export type StaffPreferencesOutcome =
  | { readonly kind: "changed"; readonly preferences: StaffPreferences }
  | { readonly kind: "unknown" }
  | { readonly kind: "too-quiet" }
  | { readonly kind: "version-conflict" };

const FIELDS = ["language", "quietHours"] as const;

/** Puts a patient's wishes on record that are at `version` (undefined: as they are now). */
export function createSetStaffPreferences(ports: StaffPreferencesPorts) {
  const { read, journal, patients, consents, practice } = ports;

  return async (
    patientId: string,
    { language, quietHours }: WishedPreferences,
    version: number | undefined,
    asking: Asking,
  ): Promise<StaffPreferencesOutcome> => {
    const [[patient, found, head], [settings]] = await Promise.all([
      read(
        patients.patient(patientId),
        consents.preferences(patientId),
        journal.head({ patientId, actor: asking.actor }),
      ),
      read(practice.settings()),
    ]);
    if (patient === undefined) return { kind: "unknown" };
    const before = found ?? PREFERENCES_DEFAULT;
    if (version !== undefined && version !== before.version) return { kind: "version-conflict" };
    const { sendingHours } = settings ?? ports.settingsDefault;
    if (quietHours !== null && sendingMinutes(sendingHours, quietHours) < SENDING_MINUTES_MIN) {
      return { kind: "too-quiet" };
    }
    const after: PatientPreferences = { ...before, language, quietHours };
    const fields = FIELDS.filter((field) => JSON.stringify(after[field]) !== JSON.stringify(before[field]));
    const outcome = await journal.commit(
      {
        ...asking,
        action: "preferences.changed",
        patientId,
        details: { fields, ...preferencesDetails(after, before) },
      },
      [consents.setPreferences(patientId, after)],
      head ?? null,
    );
    if (outcome.kind === "conflict") return { kind: "version-conflict" };
    return { kind: "changed", preferences: shownTo(patient, { ...after, version: before.version + 1 }) };
  };
}
