import { type CsvProblem, type CsvRecord, CsvRecords } from "#shared/domain/csv/csv-records.ts";
import { AuditError } from "./audit-error.ts";
import { type ColumnChoice, type Columns, findColumns } from "./columns.ts";
import { CSV_LIMITS } from "./limits.ts";
import { SEPARATORS, type Separator, separatorOf } from "./separators.ts";
import { type TemplateRow, type TemplateRows, UNDECODED } from "./template-rows.ts";

const FIRST_LINE = /^(?:[^\S\r\n]*(?:\r\n|\n|\r))*([^\r\n]+)[\r\n]/;
/** The line by which Excel is told the separator. */
const SEPARATOR_LINE = /^sep=(.)(?:\r\n|\n|\r)/;

const PROBLEM_WORDS: Readonly<Record<CsvProblem, string>> = {
  "open-quote": "a quotation mark is opened and not closed, or the row is longer than what is read",
  "row-too-long": "the row is longer than what is read",
  "field-too-long": "a field is longer than what is read",
  "too-many-columns": "the row has more columns than what is read",
  "words-after-quote": "words follow a closing quotation mark: double the marks inside a field",
};

const SEPARATOR_WORDS: Readonly<Record<Separator, string>> = {
  ",": "commas",
  ";": "semicolons",
  "\t": "tabs",
  "|": "bars",
};

/** Reads the templates of a CSV file whose first record is a header. */
export class CsvTemplates implements TemplateRows {
  readonly #choice: ColumnChoice;
  #beginning: string | undefined = "";
  #records: CsvRecords | undefined;
  #separator: Separator | undefined;
  #header: readonly string[] | undefined;
  #columns: Columns | undefined;
  #row = 0;

  constructor(choice: ColumnChoice) {
    this.#choice = choice;
  }

  *read(piece: string): Generator<TemplateRow> {
    if (this.#records === undefined) {
      this.#beginning += piece;
      if (!FIRST_LINE.test(this.#beginning ?? "") && (this.#beginning ?? "").length < HEADER_UNITS_MAX)
        return;
    }
    const { records, text } = this.#open(piece);
    for (const record of records.read(text)) yield* this.#rowOf(record);
  }

  *end(): Generator<TemplateRow> {
    const { records, text } = this.#open("");
    for (const record of [...records.read(text), ...records.end()]) yield* this.#rowOf(record);
    if (this.#header === undefined)
      throw new AuditError("The file holds nothing but blank lines: name another file.");
  }

  describe(): Readonly<Record<string, string | readonly string[]>> {
    const cell = (at: number | undefined) => (at === undefined ? "" : (this.#header?.[at] ?? ""));
    return {
      format: "csv",
      separator: this.#separator === undefined ? "one column" : SEPARATOR_WORDS[this.#separator],
      textColumns: this.#columns?.texts.map(cell) ?? [],
      ...(this.#columns?.id === undefined ? {} : { idColumn: cell(this.#columns.id) }),
      ...(this.#columns?.name === undefined ? {} : { nameColumn: cell(this.#columns.name) }),
      unreadTextColumns: this.#columns?.unreadTexts.map(cell) ?? [],
    };
  }

  /** Begins reading records once the header shows the separator; gives what has to be read now. */
  #open(piece: string): { readonly records: CsvRecords; readonly text: string } {
    if (this.#records !== undefined) return { records: this.#records, text: piece };
    let text = this.#beginning ?? "";
    this.#beginning = undefined;
    const told = SEPARATOR_LINE.exec(text);
    if (told !== null) text = text.slice(told[0].length);
    this.#separator =
      SEPARATORS.find((separator) => separator === told?.[1]) ??
      separatorOf(FIRST_LINE.exec(text)?.[1] ?? text.trim());
    this.#records = new CsvRecords(this.#separator, CSV_LIMITS, told === null ? 1 : 2);
    return { records: this.#records, text };
  }

  *#rowOf(record: CsvRecord): Generator<TemplateRow> {
    const { line } = record;
    if (this.#header === undefined || this.#columns === undefined) {
      if ("problem" in record)
        throw new AuditError(
          `The first row cannot be read as a header: ${PROBLEM_WORDS[record.problem]}; mend it and run again.`,
        );
      this.#header = record.cells.map((cell) => cell.trim());
      this.#columns = findColumns(this.#header, this.#choice);
      return;
    }
    if ("cells" in record && record.cells.every((cell) => cell.trim() === "")) return;
    this.#row += 1;
    const row = this.#row;
    if ("problem" in record) {
      yield { line, row, problem: PROBLEM_WORDS[record.problem] };
      return;
    }
    const { cells } = record;
    const width = this.#header.length;
    if (cells.length < width || cells.slice(width).some((cell) => cell !== "")) {
      yield {
        line,
        row,
        problem: `the row has ${cells.length} columns and the header ${width}: put a text with separators or line breaks in quotation marks`,
      };
      return;
    }
    const header = this.#header;
    const texts = this.#columns.texts.map((at) => ({ field: header[at] ?? "", text: cells[at] ?? "" }));
    if (texts.some(({ text }) => text.includes("\ufffd"))) {
      yield { line, row, problem: UNDECODED };
      return;
    }
    const id = this.#columns.id === undefined ? "" : (cells[this.#columns.id] ?? "").trim();
    const name = this.#columns.name === undefined ? "" : (cells[this.#columns.name] ?? "").trim();
    yield { line, row, ...(id === "" ? {} : { id }), ...(name === "" ? {} : { name }), texts };
  }
}

const HEADER_UNITS_MAX = 100_000;
