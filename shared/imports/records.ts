import type { Field, FileCode, ImportKind, RowCode } from "../domain/imports/kinds.ts";
import type { Role } from "../domain/roles.ts";
import type { ReadColumns } from "./rows.ts";

/** What came of the rows so far; every row is in exactly one of the last six. */
export interface ImportCounts {
  readonly total: number;
  readonly done: number;
  /** Rows that were kept with a warning. */
  readonly warnings: number;
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Of a dry run: patients that are known, whose details it does not open. */
  readonly existing: number;
  readonly refused: number;
  /** Passed over on purpose. */
  readonly ignored: number;
}

/** Before the first row. */
export const COUNTS_NONE: ImportCounts = {
  total: 0,
  done: 0,
  warnings: 0,
  created: 0,
  changed: 0,
  unchanged: 0,
  existing: 0,
  refused: 0,
  ignored: 0,
};

/** One import. Nothing of the file's words is in it. */
export interface ImportRecord {
  /** `imp_…`. */
  readonly id: string;
  readonly kind: ImportKind;
  readonly dryRun: boolean;
  /** `waiting`: for the upload. */
  readonly state: "waiting" | "running" | "done" | "failed";
  /** Who asked for it, and under which role: its rows are written in that name. */
  readonly actor: string;
  readonly role: Role;
  /** ISO 8601 UTC. */
  readonly requestedAt: string;
  readonly changedAt: string;
  /** Why nothing more comes of it, and the fields that the header lacks or has twice. */
  readonly failure: { readonly code: FileCode; readonly fields: readonly Field[] } | null;
  /** The version of the upload that is worked through; a later one changes nothing. */
  readonly objectVersion: string | null;
  readonly columns: ReadColumns;
  readonly counts: ImportCounts;
  /** Report pages, from 1. */
  readonly pages: number;
  readonly version: number;
}

/** A line of the report. */
export interface ReportRow {
  readonly line: number;
  readonly code: RowCode;
  readonly column?: Field | undefined;
  /** The line of the row that it contradicts. */
  readonly otherLine?: number | undefined;
}

/** A page of the report. */
export interface ReportPage {
  readonly importId: string;
  readonly number: number;
  readonly rows: readonly ReportRow[];
}
