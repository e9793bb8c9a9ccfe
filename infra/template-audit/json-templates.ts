import { AuditError } from "./audit-error.ts";
import { type ColumnChoice, findColumns } from "./columns.ts";
import { FIELD_UNITS_MAX, ROW_UNITS_MAX } from "./limits.ts";
import { type TemplateRow, type TemplateRows, UNDECODED } from "./template-rows.ts";

/** Reads the templates of a JSON Lines file: each line a string, or an object with a text and perhaps an id and a name. */
export class JsonTemplates implements TemplateRows {
  readonly #choice: ColumnChoice;
  #buffer = "";
  #isSkipping = false;
  #line = 0;
  #row = 0;

  constructor(choice: ColumnChoice) {
    this.#choice = choice;
  }

  *read(piece: string): Generator<TemplateRow> {
    this.#buffer += piece;
    let from = 0;
    for (let end = this.#buffer.indexOf("\n"); end >= 0; end = this.#buffer.indexOf("\n", from)) {
      yield* this.#rowOf(this.#buffer.slice(from, end));
      from = end + 1;
    }
    this.#buffer = this.#buffer.slice(from);
    if (this.#buffer.length > ROW_UNITS_MAX) {
      this.#isSkipping = true;
      this.#buffer = "";
    }
  }

  *end(): Generator<TemplateRow> {
    if (this.#buffer !== "" || this.#isSkipping) yield* this.#rowOf(this.#buffer);
  }

  describe(): Readonly<Record<string, string | readonly string[]>> {
    return { format: "jsonl" };
  }

  *#rowOf(lineText: string): Generator<TemplateRow> {
    this.#line += 1;
    const line = this.#line;
    const tooLong = this.#isSkipping || lineText.length > ROW_UNITS_MAX;
    this.#isSkipping = false;
    if (!tooLong && lineText.trim() === "") return;
    this.#row += 1;
    const row = this.#row;
    const read = tooLong ? "the line is longer than what is read" : this.#template(lineText);
    yield typeof read === "string" ? { line, row, problem: read } : { line, row, ...read };
  }

  /** The template of a line, or what is wrong with the line, without repeating any of it. */
  #template(
    lineText: string,
  ): { readonly id?: string; readonly name?: string; readonly text: string } | string {
    let value: unknown;
    try {
      value = JSON.parse(lineText);
    } catch {
      return "the line is not JSON";
    }
    if (typeof value === "string") return checked(value) ?? { text: value };
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return "the line is neither a JSON string nor a JSON object";
    const entries = Object.entries(value);
    const keys = entries.map(([key]) => key);
    let columns: ReturnType<typeof findColumns>;
    try {
      columns = findColumns(keys, { text: this.#choice.text });
    } catch (error) {
      if (error instanceof AuditError) return "the object has no text";
      throw error;
    }
    const at = (index: number | undefined): unknown =>
      index === undefined ? undefined : entries[index]?.[1];
    const text = at(columns.text);
    if (typeof text !== "string") return "the text is not a string";
    const { id: idKey, name: nameKey } = this.#choice;
    const id = label(idKey === undefined ? at(columns.id) : at(keys.indexOf(idKey)));
    const name = label(nameKey === undefined ? at(columns.name) : at(keys.indexOf(nameKey)));
    return (
      checked(text) ?? { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }), text }
    );
  }
}

function checked(text: string): string | undefined {
  if (text.length > FIELD_UNITS_MAX) return "the text is longer than what is read";
  return text.includes("\ufffd") ? UNDECODED : undefined;
}

function label(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text.trim() !== "" ? text.trim() : undefined;
}
