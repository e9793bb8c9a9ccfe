import type { ImportRow, ReadRow } from "./rows.ts";

/** What is to be done with a row that was read, seen beside all others of its file. */
export type Choice =
  | "apply"
  /** Word for word one that stands before it. */
  | "repeated"
  /** The file has a newer version of the same thing. */
  | "older"
  /** The file says something else of the same thing, and nothing tells which is newer. */
  | "conflicting";

interface Best {
  readonly line: number;
  readonly version: number | null;
  readonly content: string;
  /** The first line that says otherwise; null for none. */
  contradictedBy: number | null;
}

/**
 * What a row is about, and whom it concerns: rows of one subject are worked through in order. Kept in memory alone.
 */
export function keyOf(row: ImportRow): string {
  switch (row.kind) {
    case "patients":
    case "appointments":
      return row.externalId;
    case "consents":
      return JSON.stringify([row.patient, row.purpose, row.channel]);
    default:
      return row satisfies never;
  }
}

/** The patient whom a row concerns, as the row names it. */
export function subjectOf(row: ImportRow): string {
  return JSON.stringify(row.kind === "patients" ? { recordNumber: row.externalId } : row.patient);
}

/** Learns of every row of a file, and then says which to apply: of one thing the newest, where that is clear. */
export class ChooseRows {
  readonly #best = new Map<string, Best>();

  add(read: ReadRow): void {
    if (read.what !== "row") return;
    const key = keyOf(read.row);
    const best = this.#best.get(key);
    const candidate: Best = {
      line: read.line,
      version: read.version,
      content: contentOf(read.row),
      contradictedBy: null,
    };
    if (best === undefined || isNewer(read.version, best.version)) this.#best.set(key, candidate);
    else if (!isNewer(best.version, read.version) && candidate.content !== best.content) {
      best.contradictedBy ??= read.line;
    }
  }

  choose(read: ReadRow & { readonly what: "row" }): Choice {
    const best = this.#best.get(keyOf(read.row));
    if (best === undefined) return "apply";
    if (isNewer(best.version, read.version)) return "older";
    if (best.contradictedBy !== null) return "conflicting";
    return best.line === read.line ? "apply" : "repeated";
  }

  /** The line of a row that says otherwise than a conflicting one. */
  otherLine(read: ReadRow & { readonly what: "row" }): number | undefined {
    const best = this.#best.get(keyOf(read.row));
    if (best === undefined || best.contradictedBy === null) return undefined;
    return contentOf(read.row) === best.content ? best.contradictedBy : best.line;
  }
}

/** Only numbers can be compared: a row that tells no version is neither newer nor older. */
function isNewer(one: number | null, two: number | null): boolean {
  return one !== null && two !== null && one > two;
}

/** Everything that a row says but its version, in an order that does not depend on the file's. */
function contentOf(row: ImportRow): string {
  const told = Object.entries(row).filter(([name]) => name !== "sourceVersion");
  return JSON.stringify(told.toSorted(([one], [two]) => (one < two ? -1 : 1)));
}
