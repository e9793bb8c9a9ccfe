import { type ColumnChoice, findLabels, isSameName } from "./columns.ts";
import { FIELD_UNITS_MAX, ROW_UNITS_MAX } from "./limits.ts";
import { type TemplateRow, type TemplateRows, type TemplateText, UNDECODED } from "./template-rows.ts";
import { isAboutText, isTextName } from "./text-names.ts";

/** Reads the templates of a JSON Lines file: each line a string, or an object with texts and perhaps an id and a name. */
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
  ): { readonly id?: string; readonly name?: string; readonly texts: readonly TemplateText[] } | string {
    let value: unknown;
    try {
      value = JSON.parse(lineText);
    } catch {
      return "the line is not JSON";
    }
    if (typeof value === "string") return checked(value) ?? { texts: [{ text: value }] };
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return "the line is neither a JSON string nor a JSON object";
    const leaves = leavesOf(value);
    if (leaves === undefined) return "the object holds too many objects within each other";
    const found = leaves.filter(({ path }) => this.#isText(path, leaves));
    if (found.length === 0) return "the object has no text";
    const texts = found.flatMap(({ path, value: text }) =>
      typeof text === "string" ? [{ field: path.join("."), text }] : [],
    );
    if (texts.length === 0) return "the text is not a string";
    const problem = texts.map(({ text }) => checked(text)).find((told) => told !== undefined);
    if (problem !== undefined) return problem;
    const entries = Object.entries(value);
    const keys = entries.map(([key]) => key);
    const labels = findLabels(
      keys,
      keys.flatMap((key, at) => (found.some(({ path }) => path[0] === key) ? [at] : [])),
    );
    const at = (index: number | undefined): unknown =>
      index === undefined ? undefined : entries[index]?.[1];
    const { id: idKey, name: nameKey } = this.#choice;
    const id = label(idKey === undefined ? at(labels.id) : at(keys.indexOf(idKey)));
    const name = label(nameKey === undefined ? at(labels.name) : at(keys.indexOf(nameKey)));
    return { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }), texts };
  }

  /** Whether a value is a text by its key or by that of an object around it: `{"sms": {"en": …}}`. */
  #isText(path: readonly string[], leaves: readonly Leaf[]): boolean {
    const { text } = this.#choice;
    if (text === undefined) return path.some(isTextName) && !isAboutText(path.at(-1) ?? "");
    const isWithin = (leaf: Leaf, isIt: (name: string) => boolean) =>
      leaf.path.some((_, at) => isIt(leaf.path.slice(0, at + 1).join(".")));
    const isExact = leaves.some((leaf) => isWithin(leaf, (name) => name === text));
    return isWithin({ path, value: undefined }, (name) => (isExact ? name === text : isSameName(name, text)));
  }
}

/** A value that is neither object nor array, and the keys that lead to it. */
interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

const DEPTH_MAX = 20;

/** All values within an object; `undefined` where objects stand within each other too deep to be read. */
function leavesOf(value: object, path: readonly string[] = []): readonly Leaf[] | undefined {
  if (path.length >= DEPTH_MAX) return undefined;
  const leaves: Leaf[] = [];
  for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
    const within = [...path, key];
    const found =
      typeof inner === "object" && inner !== null
        ? leavesOf(inner, within)
        : [{ path: within, value: inner }];
    if (found === undefined) return undefined;
    for (const leaf of found) leaves.push(leaf);
  }
  return leaves;
}

function checked(text: string): string | undefined {
  if (text.length > FIELD_UNITS_MAX) return "the text is longer than what is read";
  return text.includes("\ufffd") ? UNDECODED : undefined;
}

function label(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text.trim() !== "" ? text.trim() : undefined;
}
