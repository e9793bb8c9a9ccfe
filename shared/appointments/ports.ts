import type { Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import type { PatientPreferences } from "../consent/preferences.ts";
import type { AlertRecord, PatientMarks } from "../messaging/records.ts";
import type { PatientRecord } from "../patients/records.ts";
import type { PracticeSettings } from "../practice/records.ts";
import type { Directory } from "../vocabulary/records.ts";
import type { AppointmentPointer, VisitDay } from "./records.ts";

/** What every use case of appointments needs. */
export interface AppointmentPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly appointments: {
    visitDay(patientId: string, day: string): Lookup<VisitDay>;
    setVisitDay(day: VisitDay): Write;
    pointer(externalIndex: string): Lookup<AppointmentPointer>;
    setPointer(pointer: AppointmentPointer, before: AppointmentPointer | undefined): Write;
    removePointer(externalIndex: string): Write;
  };
  readonly messages: {
    alert(patientId: string, id: string): Lookup<AlertRecord>;
    marks(patientId: string): Lookup<PatientMarks>;
    addAlert(alert: AlertRecord): Write[];
    moveAlert(alert: AlertRecord, from: readonly AlertRecord["status"][], set: Partial<AlertRecord>): Write;
  };
  readonly patients: {
    patient(id: string): Lookup<PatientRecord>;
    byExternalId(index: string): Lookup<{ readonly patientId: string }>;
    /** Holds a transaction to the patient as read. */
    unchanged(patient: PatientRecord): Write;
  };
  readonly consents: {
    preferences(patientId: string): Lookup<PatientPreferences>;
  };
  readonly practice: {
    settings(): Lookup<PracticeSettings>;
  };
  readonly vocabulary: {
    directory(): Lookup<Directory>;
  };
  /** What holds until the practice sets its own. */
  readonly settingsDefault: PracticeSettings;
  /** Under IndexKey: blind indexes. */
  readonly indexMac: (...fields: readonly (string | Uint8Array)[]) => Promise<Uint8Array>;
  /** Seals a visit's external id for staff. */
  readonly sealExternalId: (
    visit: Pick<AppointmentPointer, "externalIndex" | "patientId" | "appointmentId">,
    externalId: string,
  ) => Promise<Pick<AppointmentPointer, "sealed" | "wrappedKey">>;
  readonly newId: (prefix: "apt" | "alr", now?: Date) => string;
  readonly now: () => Date;
}

/** Where a page of a date's days ended: at this day, after so many of its visits were shown. */
export interface DayPosition {
  readonly firstStart: string;
  readonly patientId: string;
}

/** What listing needs besides. */
export interface ListAppointmentsPorts extends AppointmentPorts {
  /** Days of a date by their first visit, from `from` on (inclusive); at most `limit`. */
  readonly daysOn: (
    day: string,
    limit: number,
    from: DayPosition | null,
  ) => Promise<{ readonly days: readonly VisitDay[]; readonly more: boolean }>;
  readonly openExternalId: (pointer: AppointmentPointer) => Promise<string>;
}
