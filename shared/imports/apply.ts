import type { Asking } from "../audit/journal.ts";
import type { RowNote } from "../domain/imports/kinds.ts";
import type { ImportRow } from "./rows.ts";

/** What came of a row. */
export type Applied =
  | {
      readonly kind: "created" | "changed" | "unchanged" | "existing";
      readonly warnings?: readonly RowNote[];
    }
  | { readonly kind: "refused"; readonly note: RowNote };

/** How rows are applied: in whose name, and whether for good. */
export interface Applying {
  readonly asking: Asking;
  readonly importId: string;
  /** Says what would come of it, and writes nothing. */
  readonly dryRun: boolean;
}

/** Applies one row of a kind. */
export type ApplyRow<Row extends ImportRow> = (row: Row, applying: Applying) => Promise<Applied>;

/** A refusal. */
export function refused(code: RowNote["code"], column?: RowNote["column"]): Applied {
  return { kind: "refused", note: { code, column } };
}
