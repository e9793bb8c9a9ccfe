import { cellsOf, type Edition, fingerprintOf, type Report, VERIFY_FIRST } from "./report.ts";
import { shownTime } from "./shown-time.ts";

/** Control characters and what turns the direction of writing around: a terminal would obey them. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const printable = (text: string): string => text.replaceAll(UNPRINTABLE, "�");

function plain(cell: string | number | boolean): string {
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  return String(cell);
}

/** A report for a terminal: facts, then every row as a few lines. */
export function reportText(report: Report, edition: Edition): string {
  const { columns, rows, subject, period, totals } = report;
  const facts = [
    ...Object.entries(subject),
    ["period", `${period.from ?? "from the first entry"} to before ${period.to}`],
    ["rows", String(rows.length)],
    ...Object.entries(totals).map(([name, count]) => [name, String(count)]),
    ["made at", edition.madeAt],
    ["times are shown for", edition.timeZone],
    ["derived from", edition.derivedFrom ?? "the table Audit itself"],
    ["SHA-256 of what it says", fingerprintOf(report)],
  ].map(([name, value]) => `  ${name}: ${value}`);
  const blocks = rows.map((row, index) => {
    const lines = cellsOf(report, row).flatMap((cell, position) => {
      const column = columns[position];
      if (cell === null || column === undefined) return [];
      const told = plain(cell);
      const text = column.isTime === true ? shownTime(told, edition.timeZone) : told;
      return [`     ${column.title}: ${printable(text)}`];
    });
    return [`  ${index + 1}.`, ...lines].join("\n");
  });
  return [
    report.title,
    ...(edition.derivedFrom === null ? [] : [VERIFY_FIRST]),
    ...(report.remarks ?? []).map((remark) => `! ${printable(remark)}`),
    ...facts,
    "",
    ...(blocks.length === 0 ? [`  ${report.empty}`] : blocks),
    "",
    ...report.notes.map((note) => `- ${note}`),
    "",
  ].join("\n");
}
