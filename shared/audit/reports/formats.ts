import { reportCsv } from "./csv.ts";
import { reportJson } from "./json.ts";
import { reportPage } from "./page.ts";
import type { Edition, Report } from "./report.ts";
import { reportText } from "./text.ts";

/** In which forms a report is given. */
export const REPORT_FORMATS = ["text", "json", "csv", "html"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** A report in one of its forms. */
export function renderReport(report: Report, edition: Edition, format: ReportFormat): string {
  switch (format) {
    case "text":
      return reportText(report, edition);
    case "json":
      return reportJson(report, edition);
    case "csv":
      return reportCsv(report, edition);
    case "html":
      return reportPage(report, edition);
    default:
      return format satisfies never;
  }
}
