import type { RowNote } from "../domain/imports/kinds.ts";
import type { VisitStatus } from "../domain/visits/words.ts";
import type { Channel, Language, Purpose } from "../domain/words.ts";

/** How a row names a patient: by our id or by the record number. */
export type PatientReference = { readonly patientId: string } | { readonly recordNumber: string };

/** A patient as a file tells; what is left out is not told. */
export interface PatientRow {
  readonly kind: "patients";
  readonly externalId: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly birthDate: string;
  readonly mobilePhone?: string;
  readonly email?: string;
  readonly language?: Language;
  readonly timeZone?: string;
}

/** A decision of a patient as a file tells. */
export interface ConsentRow {
  readonly kind: "consents";
  readonly patient: PatientReference;
  readonly purpose: Purpose;
  readonly channel: Channel;
  readonly decision: "granted" | "revoked";
  readonly acknowledgements: {
    readonly unsecuredText: boolean;
    readonly numberConfirmed: boolean;
    readonly optOutAnytime: boolean;
  };
  readonly evidence?: string;
}

/** A visit as a file tells; nothing of what it is about. */
export interface AppointmentRow {
  readonly kind: "appointments";
  readonly externalId: string;
  readonly patient: PatientReference;
  /** ISO 8601 UTC. */
  readonly startsAt: string;
  /** IANA name; null: the location's, else the practice's. */
  readonly timeZone: string | null;
  /** Ids of the directory. */
  readonly locationId: string | null;
  readonly providerId: string | null;
  readonly status: VisitStatus;
  /** The file says that the patient has confirmed. */
  readonly confirmed: boolean;
  readonly reminderOffsets: readonly number[] | null;
  readonly sourceVersion: number | null;
}

/** Anything that a file can bring. */
export type ImportRow = PatientRow | ConsentRow | AppointmentRow;

/** One row of a file as it was read; `line` is that of a CSV file, or the number of a Bundle's entry, from 1. */
export type ReadRow =
  | {
      readonly line: number;
      readonly what: "row";
      readonly row: ImportRow;
      /** Compared within the file alone. */
      readonly version: number | null;
      readonly warnings: readonly RowNote[];
    }
  | { readonly line: number; readonly what: "bad"; readonly notes: readonly RowNote[] }
  /** Passed over on purpose; without a note where it is of another kind. */
  | { readonly line: number; readonly what: "skipped"; readonly note?: RowNote };

/** What of a file's columns is read. */
export interface ReadColumns {
  readonly used: readonly { readonly position: number; readonly field: string }[];
  readonly ignored: readonly { readonly position: number; readonly reason: "unknown" | "never-kept" }[];
}
