import type { Finding } from "./finding.ts";
import type { DataFile, TableExport } from "./manifests.ts";
import { VerifyError } from "./verify-error.ts";

/** Which exports are verified entry by entry, and in which order they were made. */
export interface Sources {
  /** The newest full export, then the incremental ones whose windows reach beyond it. */
  readonly exports: readonly TableExport[];
  /** The export shows the state just before this time. */
  readonly stateMs: number;
  readonly table: string;
  readonly tableArn: string;
  /** Data files of which only the checksum is compared: other tables, older exports. */
  readonly others: readonly DataFile[];
}

/** Chooses the exports of the audit table. Throws a {@link VerifyError} where there is none, or more than one table. */
export function chooseSources(all: readonly TableExport[], report: (finding: Finding) => void): Sources {
  const audit = all.filter(({ table }) => /audit/i.test(table));
  const arns = new Set(audit.map(({ tableArn }) => tableArn));
  if (audit.length === 0)
    throw new VerifyError(
      "There is no export of the audit table below DIR: copy the bucket of exports, or name another DIR.",
    );
  if (arns.size > 1)
    throw new VerifyError("There are exports of several audit tables below DIR: name the directory of one.");
  const full = audit
    .filter(({ kind }) => kind === "full")
    .reduce<TableExport | undefined>(
      (newest, each) => (newest && newest.toMs >= each.toMs ? newest : each),
      undefined,
    );
  if (full === undefined)
    throw new VerifyError(
      "There is no full export of the audit table below DIR: copy one beside the incremental ones.",
    );
  const later = audit
    .filter(({ kind, toMs }) => kind === "incremental" && toMs > full.toMs)
    .toSorted((one, other) => one.fromMs - other.fromMs || one.toMs - other.toMs);
  const stateMs = checkWindows(full, later, report);
  const exports = [full, ...later];
  const chosen = new Set(exports);
  const seen = new Set(exports.flatMap(({ dataFiles }) => dataFiles.map(({ path }) => path)));
  const others: DataFile[] = [];
  for (const each of all) {
    if (chosen.has(each)) continue;
    for (const file of each.dataFiles) {
      // Incremental exports share a folder; a file is looked at once.
      if (seen.has(file.path)) continue;
      seen.add(file.path);
      others.push(file);
    }
  }
  return { exports, stateMs, table: full.table, tableArn: full.tableArn, others };
}

/** Windows of incremental exports must follow the full one without a gap. Gives the time of the last state. */
function checkWindows(
  full: TableExport,
  later: readonly TableExport[],
  report: (finding: Finding) => void,
): number {
  let untilMs = full.toMs;
  for (const { fromMs, toMs, folder } of later) {
    if (fromMs > untilMs) {
      const says = `no export covers ${new Date(untilMs).toISOString()} to ${new Date(fromMs).toISOString()}`;
      report({ kind: "window-missing", says, file: folder });
    }
    if (toMs > untilMs) untilMs = toMs;
  }
  return untilMs;
}
