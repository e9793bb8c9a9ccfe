import { csvCell } from "../../domain/csv.ts";
import { cellsOf, type Edition, type Report } from "./report.ts";

/**
 * The table of a report (RFC 4180) with a line of names, and nothing else: a spreadsheet must be able to sort it. Made
 * from an export, every row names it.
 */
export function reportCsv(report: Report, { derivedFrom }: Edition): string {
  const names = report.columns.map(({ key }) => key);
  const header = derivedFrom === null ? names : [...names, "derivedFromUnverified"];
  const lines = report.rows.map((row) => {
    const cells = cellsOf(report, row);
    return (derivedFrom === null ? cells : [...cells, derivedFrom]).map(csvCell).join(",");
  });
  return [header.join(","), ...lines, ""].join("\r\n");
}
