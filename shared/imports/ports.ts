import type { Lookup, Write } from "../audit/journal.ts";
import type { ImportRecord, ReportPage } from "./records.ts";

/** Imports as the use cases see their table. */
export interface ImportStore {
  import(id: string): Lookup<ImportRecord>;
  addImport(record: ImportRecord): Write;
  /** Replaces an import that is at the version before. */
  replaceImport(record: ImportRecord): Write;
  page(importId: string, number: number): Lookup<ReportPage>;
  setPage(page: ReportPage, record: ImportRecord): Write;
}

/** A form that a program posts one file with, straight to the bucket. */
export interface ImportForm {
  readonly url: string;
  /** To be sent as they are, before the file. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Signs a form for one file. */
export type SignImport = (importId: string) => Promise<ImportForm>;

/** The bucket that imports come in by. */
export interface ImportObjects {
  /** The file of an import: the version that is named, else the newest. */
  read(
    importId: string,
    bytesMax: number,
    version: string | null,
  ): Promise<{ readonly bytes: Uint8Array; readonly version: string } | "absent" | "too-large">;
  /** Removes every version for good. */
  forget(importId: string): Promise<void>;
}
