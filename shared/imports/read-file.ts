import { createTextDecoding, NotTextError } from "../domain/csv/text-decoding.ts";
import { BadFile, IMPORT_ROWS_MAX, type ImportKind } from "../domain/imports/kinds.ts";
import { BundleEntries, type BundleEntry } from "./bundle-entries.ts";
import { CsvRows } from "./csv-rows.ts";
import { BundleReferences } from "./fhir-references.ts";
import { objectOf } from "./fhir-resources.ts";
import { readEntry } from "./fhir-rows.ts";
import type { ReadContext } from "./read-context.ts";
import type { ReadColumns, ReadRow } from "./rows.ts";

const PIECE_BYTES = 64 * 1024;

/** A file whose rows can be read in order, as often as one likes. */
export interface ReadableFile {
  /** Reads from the beginning. Throws a {@link BadFile} where the file as a whole cannot be read. */
  rows(): Generator<ReadRow>;
  /** Known once rows were read; empty for a Bundle. */
  columns(): ReadColumns;
}

const NO_COLUMNS: ReadColumns = { used: [], ignored: [] };

/**
 * Tells what a file is, CSV or a FHIR R4 Bundle in JSON, and how to read its rows. The bytes are decoded and parsed piece by
 * piece, so that beside them one row is held at a time.
 */
export function readFile(bytes: Uint8Array, kind: ImportKind, context: ReadContext): ReadableFile {
  const beginning = firstSign(bytes);
  if (beginning === undefined) throw new BadFile("empty");
  if (beginning === "[" || beginning === "<") throw new BadFile("unknown_format");
  if (beginning === "{") return bundleFile(bytes, kind, context);
  let read: CsvRows | undefined;
  return {
    *rows() {
      read = new CsvRows(kind, context);
      for (const piece of pieces(bytes)) yield* read.read(piece);
      yield* read.end();
    },
    columns: () => read?.columns ?? NO_COLUMNS,
  };
}

function bundleFile(bytes: Uint8Array, kind: ImportKind, context: ReadContext): ReadableFile {
  if (kind === "consents") throw new BadFile("kind_needs_csv");
  let references: BundleReferences | undefined;
  return {
    *rows() {
      references ??= referencesOf(bytes, kind, context);
      for (const entry of entriesOf(bytes)) {
        yield "problem" in entry
          ? { line: entry.number, what: "bad", notes: [{ code: entry.problem }] }
          : readEntry(kind, entry.number, entry.value, references, context);
      }
    },
    columns: () => NO_COLUMNS,
  };
}

function referencesOf(bytes: Uint8Array, kind: ImportKind, { now }: ReadContext): BundleReferences {
  const references = new BundleReferences(now);
  if (kind === "patients") return references;
  for (const entry of entriesOf(bytes)) if ("value" in entry) references.add(objectOf(entry.value));
  return references;
}

function* entriesOf(bytes: Uint8Array): Generator<BundleEntry> {
  const entries = new BundleEntries();
  for (const piece of pieces(bytes)) yield* entries.read(piece);
  entries.end();
}

/** The text of a file, piece by piece. */
function* pieces(bytes: Uint8Array): Generator<string> {
  const decoding = createTextDecoding(() => undefined, { strayZeros: true });
  try {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      yield decoding.read(bytes.subarray(at, at + PIECE_BYTES));
    }
    yield decoding.end();
  } catch (error) {
    if (error instanceof NotTextError) throw new BadFile("not_text");
    throw error;
  }
}

/** The first character that is no blank; undefined for a file without any. */
function firstSign(bytes: Uint8Array): string | undefined {
  for (const piece of pieces(bytes)) {
    const sign = /\S/u.exec(piece)?.[0];
    if (sign !== undefined) return sign;
  }
  return undefined;
}

/** Counts rows as they go by; throws where they are more than what is taken. */
export function* counted(rows: Iterable<ReadRow>): Generator<ReadRow> {
  let count = 0;
  for (const row of rows) {
    count += 1;
    if (count > IMPORT_ROWS_MAX) throw new BadFile("too_many_rows");
    yield row;
  }
}
