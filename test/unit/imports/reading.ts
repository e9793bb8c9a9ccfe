import type { ImportKind } from "#shared/domain/imports/kinds.ts";
import type { ReadContext } from "#shared/imports/read-context.ts";
import { readFile } from "#shared/imports/read-file.ts";
import type { ReadRow } from "#shared/imports/rows.ts";
import type { DirectoryEntry } from "#shared/vocabulary/records.ts";

function entry(
  kind: "location" | "provider",
  id: string,
  name: string,
  timeZone: string | null = null,
): DirectoryEntry {
  const textName = name;
  return {
    id,
    kind,
    name,
    codes: [id.toUpperCase()],
    timeZone,
    textName,
    version: 1,
    approved: null,
    proposedBy: "staff_1",
  };
}

/** A practice of the east with places elsewhere. */
export const CONTEXT: ReadContext = {
  now: new Date("2026-11-22T12:00:00Z"),
  timeZone: "America/New_York",
  directory: {
    version: 1,
    entries: [
      entry("location", "loc_river", "Riverside Clinic"),
      entry("location", "loc_phx", "Desert Office", "America/Phoenix"),
      entry("location", "loc_sju", "San Juan", "America/Puerto_Rico"),
      entry("location", "loc_gum", "Tamuning", "Pacific/Guam"),
      entry("provider", "prv_lee", "Dr. Lee"),
    ],
  },
};

/** Rows of a file; throws a BadFile. */
export function rowsOf(
  kind: ImportKind,
  content: string | Uint8Array,
  context: ReadContext = CONTEXT,
): readonly ReadRow[] {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return [...readFile(bytes, kind, context).rows()];
}

/** What came of each row: `ok`, or the code and field that it was refused or passed over with. */
export function outcomes(kind: ImportKind, content: string | Uint8Array): readonly string[] {
  return rowsOf(kind, content).map((read) => {
    if (read.what === "row") return ["ok", ...read.warnings.map(({ code }) => code)].join(" ");
    const notes = read.what === "bad" ? read.notes : [read.note];
    return [read.what, ...notes.flatMap((note) => [note?.code, note?.column])]
      .filter((part) => part !== undefined)
      .join(" ");
  });
}

/** The only row of a file. */
export function onlyRow(kind: ImportKind, content: string | Uint8Array): Record<string, unknown> {
  const [only, ...others] = rowsOf(kind, content);
  if (only?.what !== "row" || others.length > 0) throw new Error(`not one good row: ${JSON.stringify(only)}`);
  return { ...only.row };
}
