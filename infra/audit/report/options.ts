import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { REPORT_FORMATS, type ReportFormat } from "#shared/audit/reports/formats.ts";
import { REPORT_NAMES, type ReportName } from "#shared/audit/reports/report.ts";
import { idPattern } from "#shared/domain/ids.ts";
import { ReportError } from "./report-error.ts";

/** How the command is called. */
export const USAGE =
  "Usage: npm run -s audit -- report disclosures|accesses|access-review|consent-evidence|break-glass DIR " +
  "[--patient ID] [--number ID] [--month YYYY-MM] [--as-of DATE] [--time-zone ZONE] " +
  "[--format text|csv|json|html] [--out FILE]";

/** What is asked for, checked as far as that goes without the export. */
export interface ReportOptions {
  readonly report: ReportName;
  /** Absolute. */
  readonly folder: string;
  readonly patientId: string | null;
  /** `num_…` or `nbr_…`. */
  readonly numberId: string | null;
  readonly month: string | null;
  /** A day (its end counts) or a moment. */
  readonly asOf: string | null;
  readonly timeZone: string | null;
  readonly format: ReportFormat;
  /** Absolute; null: standard output. */
  readonly outFile: string | null;
}

/** What each report must be told. */
const NEEDS: Readonly<Record<ReportName, readonly (readonly ("patient" | "number" | "month")[])[]>> = {
  disclosures: [["patient"]],
  accesses: [["patient"]],
  "access-review": [["month"]],
  "consent-evidence": [["patient"], ["number"]],
  "break-glass": [[]],
};

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      patient: { type: "string" },
      number: { type: "string" },
      month: { type: "string" },
      "as-of": { type: "string" },
      "time-zone": { type: "string" },
      format: { type: "string" },
      out: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
}

function checkZone(timeZone: string | undefined): void {
  if (timeZone === undefined) return;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone });
  } catch {
    throw new ReportError("--time-zone is no time zone: give an IANA name such as America/Chicago.");
  }
}

function checkShapes(values: ReturnType<typeof parse>["values"]): void {
  const { patient, number, month, "as-of": asOf } = values;
  if (patient !== undefined && !idPattern("pat").test(patient))
    throw new ReportError("--patient is no patient's id: it begins with pat_.");
  if (number !== undefined && !idPattern("num").test(number) && !idPattern("nbr").test(number))
    throw new ReportError("--number is no id of a number or address: it begins with num_ or nbr_.");
  if (month !== undefined && !/^20\d{2}-(?:0[1-9]|1[0-2])$/.test(month))
    throw new ReportError("--month is no month: write it as 2026-11.");
  const isDate = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?Z)?$/;
  if (asOf !== undefined && (!isDate.test(asOf) || Number.isNaN(Date.parse(asOf))))
    throw new ReportError("--as-of is no date: write it as 2026-11-21 or 2026-11-21T17:00:00Z.");
  checkZone(values["time-zone"]);
}

/** The options in `args`; undefined where help is asked for. Throws a {@link ReportError} where they make no sense. */
export function readOptions(args: readonly string[], folder: string): ReportOptions | undefined {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch {
    throw new ReportError(USAGE);
  }
  const { values, positionals } = parsed;
  if (values.help === true) return undefined;
  const [name, directory, ...more] = positionals;
  const report = REPORT_NAMES.find((known) => known === name);
  const format = REPORT_FORMATS.find((known) => known === (values.format ?? "text"));
  if (report === undefined || directory === undefined || more.length > 0 || format === undefined)
    throw new ReportError(USAGE);
  const given = (["patient", "number", "month"] as const).filter((option) => values[option] !== undefined);
  if (!NEEDS[report].some((needed) => needed.join() === given.join())) {
    const told = NEEDS[report].map((needed) => needed.map((option) => `--${option}`).join(" ")).join(" or ");
    throw new ReportError(
      `The report ${report} takes ${told === "" ? "no patient, number or month" : told}.`,
    );
  }
  checkShapes(values);
  return {
    report,
    folder: resolve(folder, directory),
    patientId: values.patient ?? null,
    numberId: values.number ?? null,
    month: values.month ?? null,
    asOf: values["as-of"] ?? null,
    timeZone: values["time-zone"] ?? null,
    format,
    outFile: values.out === undefined ? null : resolve(folder, values.out),
  };
}
