/** UTF-16 units of the longest row or line that is read; a longer one is reported and skipped. */
export const ROW_UNITS_MAX = 400_000;
/** UTF-16 units of the longest field that is read. The classifier itself calls a text beyond 20,000 clinical. */
export const FIELD_UNITS_MAX = 100_000;
/** Columns that a CSV file may have. */
const COLUMNS_MAX = 1000;
/** The same for the reader of CSV files. */
export const CSV_LIMITS = { rowUnits: ROW_UNITS_MAX, fieldUnits: FIELD_UNITS_MAX, columns: COLUMNS_MAX };
/** Rows that could not be read which the summary names; the others it counts. */
export const NAMED_ROWS_MAX = 100;
