import { type Edition, fingerprintOf, REPORT_FORMAT, type Report, VERIFY_FIRST } from "./report.ts";

/** A report as an object for JSON. */
export function reportObject(report: Report, edition: Edition) {
  const { name, title, subject, period, columns, rows, totals, remarks, notes } = report;
  return {
    format: REPORT_FORMAT,
    report: name,
    title,
    subject,
    period,
    sha256: fingerprintOf(report),
    madeAt: edition.madeAt,
    derivedFrom: edition.derivedFrom,
    ...(remarks === undefined || remarks.length === 0 ? {} : { remarks }),
    notes: edition.derivedFrom === null ? notes : [VERIFY_FIRST, ...notes],
    totals,
    columns: columns.map(({ key, title: told }) => ({ key, title: told })),
    items: rows,
  };
}

/** A report as JSON for reading by machines and people. */
export function reportJson(report: Report, edition: Edition): string {
  return `${JSON.stringify(reportObject(report, edition), null, 2)}\n`;
}
