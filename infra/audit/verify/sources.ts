import type { Finding } from "./finding.ts";
import type { DataFile, TableExport } from "./manifests.ts";
import { VerifyError } from "./verify-error.ts";

/** Tables that are read from exports, by their names in the stack. */
export type ExportedTable = "Audit" | "Consents" | "Practice";

/** The exports that together show a table as it was last. */
export interface Sources {
  /** The newest full export, then the incremental ones whose windows reach beyond it, by the ends of the windows. */
  readonly exports: readonly [TableExport, ...TableExport[]];
  /** The exports show the state just before this time. */
  readonly stateMs: number;
}

/**
 * Chooses the exports of a table; undefined where there is no full one. Throws a {@link VerifyError} where there are
 * several such tables.
 */
export function chooseSources(
  all: readonly TableExport[],
  table: ExportedTable,
  report: (finding: Finding) => void,
): Sources | undefined {
  const named = all.filter((each) => isNamed(each.table, table));
  const own =
    named.length > 0 ? named : all.filter((each) => each.table.toLowerCase().includes(table.toLowerCase()));
  if (new Set(own.map(({ tableArn }) => tableArn)).size > 1)
    throw new VerifyError(
      `There are exports of several tables ${table} below DIR: name the directory of one.`,
    );
  const byEnd = own.toSorted((one, other) => one.toMs - other.toMs || one.fromMs - other.fromMs);
  const full = byEnd.findLast(({ kind }) => kind === "full");
  if (full === undefined) return undefined;
  for (const each of own)
    if (each.kind === "full" && each.toMs === full.toMs && !isCopy(each, full)) {
      const says = "two full exports are of one time, and nothing says which one counts: take one away";
      report({ kind: "manifest-changed", says, file: `${each.folder}/manifest-summary.json` });
    }
  const later = byEnd.filter(({ kind, toMs }) => kind === "incremental" && toMs > full.toMs);
  return { exports: [full, ...later], stateMs: checkWindows(full, later, report) };
}

/**
 * CloudFormation names a table STACK-IDxxxxxxxx-RANDOM (eight hex digits of the id's path), the local host STACK-ID; a
 * stack may be named after another table. Somebody may have restored it under a name of their own.
 */
function isNamed(name: string, table: ExportedTable): boolean {
  return new RegExp(`(?:^|-)${table}(?:[0-9A-F]{8}(?:-|$)|$)`).test(name);
}

/** Whether both are the same export, copied to two folders; the checksums of all files are compared. */
function isCopy(one: TableExport, other: TableExport): boolean {
  const filesOf = ({ dataFiles }: TableExport) => dataFiles.map(({ md5, itemCount }) => ({ md5, itemCount }));
  return one.id === other.id && JSON.stringify(filesOf(one)) === JSON.stringify(filesOf(other));
}

/** Windows of incremental exports must follow the full one without a gap. Gives the time of the last state. */
function checkWindows(
  full: TableExport,
  later: readonly TableExport[],
  report: (finding: Finding) => void,
): number {
  let untilMs = full.toMs;
  for (const { fromMs, toMs, folder } of later.toSorted((one, other) => one.fromMs - other.fromMs)) {
    if (fromMs > untilMs) {
      const says = `no export covers ${new Date(untilMs).toISOString()} to ${new Date(fromMs).toISOString()}`;
      report({ kind: "window-missing", says, file: folder, cause: true });
    }
    if (toMs > untilMs) untilMs = toMs;
  }
  return untilMs;
}

/** The data files of all other exports, each once: incremental ones share a folder. */
export function otherFiles(all: readonly TableExport[], { exports }: Sources): readonly DataFile[] {
  const chosen = new Set(exports.flatMap(({ dataFiles }) => dataFiles.map(({ path }) => path)));
  const others = new Map(all.flatMap(({ dataFiles }) => dataFiles.map((file) => [file.path, file] as const)));
  return [...others.values()].filter(({ path }) => !chosen.has(path));
}
