import { BadRow, type RowNote } from "../domain/imports/kinds.ts";

/** What the report tells of one row at most. */
const NOTES_MAX = 5;

/** Reads every part of a row, so that all that is wrong with it is told at once: in one {@link BadRow}. */
export function readAll<Parts extends Readonly<Record<string, () => unknown>>>(
  parts: Parts,
): { readonly [Name in keyof Parts]: ReturnType<Parts[Name]> } {
  const notes: RowNote[] = [];
  const values = Object.entries(parts).map(([name, read]) => {
    try {
      return [name, read()];
    } catch (error) {
      if (!(error instanceof BadRow)) throw error;
      notes.push(...error.notes);
      return [name, undefined];
    }
  });
  const [first, ...others] = notes;
  if (first !== undefined) throw new BadRow(first.code, first.column, others);
  return Object.fromEntries(values) as { readonly [Name in keyof Parts]: ReturnType<Parts[Name]> };
}

/** What `read` makes of a cell that a row can do without; where it cannot be read, `note` warns of it. */
export function leniently<Value>(
  note: RowNote,
  warnings: RowNote[],
  read: () => Value | undefined,
): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BadRow)) throw error;
    warnings.push(note);
    return undefined;
  }
}

/** What the report tells of a row that is refused: each fault once, then what else would have been left out. */
export function notesOf({ notes }: BadRow, warnings: readonly RowNote[]): readonly RowNote[] {
  const each = new Map([...notes, ...warnings].map((note) => [`${note.code} ${note.column ?? ""}`, note]));
  return [...each.values()].slice(0, NOTES_MAX);
}
