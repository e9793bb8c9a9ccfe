import { AuditError } from "./audit-error.ts";
import { isTextName } from "./text-names.ts";

/** Names that the caller chose for columns (CSV) or keys (JSON Lines); what is not chosen is found by name. */
export interface ColumnChoice {
  readonly text?: string | undefined;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
}

/** Where texts, id and name of a template stand in a row. */
export interface Columns {
  /** At least one. Each is judged by itself. */
  readonly texts: readonly number[];
  readonly id: number | undefined;
  readonly name: number | undefined;
  /** Further columns whose names are those of a text: what they hold is not read, since the caller chose another. */
  readonly unreadTexts: readonly number[];
}

const list = (names: string): readonly string[] => names.split(/\s+/);

/** Names in plain form (letters and digits only), the surest first. */
const ID_NAMES = list(
  "id templateid messageid key code templatecode number idplantilla plantillaid codigo clave",
);
const NAME_NAMES = list(
  "name templatename messagename title templatetitle label nombre nombreplantilla titulo type templatetype",
);
/** Words of a cell that is no name of a column but a text: the file has no header. */
const NAME_WORDS_MAX = 10;

function plain(name: string): string {
  return name
    .normalize("NFD")
    .replaceAll(/[^\p{L}\p{N}]+/gu, "")
    .toLowerCase();
}

function find(header: readonly string[], names: readonly string[], taken: readonly number[]) {
  for (const name of names) {
    const index = header.findIndex((cell, at) => !taken.includes(at) && plain(cell) === name);
    if (index >= 0) return index;
  }
  return undefined;
}

/** Whether two names are the same but for capitals, accents and signs. */
export function isSameName(left: string, right: string): boolean {
  return plain(left) === plain(right);
}

function chosen(header: readonly string[], name: string | undefined, option: string): number | undefined {
  if (name === undefined) return undefined;
  const exact = header.indexOf(name);
  const index = exact >= 0 ? exact : header.findIndex((cell) => isSameName(cell, name));
  if (index < 0)
    throw new AuditError(`The file has no column of the name that ${option} gives: check its header.`);
  return index;
}

/** Finds the id and the name of a template among names of columns or keys that are not those of its texts. */
export function findLabels(
  header: readonly string[],
  texts: readonly number[],
): { readonly id: number | undefined; readonly name: number | undefined } {
  return { id: find(header, ID_NAMES, texts), name: find(header, NAME_NAMES, texts) };
}

/** Finds the columns by the names in a header. Throws an {@link AuditError} when there is no column for a text. */
export function findColumns(header: readonly string[], choice: ColumnChoice): Columns {
  const only = chosen(header, choice.text, "--column");
  if (only === undefined && header.some((cell) => cell.split(/\s+/).length > NAME_WORDS_MAX))
    throw new AuditError(
      "The first row is no header but holds texts: give the columns names in a first row.",
    );
  const named = header.flatMap((cell, at) => (isTextName(cell) ? [at] : []));
  const texts = only === undefined ? named : [only];
  if (texts.length === 0) {
    throw new AuditError(
      "No text column: none of the names in the first row is text, body, message, template, sms or the like; " +
        "give the column's name with --column NAME.",
    );
  }
  const labels = findLabels(header, texts);
  return {
    texts,
    id: chosen(header, choice.id, "--id-column") ?? labels.id,
    name: chosen(header, choice.name, "--name-column") ?? labels.name,
    unreadTexts: named.filter((at) => !texts.includes(at)),
  };
}
