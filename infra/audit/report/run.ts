import { writeFileSync } from "node:fs";
import type { AuditEntry } from "#shared/audit/journal.ts";
import { accessesReport } from "#shared/audit/reports/accesses.ts";
import { isEmergency } from "#shared/audit/reports/actions.ts";
import { breakGlassReport } from "#shared/audit/reports/break-glass.ts";
import { disclosuresReport } from "#shared/audit/reports/disclosures.ts";
import { renderReport } from "#shared/audit/reports/formats.ts";
import type { Report } from "#shared/audit/reports/report.ts";
import { momentOf } from "#shared/domain/sending/local-time.ts";
import type { ExportedTable } from "../verify/sources.ts";
import { accessMonth } from "./access-month.ts";
import { eachEntry, patientChain } from "./entries.ts";
import { evidence } from "./evidence.ts";
import { findExports } from "./exports.ts";
import { type ReportOptions, readOptions, USAGE } from "./options.ts";
import { readingsElsewhere } from "./readings.ts";
import { ReportError } from "./report-error.ts";
import { type KnownHours, practiceHours } from "./settings.ts";

/** Where a run of the command begins and where its words go. */
export interface ReportSurroundings {
  /** Where a relative path begins. */
  readonly folder: string;
  readonly write: (text: string) => void;
  readonly complain: (line: string) => void;
  readonly now: () => Date;
}

type Exports = ReturnType<typeof findExports>;

/** The moment before which everything counts: the end of the export, or the one asked for where that is earlier. */
function endOf(exports: Exports, asOf: string | null, timeZone: string): Date {
  const until = new Date(exports.Audit.stateMs);
  if (asOf === null) return until;
  const asked = asOf.includes("T") ? new Date(asOf) : momentOf(asOf, 24 * 60, timeZone);
  if (asked > until)
    throw new ReportError("The export ends before --as-of: take a newer export, or an earlier time.");
  return asked;
}

async function breakGlass(exports: Exports, to: Date): Promise<Report> {
  const found: AuditEntry[] = [];
  let lookedAt = 0;
  await eachEntry(
    exports.Audit,
    undefined,
    (entry) => {
      lookedAt += 1;
      if (isEmergency(entry.action)) found.push(entry);
    },
    ({ action }) => isEmergency(action),
  );
  return breakGlassReport(found, lookedAt, to);
}

async function make(options: ReportOptions, exports: Exports, known: KnownHours): Promise<Report> {
  const { report, month, asOf } = options;
  const patientId = options.patientId ?? "";
  const to = endOf(exports, asOf, known.hours.timeZone);
  switch (report) {
    case "disclosures":
      return disclosuresReport(await patientChain(exports.Audit, patientId), { patientId, asOf: to });
    case "accesses":
      return accessesReport(await patientChain(exports.Audit, patientId), {
        patientId,
        from: null,
        to,
        elsewhere: await readingsElsewhere(exports.Audit, patientId),
      });
    case "access-review":
      return accessMonth(exports.Audit, month ?? "", known, to);
    case "consent-evidence": {
      const subject = options.numberId === null ? { patientId } : { numberId: options.numberId };
      return evidence(exports.Audit, exports.Consents, { subject, to });
    }
    case "break-glass":
      return breakGlass(exports, to);
    default:
      return report satisfies never;
  }
}

/** The tables that a report is made from. */
const TABLES: Readonly<Record<ReportOptions["report"], readonly ExportedTable[]>> = {
  disclosures: ["Audit"],
  accesses: ["Audit"],
  "access-review": ["Audit", "Practice"],
  "consent-evidence": ["Audit", "Consents"],
  "break-glass": ["Audit"],
};

function derivedFrom(exports: Exports, { report }: ReportOptions): string {
  return TABLES[report]
    .flatMap((table) => exports[table].exports)
    .map(({ id, toMs }) => `${id} (until ${new Date(toMs).toISOString()})`)
    .join(", ");
}

async function run(args: readonly string[], { folder, write, now }: ReportSurroundings): Promise<void> {
  const options = readOptions(args, folder);
  if (options === undefined) {
    write(`${USAGE}\n`);
    return;
  }
  const exports = findExports(options.folder);
  if (exports.Audit.exports.length === 0)
    throw new ReportError("There is no full export of the table Audit below the directory.");
  const known = await practiceHours(exports.Practice, options.timeZone, options.report === "access-review");
  const made = await make(options, exports, known);
  const report = known.remark === null ? made : { ...made, remarks: [known.remark, ...(made.remarks ?? [])] };
  const edition = {
    madeAt: now().toISOString(),
    derivedFrom: derivedFrom(exports, options),
    timeZone: known.hours.timeZone,
  };
  const text = renderReport(report, edition, options.format);
  if (options.outFile === null) {
    write(text);
    return;
  }
  try {
    // It tells of patients: for its owner only.
    writeFileSync(options.outFile, text, { mode: 0o600 });
  } catch {
    throw new ReportError("The report cannot be written: check the folder of --out, and that there is room.");
  }
}

/**
 * Makes a report from exports, without an AWS account: exit status 0, or 2 where none can be made. It trusts what it
 * reads and says so on every page; `verify` is what proves it.
 */
export async function runReport(
  args: readonly string[],
  surroundings: ReportSurroundings = {
    // npm and run.mjs change to the project's root; npm says where it was called.
    folder: process.env["INIT_CWD"] ?? process.cwd(),
    write: (text) => process.stdout.write(text),
    complain: (line) => process.stderr.write(line),
    now: () => new Date(),
  },
): Promise<number> {
  try {
    await run(args, surroundings);
    return 0;
  } catch (error) {
    // What went wrong otherwise may hold what stands in the files: only its name is told.
    const name = error instanceof Error && /^\w{1,60}$/.test(error.name) ? error.name : "unknown";
    const line = error instanceof ReportError ? error.message : `No report could be made (${name}).`;
    surroundings.complain(`${line}\n`);
    return 2;
  }
}
