/** Whether a figure reaches its target; `undefined` where there is no target for it. */
export type Verdict = "pass" | "MISS" | undefined;

/** One line of a table: its cells and whether its figures reach their targets. */
export type ReportRow = { readonly cells: readonly string[]; readonly verdict: Verdict };

/** One table with what a reader must know of it. */
export type Report = {
  /** What it measures, in short. */
  readonly name: string;
  /** What exactly the figures are. */
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly ReportRow[];
  readonly notes?: readonly string[];
};

/** `pass` where every one of the statements holds. */
export function verdict(...reached: readonly boolean[]): Verdict {
  return reached.every((each) => each) ? "pass" : "MISS";
}

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? Number.NaN)) / 2 : upper;
}

/** A table as lines of text, columns aligned: the first to the left, figures to the right. */
export function linesOf({ name, title, columns, rows, notes = [] }: Report): readonly string[] {
  const table = [columns, ...rows.map(({ cells }) => cells)];
  const widths = columns.map((_column, index) =>
    Math.max(...table.map((cells) => cells[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[], end: string) =>
    `  ${cells
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join("  ")}  ${end}`.trimEnd();
  return [
    "",
    `${name}: ${title}`,
    line(columns, ""),
    ...rows.map(({ cells, verdict: reached }) => line(cells, reached ?? "")),
    ...notes.map((note) => `  ${note}`),
  ];
}
