import { CsvRecords } from "#shared/domain/csv/csv-records.ts";
import { CSV_LIMITS } from "./limits.ts";
import { isTextName } from "./text-names.ts";

/** Characters that may stand between the columns of a file. */
export const SEPARATORS = [",", ";", "\t", "|"] as const;
export type Separator = (typeof SEPARATORS)[number];

/**
 * The separator that a file's header is written with: one that gives a column with the name of a text, else the one that
 * gives the most columns. `undefined` for a file of one column, where commas belong to the text.
 */
export function separatorOf(headerLine: string): Separator | undefined {
  const splits = SEPARATORS.map((separator) => ({ separator, cells: headerCells(headerLine, separator) }));
  splits.sort(
    (left, right) =>
      Number(right.cells.length > 1 && right.cells.some(isTextCell)) -
        Number(left.cells.length > 1 && left.cells.some(isTextCell)) ||
      right.cells.length - left.cells.length,
  );
  const [best] = splits;
  return best === undefined || best.cells.length < 2 ? undefined : best.separator;
}

/** Whether a cell is the name of a text and not several names that another separator parts. */
function isTextCell(cell: string): boolean {
  return isTextName(cell) && !SEPARATORS.some((separator) => cell.includes(separator));
}

function headerCells(headerLine: string, separator: Separator): readonly string[] {
  const records = new CsvRecords(separator, CSV_LIMITS);
  const [first] = [...records.read(headerLine), ...records.end()];
  return first !== undefined && "cells" in first ? first.cells : [];
}
