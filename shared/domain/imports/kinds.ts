/** What a file can hold; each import takes one kind. */
export const IMPORT_KINDS = ["patients", "consents", "appointments"] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** Where an import stands. */
export const IMPORT_STATES = ["waiting", "running", "done", "failed", "expired"] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

/** Bytes of the largest file that is taken. */
export const IMPORT_BYTES_MAX = 50 * 1024 * 1024;
/** Rows of a CSV file behind its header, or entries of a Bundle. */
export const IMPORT_ROWS_MAX = 100_000;
/** UTF-16 units of the longest row or Bundle entry that is read. */
export const RECORD_UNITS_MAX = 1024 * 1024;
/** Seconds for which an upload can be begun. */
export const UPLOAD_SECONDS = 15 * 60;

/** Why a file as a whole came to nothing; none of them holds anything of the file. */
export const FILE_CODES = [
  "not_text",
  "unknown_format",
  "json_broken",
  "not_a_bundle",
  "kind_needs_csv",
  "empty",
  "header_broken",
  "header_incomplete",
  "column_twice",
  "too_many_columns",
  "too_many_rows",
  "too_large",
  "file_gone",
  "interrupted",
] as const;
export type FileCode = (typeof FILE_CODES)[number];

/** What the report says of a row. What they mean and how to mend it stands in infra/import/README.md. */
export const ROW_CODES = [
  // The record.
  "open_quote",
  "words_after_quote",
  "row_too_long",
  "field_too_long",
  "too_many_columns",
  "column_count",
  "entry_broken",
  "entry_too_long",
  // A value.
  "missing",
  "undecodable",
  "control_character",
  "hidden_character",
  "formula",
  "too_long",
  "bad_date",
  "bad_time",
  "bad_time_zone",
  "time_does_not_exist",
  "time_is_ambiguous",
  "bad_value",
  "partial_date",
  "several_record_numbers",
  "several_patients",
  "reference_unresolved",
  "deletion_without_resource",
  // The file.
  "conflicting_rows",
  // What is on record.
  "patient_unknown",
  "no_contact",
  "acknowledgement_missing",
  "revoked_since",
  "contact_changed_since",
  "stale_version",
  "same_as_record_number",
  "other_patient",
  "day_is_full",
  "contended",
  // Rows that are passed over.
  "deceased",
  "inactive",
  "deletion_not_imported",
  "older_row",
  // Warnings: the row is kept without it.
  "bad_phone",
  "bad_email",
  "unknown_time_zone",
  "unknown_location",
  "unknown_provider",
  "unknown_language",
  // Warnings: the row is kept.
  "taken_as_cancelled",
  "in_the_past",
] as const;
export type RowCode = (typeof ROW_CODES)[number];

/** Fields that a file can tell, whatever its columns are called. */
export const FIELDS = [
  "externalId",
  "givenName",
  "familyName",
  "birthDate",
  "mobilePhone",
  "email",
  "language",
  "timeZone",
  "patient",
  "patientId",
  "start",
  "date",
  "time",
  "location",
  "provider",
  "status",
  "version",
  "lastUpdated",
  "reminderOffsets",
  "purpose",
  "channel",
  "decision",
  "unsecuredText",
  "numberConfirmed",
  "optOutAnytime",
  "evidence",
] as const;
export type Field = (typeof FIELDS)[number];

/** What is wrong with a row: a code and, where one is to blame, a field; never what stood in it. */
export interface RowNote {
  readonly code: RowCode;
  readonly column?: Field | undefined;
  /** The line of the row that it contradicts. */
  readonly otherLine?: number | undefined;
}

/** Thrown by what reads a value; caught where the row is made. */
export class BadRow extends Error {
  override readonly name = "BadRow";
  readonly notes: readonly RowNote[];

  constructor(code: RowCode, column?: Field, others: readonly RowNote[] = []) {
    super(code);
    this.notes = [{ code, column }, ...others];
  }
}

/** Thrown where a file as a whole cannot be imported. */
export class BadFile extends Error {
  override readonly name = "BadFile";
  readonly code: FileCode;
  /** Fields that the header lacks, or has twice. */
  readonly fields: readonly Field[];

  constructor(code: FileCode, fields: readonly Field[] = []) {
    super(code);
    this.code = code;
    this.fields = fields;
  }
}
