import type { Asking, AuditEntry } from "./journal.ts";
import type { ReadAuditPorts } from "./read-ports.ts";
import { accessesReport } from "./reports/accesses.ts";
import { disclosuresReport } from "./reports/disclosures.ts";
import { type ReportFormat, renderReport } from "./reports/formats.ts";
import { fingerprintOf, type Report } from "./reports/report.ts";

/** A report about a patient. */
export type PatientReport = "disclosures" | "accesses";

/** What came of asking for a report. */
export type ReportOutcome =
  | { readonly kind: "given"; readonly text: string; readonly sha256: string }
  | { readonly kind: "unknown" }
  /** More than one answer can hold: for the report made from an export. */
  | { readonly kind: "too-large" };

/** So many entries of a chain are read for one answer. */
export const ENTRIES_MAX = 20_000;
const PAGE = 1_000;
/** A Lambda function answers with at most 6 MB, in which the text stands as JSON. */
const TEXT_BYTES_MAX = 4_000_000;

function reportOf(kind: PatientReport, patientId: string, chain: readonly AuditEntry[], at: Date): Report {
  return kind === "disclosures"
    ? disclosuresReport(chain, { patientId, asOf: at })
    : accessesReport(chain, { patientId, from: null, to: at });
}

/**
 * Makes a report of what was on record in a patient's chain before a moment. Before it is given, its giving is on record with its period and its SHA-256:
 * the copy that 45 CFR 164.528(d) wants kept, since the same chain gives the same report again.
 */
export function createGiveReport(
  { read, journal, entriesOfChain, now }: ReadAuditPorts,
  { timeZone }: { readonly timeZone: string },
) {
  /** Undefined where there are too many. */
  async function wholeChain(chain: string): Promise<readonly AuditEntry[] | undefined> {
    const all: AuditEntry[] = [];
    while (all.length <= ENTRIES_MAX) {
      const { entries, more } = await entriesOfChain(chain, all.at(-1)?.sequence ?? 0, PAGE);
      all.push(...entries);
      if (!more || entries.length === 0) return all.length > ENTRIES_MAX ? undefined : all;
    }
    return undefined;
  }

  return async (
    kind: PatientReport,
    patientId: string,
    { format, asOf }: { readonly format: ReportFormat; readonly asOf: Date },
    asking: Asking,
  ): Promise<ReportOutcome> => {
    const [head] = await read(journal.head({ patientId, actor: asking.actor }));
    const action = "report.given";
    if (head === undefined) {
      await journal.record({ ...asking, action, details: { report: kind, found: false } });
      return { kind: "unknown" };
    }
    const chain = head.sequence > ENTRIES_MAX ? undefined : await wholeChain(patientId);
    if (chain === undefined) return { kind: "too-large" };
    const report = reportOf(kind, patientId, chain, asOf);
    const edition = { madeAt: now().toISOString(), derivedFrom: null, timeZone };
    const text = renderReport(report, edition, format);
    if (Buffer.byteLength(text, "utf8") > TEXT_BYTES_MAX) return { kind: "too-large" };
    const sha256 = fingerprintOf(report);
    const { from, to } = report.period;
    await journal.record(
      {
        ...asking,
        action,
        patientId,
        details: {
          report: kind,
          format,
          from,
          to,
          // What is stamped before `to` and comes into the chain later is no part of it.
          through: chain.at(-1)?.sequence ?? 0,
          count: report.rows.length,
          sha256,
        },
      },
      head,
    );
    return { kind: "given", text, sha256 };
  };
}
