import { type CsvProblem, type CsvRecord, CsvRecords } from "../domain/csv/csv-records.ts";
import {
  BadFile,
  BadRow,
  type Field,
  type ImportKind,
  RECORD_UNITS_MAX,
  type RowCode,
  type RowNote,
} from "../domain/imports/kinds.ts";
import type { SaidStatus } from "../domain/visits/words.ts";
import { type ColumnMap, mapColumns } from "./columns.ts";
import { type Found, inDirectory, NOTHING, type ReadContext } from "./read-context.ts";
import { leniently, notesOf, readAll } from "./row-faults.ts";
import type { ConsentRow, ImportRow, PatientReference, ReadColumns, ReadRow } from "./rows.ts";
import { birthDay, changeTime, startMoment } from "./start-time.ts";
import { zoneNamed } from "./time-zones.ts";
import {
  acknowledged,
  channelOf,
  decisionOf,
  emailAddress,
  isGranted,
  isPatientId,
  keptText,
  languageNamed,
  mobilePhone,
  otherId,
  plainCell,
  purposeOf,
  reminderOffsets,
  saysNothing,
  versionNumber,
  visitId,
  visitStatus,
} from "./values.ts";

/** What of a CSV file is read. A field of a row is no longer than what anybody would keep. */
const LIMITS = { rowUnits: RECORD_UNITS_MAX, fieldUnits: 100_000, columns: 1000 };
const SEPARATORS = [",", ";", "\t", "|"];
/** The line by which Excel is told the separator. */
const SEPARATOR_LINE = /^\s*"?sep=(.)"?[^\S\r\n]*(?:\r\n|\n|\r)/iu;
const FIRST_LINE = /^(?:[^\S\r\n]*(?:\r\n|\n|\r))*([^\r\n]+)[\r\n]/u;
const NAME_LENGTH_MAX = 100;
const EVIDENCE_LENGTH_MAX = 1000;

const PROBLEM_CODES: Readonly<Record<CsvProblem, RowCode>> = {
  "open-quote": "open_quote",
  "words-after-quote": "words_after_quote",
  "row-too-long": "row_too_long",
  "field-too-long": "field_too_long",
  "too-many-columns": "too_many_columns",
};

/** Reads the rows of a CSV file, piece by piece, whose first row is a header. Throws a {@link BadFile}. */
export class CsvRows {
  readonly #kind: ImportKind;
  readonly #context: ReadContext;
  #beginning: string | undefined = "";
  #records: CsvRecords | undefined;
  #map: ColumnMap | undefined;

  constructor(kind: ImportKind, context: ReadContext) {
    this.#kind = kind;
    this.#context = context;
  }

  *read(piece: string): Generator<ReadRow> {
    let text = piece;
    if (this.#beginning !== undefined) {
      this.#beginning += piece;
      if (!FIRST_LINE.test(this.#beginning) && this.#beginning.length <= RECORD_UNITS_MAX) return;
      text = this.#open();
    }
    for (const record of this.#reader().read(text)) yield* this.#rowOf(record);
  }

  *end(): Generator<ReadRow> {
    if (this.#beginning !== undefined) {
      const text = this.#open();
      for (const record of this.#reader().read(text)) yield* this.#rowOf(record);
    }
    for (const record of this.#reader().end()) yield* this.#rowOf(record);
    if (this.#map === undefined) throw new BadFile("empty");
  }

  /** Known once the header was read. */
  get columns(): ReadColumns {
    return this.#map?.columns ?? { used: [], ignored: [] };
  }

  #reader(): CsvRecords {
    this.#records ??= new CsvRecords(",", LIMITS);
    return this.#records;
  }

  /** Begins reading records once the header shows the separator; gives what has to be read now. */
  #open(): string {
    let text = this.#beginning ?? "";
    this.#beginning = undefined;
    const told = SEPARATOR_LINE.exec(text);
    const lines = told === null ? 1 : 1 + (told[0].match(/\r\n|\n|\r/gu)?.length ?? 0);
    if (told !== null) text = text.slice(told[0].length);
    const header = FIRST_LINE.exec(text)?.[1] ?? text.slice(0, RECORD_UNITS_MAX);
    const separator = SEPARATORS.find((known) => known === told?.[1]) ?? this.#separatorOf(header);
    this.#records = new CsvRecords(separator, LIMITS, lines);
    return text;
  }

  /** The separator that gives the header the most fields that are known, else the most columns. */
  #separatorOf(header: string): string {
    const tries = SEPARATORS.map((separator) => {
      const records = new CsvRecords(separator, LIMITS);
      const [first] = [...records.read(header), ...records.end()];
      const cells = first !== undefined && "cells" in first ? first.cells : [];
      const isBroken = first !== undefined && "problem" in first;
      return {
        separator,
        known: knownFields(this.#kind, cells),
        // Too many columns are the most.
        columns: isBroken ? LIMITS.columns + 1 : cells.length,
      };
    });
    tries.sort((one, two) => two.known - one.known || two.columns - one.columns);
    return tries[0]?.separator ?? ",";
  }

  *#rowOf(record: CsvRecord): Generator<ReadRow> {
    const { line } = record;
    if (this.#map === undefined) {
      if ("problem" in record) {
        throw new BadFile(record.problem === "too-many-columns" ? "too_many_columns" : "header_broken");
      }
      if (record.cells.every((cell) => cell.trim() === "")) return;
      this.#map = mapColumns(this.#kind, record.cells);
      return;
    }
    if ("problem" in record) {
      yield { line, what: "bad", notes: [{ code: PROBLEM_CODES[record.problem] }] };
      return;
    }
    const { cells } = record;
    const { width } = this.#map;
    if (cells.every((cell) => cell.trim() === "")) return;
    if (cells.length < width || cells.slice(width).some((cell) => cell.trim() !== "")) {
      yield { line, what: "bad", notes: [{ code: "column_count" }] };
      return;
    }
    yield readRow(this.#kind, line, new Cells(this.#map, cells), this.#context);
  }
}

function knownFields(kind: ImportKind, cells: readonly string[]): number {
  try {
    return mapColumns(kind, cells).columns.used.length;
  } catch (error) {
    // Some of what is needed may be missing: that is told later, of the separator that fits best.
    if (error instanceof BadFile) return error.code === "column_twice" ? 1 : 0;
    throw error;
  }
}

/** The cells of one row by field. */
class Cells {
  readonly #map: ColumnMap;
  readonly #cells: readonly string[];

  constructor(map: ColumnMap, cells: readonly string[]) {
    this.#map = map;
    this.#cells = cells;
  }

  /** Empty where there is no such column, or nothing in it. */
  text(field: Field): string {
    const index = this.#map.at[field];
    return index === undefined ? "" : plainCell(this.#cells[index] ?? "", field);
  }

  /** Empty, too, where it holds a word for nothing. */
  plain(field: Field): string {
    const text = this.text(field);
    return saysNothing(text) ? "" : text;
  }

  needed(field: Field): string {
    return this.#unlessMissing(this.plain(field), field);
  }

  /** As it is: there are people of the name Null. */
  name(field: Field): string {
    return this.#unlessMissing(this.text(field), field);
  }

  /** What `read` makes of a cell; undefined where there is nothing in it. */
  told<Value>(field: Field, read: (text: string) => Value): Value | undefined {
    const text = this.plain(field);
    return text === "" ? undefined : read(text);
  }

  #unlessMissing(text: string, field: Field): string {
    if (text === "") throw new BadRow("missing", field);
    return text;
  }
}

function readRow(kind: ImportKind, line: number, cells: Cells, context: ReadContext): ReadRow {
  const warnings: RowNote[] = [];
  try {
    const { row, version } = readAll({
      row: () => ROWS[kind](cells, context, warnings),
      version: () => (kind === "consents" ? null : (versionOf(cells, context) ?? null)),
    });
    return { line, what: "row", row, version, warnings };
  } catch (error) {
    if (error instanceof BadRow) return { line, what: "bad", notes: notesOf(error, warnings) };
    throw error;
  }
}

function versionOf(cells: Cells, { timeZone }: ReadContext): number | undefined {
  return (
    cells.told("version", versionNumber) ?? cells.told("lastUpdated", (text) => changeTime(text, timeZone))
  );
}

function zoneOf(cells: Cells): string | undefined {
  return cells.told("timeZone", (text) => {
    const zone = zoneNamed(text);
    if (zone === undefined) throw new BadRow("bad_time_zone", "timeZone");
    return zone;
  });
}

/** The zone that a start is read in; where the row's own is unclear, what is wrong with the start itself shows in UTC. */
function clockZone(cells: Cells, location: Found, context: ReadContext): string {
  const zone = leniently({ code: "bad_time_zone" }, [], () => zoneOf(cells) ?? "");
  return zone === undefined ? "UTC" : zone || location.timeZone || context.timeZone;
}

/** An entry of the directory; a cell that cannot be read names none. */
function entryOf(
  cells: Cells,
  context: ReadContext,
  kind: "location" | "provider",
  warnings: RowNote[],
): Found {
  const unknown = { code: `unknown_${kind}`, column: kind } as const;
  return (
    leniently(unknown, warnings, () => inDirectory(context, kind, [cells.text(kind)], warnings)) ?? NOTHING
  );
}

function patientOf(cells: Cells): PatientReference {
  const id = cells.plain("patientId");
  if (isPatientId(id)) return { patientId: id };
  const recordNumber = cells.plain("patient") || id;
  if (recordNumber === "") throw new BadRow("missing", "patient");
  // Our own ids are what they are, in whatever column.
  if (isPatientId(recordNumber)) return { patientId: recordNumber };
  return { recordNumber: otherId(recordNumber, "patient") };
}

/** A grant needs all three; each that is missing is told. */
function acknowledgementsOf(cells: Cells): ConsentRow["acknowledgements"] {
  const isGrant = cells.text("decision") !== "" && isGranted(cells.text("decision"));
  const read = (field: Field) => () => {
    const isGiven = acknowledged(cells.text(field), field);
    if (isGrant && !isGiven) throw new BadRow("acknowledgement_missing", field);
    return isGiven;
  };
  return readAll({
    unsecuredText: read("unsecuredText"),
    numberConfirmed: read("numberConfirmed"),
    optOutAnytime: read("optOutAnytime"),
  });
}

function statusOf(text: string, warnings: RowNote[]): SaidStatus {
  return text === "" ? { status: "booked", confirmed: false } : visitStatus(text, warnings);
}

const ROWS: Readonly<
  Record<ImportKind, (cells: Cells, context: ReadContext, warnings: RowNote[]) => ImportRow>
> = {
  patients: (cells, { now }, warnings) => {
    const optional = <Value>(code: RowCode, column: Field, read: (text: string) => Value) =>
      leniently({ code, column }, warnings, () => cells.told(column, read));
    const language = optional("unknown_language", "language", languageNamed);
    const phone = optional("bad_phone", "mobilePhone", mobilePhone);
    const email = optional("bad_email", "email", emailAddress);
    const timeZone = leniently({ code: "unknown_time_zone", column: "timeZone" }, warnings, () =>
      zoneOf(cells),
    );
    return {
      kind: "patients",
      ...readAll({
        externalId: () => otherId(cells.needed("externalId"), "externalId"),
        givenName: () => keptText(cells.name("givenName"), "givenName", NAME_LENGTH_MAX),
        familyName: () => keptText(cells.name("familyName"), "familyName", NAME_LENGTH_MAX),
        birthDate: () => birthDay(cells.needed("birthDate"), now),
      }),
      ...(phone === undefined ? {} : { mobilePhone: phone }),
      ...(email === undefined ? {} : { email }),
      ...(language === undefined ? {} : { language }),
      ...(timeZone === undefined ? {} : { timeZone }),
    };
  },
  consents: (cells) => {
    const said = readAll({
      patient: () => patientOf(cells),
      purpose: () => purposeOf(cells.needed("purpose")),
      channel: () => channelOf(cells.needed("channel")),
      decision: () => decisionOf(cells.needed("decision")),
      evidence: () => cells.told("evidence", (text) => keptText(text, "evidence", EVIDENCE_LENGTH_MAX)),
      acknowledgements: () => acknowledgementsOf(cells),
    });
    const { evidence, ...row } = said;
    return { kind: "consents", ...row, ...(evidence === undefined ? {} : { evidence }) };
  },
  appointments: (cells, context, warnings) => {
    const location = entryOf(cells, context, "location", warnings);
    const provider = entryOf(cells, context, "provider", warnings);
    const { status, startsAt, ...row } = readAll({
      externalId: () => visitId(cells.needed("externalId")),
      patient: () => patientOf(cells),
      timeZone: () => zoneOf(cells) ?? null,
      startsAt: () => {
        const [start, date, time] = [cells.plain("start"), cells.plain("date"), cells.plain("time")];
        return startMoment({ start, date, time }, clockZone(cells, location, context));
      },
      status: () => statusOf(cells.text("status"), warnings),
      // No reminders, or the practice's? Where it says none, nobody guesses.
      reminderOffsets: () => reminderOffsets(cells.text("reminderOffsets")),
      sourceVersion: () => versionOf(cells, context) ?? null,
    });
    return {
      kind: "appointments",
      ...row,
      ...status,
      startsAt: startsAt.toISOString(),
      locationId: location.id,
      providerId: provider.id,
    };
  },
};
