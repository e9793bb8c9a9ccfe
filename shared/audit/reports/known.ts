import type { AuditEntry } from "../journal.ts";
import { textOf } from "./details.ts";
import type { ReportName } from "./report.ts";

/**
 * What of a patient's chain was known before a moment. An entry may be stamped before a report is made and come into the
 * chain after; the entry of the report's giving says how far it reached (`through`), and there it ends when made again.
 */
export function knownBefore(
  chain: readonly AuditEntry[],
  report: ReportName,
  before: string,
): readonly AuditEntry[] {
  const given = chain.find(
    (entry) =>
      entry.action === "report.given" && textOf(entry, "report") === report && textOf(entry, "to") === before,
  );
  const through = given?.details?.["through"];
  const last = typeof through === "number" ? through : Number.POSITIVE_INFINITY;
  return chain.filter(({ at, sequence }) => at < before && sequence <= last);
}
