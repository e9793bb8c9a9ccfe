import type { Field, RowNote } from "../domain/imports/kinds.ts";
import { findInDirectory } from "../vocabulary/find.ts";
import type { Directory } from "../vocabulary/records.ts";
import { saysNothing } from "./values.ts";

/** What rows are read against. */
export interface ReadContext {
  readonly now: Date;
  /** The practice's, IANA name. */
  readonly timeZone: string;
  /** Undefined: the practice has none yet. */
  readonly directory: Directory | undefined;
}

/** An entry of the directory as a row means it, and its zone. */
export interface Found {
  readonly id: string | null;
  readonly timeZone: string | null;
}

/** What is named by no entry. */
export const NOTHING: Found = { id: null, timeZone: null };

/** The first of `names` that the directory knows; one that it does not know is a warning and loses no visit. */
export function inDirectory(
  { directory }: ReadContext,
  kind: "location" | "provider",
  names: readonly string[],
  warnings: RowNote[],
): Found {
  const said = names.filter((name) => name !== "");
  if (said.length === 0) return NOTHING;
  for (const name of said) {
    const entry = findInDirectory(directory, kind, name);
    if (entry !== undefined) return { id: entry.id, timeZone: entry.timeZone };
  }
  if (said.every(saysNothing)) return NOTHING;
  const column: Field = kind;
  warnings.push({ code: kind === "location" ? "unknown_location" : "unknown_provider", column });
  return NOTHING;
}
