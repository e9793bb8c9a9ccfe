/** Why a record could not be read. */
export type CsvProblem =
  | "open-quote"
  | "row-too-long"
  | "field-too-long"
  | "too-many-columns"
  | "words-after-quote";

/** How much of a file is read at once, in UTF-16 units and columns. */
export interface CsvLimits {
  readonly rowUnits: number;
  readonly fieldUnits: number;
  readonly columns: number;
}

/** One record of a CSV file with the line that it begins on, or why it could not be read. */
export type CsvRecord =
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly problem: CsvProblem };

type Step =
  | { readonly kind: "cells"; readonly cells: readonly string[]; readonly next: number }
  | { readonly kind: "problem"; readonly problem: CsvProblem; readonly next: number }
  | { readonly kind: "more" };

/**
 * Reads CSV by RFC 4180 piece by piece: quoted fields with separators, doubled quotes and line breaks in them; CRLF, LF
 * or CR. A record that is broken gives one problem, and reading goes on after the line that it begins on, so that one
 * open quotation mark does not swallow the rows after it. Holds one record of the longest allowed length at most.
 */
export class CsvRecords {
  readonly #separator: string | undefined;
  readonly #fieldEnd: RegExp;
  readonly #limits: CsvLimits;
  #buffer = "";
  #line: number;
  #isSkipping = false;

  /** `separator` is undefined for a file of one column; `line` is the number of its first line. */
  constructor(separator: string | undefined, limits: CsvLimits, line = 1) {
    this.#separator = separator;
    this.#limits = limits;
    this.#fieldEnd = new RegExp(`[\\r\\n${separator === undefined ? "" : escapeForClass(separator)}]`, "g");
    this.#line = line;
  }

  /** Takes the next piece of the file and gives the records that are complete with it. Blank lines are no records. */
  *read(piece: string): Generator<CsvRecord> {
    this.#buffer += piece;
    yield* this.#take(false);
  }

  /** Gives what is left at the end of the file. */
  *end(): Generator<CsvRecord> {
    yield* this.#take(true);
  }

  *#take(isFinal: boolean): Generator<CsvRecord> {
    let position = 0;
    while (position < this.#buffer.length) {
      if (this.#isSkipping) {
        const next = this.#afterLine(position, isFinal);
        if (next === undefined) {
          position = this.#buffer.length - (this.#buffer.endsWith("\r") && !isFinal ? 1 : 0);
          break;
        }
        this.#isSkipping = false;
        this.#line += 1;
        position = next;
        continue;
      }
      const step = this.#step(position, isFinal);
      if (step.kind === "more") break;
      const line = this.#line;
      this.#line += countLineBreaks(this.#buffer, position, step.next);
      position = step.next;
      if (step.kind === "problem") yield { line, problem: step.problem };
      else if (step.cells.length > 1 || step.cells[0] !== "") yield { line, cells: step.cells };
    }
    this.#buffer = this.#buffer.slice(position);
  }

  #step(start: number, isFinal: boolean): Step {
    const { rowUnits, fieldUnits, columns } = this.#limits;
    const cells: string[] = [];
    let position = start;
    for (;;) {
      const field = this.#field(position, isFinal);
      if (field === undefined || field.end - start > rowUnits) {
        if (!isFinal && this.#buffer.length - start <= rowUnits) return { kind: "more" };
        const isQuoted = this.#opensQuote(position) !== undefined;
        return this.#broken(start, isQuoted ? "open-quote" : "row-too-long", isFinal);
      }
      if (field.problem !== undefined) return this.#broken(start, field.problem, isFinal);
      if (field.text.length > fieldUnits) return this.#broken(start, "field-too-long", isFinal);
      cells.push(field.text);
      if (cells.length > columns) return this.#broken(start, "too-many-columns", isFinal);
      const next = this.#buffer[field.end];
      if (next === undefined) return { kind: "cells", cells, next: field.end };
      position = field.end + 1;
      if (next === "\n") return { kind: "cells", cells, next: position };
      if (next === "\r")
        return { kind: "cells", cells, next: position + (this.#buffer[position] === "\n" ? 1 : 0) };
    }
  }

  /** The field at `position` and where it ends; `undefined` when that does not show yet. */
  #field(
    position: number,
    isFinal: boolean,
  ): { readonly text: string; readonly end: number; readonly problem?: CsvProblem } | undefined {
    const buffer = this.#buffer;
    const quote = this.#opensQuote(position);
    if (quote === undefined) {
      this.#fieldEnd.lastIndex = position;
      const end = this.#fieldEnd.exec(buffer)?.index ?? (isFinal ? buffer.length : undefined);
      if (end === undefined || this.#isUndecided(end, isFinal)) return undefined;
      return { text: buffer.slice(position, end), end };
    }
    let text = "";
    for (let from = quote + 1; ; ) {
      const found = buffer.indexOf('"', from);
      if (found < 0 || (found === buffer.length - 1 && !isFinal)) return undefined;
      text += buffer.slice(from, found);
      if (buffer[found + 1] === '"') {
        text += '"';
        from = found + 2;
        continue;
      }
      const end = found + 1;
      if (this.#isUndecided(end, isFinal)) return undefined;
      const next = buffer[end];
      if (next === undefined || next === "\n" || next === "\r" || next === this.#separator)
        return { text, end };
      return { text, end, problem: "words-after-quote" };
    }
  }

  /** A CR at the end of what is there may be half of a CRLF. */
  #isUndecided(end: number, isFinal: boolean): boolean {
    return (
      !isFinal &&
      (end >= this.#buffer.length || (this.#buffer[end] === "\r" && end + 1 >= this.#buffer.length))
    );
  }

  /** Where the quotation mark stands that opens the field; blanks before it are passed over. */
  #opensQuote(position: number): number | undefined {
    let at = position;
    while (this.#buffer[at] === " ") at += 1;
    return this.#buffer[at] === '"' ? at : undefined;
  }

  #broken(start: number, problem: CsvProblem, isFinal: boolean): Step {
    const next = this.#afterLine(start, isFinal);
    if (next !== undefined) return { kind: "problem", problem, next };
    this.#isSkipping = !isFinal;
    return { kind: "problem", problem, next: this.#buffer.length };
  }

  /** The position after the next line break from `start`; `undefined` when none is there yet. */
  #afterLine(start: number, isFinal: boolean): number | undefined {
    LINE_BREAK.lastIndex = start;
    const found = LINE_BREAK.exec(this.#buffer);
    if (found === null) return undefined;
    const end = found.index + found[0].length;
    return found[0] === "\r" && end === this.#buffer.length && !isFinal ? undefined : end;
  }
}

const LINE_BREAK = /\r\n|\n|\r/g;

function countLineBreaks(text: string, start: number, end: number): number {
  return text.slice(start, end).match(LINE_BREAK)?.length ?? 0;
}

function escapeForClass(separator: string): string {
  return separator === "\t" ? "\\t" : `\\${separator}`;
}
