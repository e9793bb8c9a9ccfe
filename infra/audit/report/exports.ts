import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import * as z from "zod";
import { ReportError } from "./report-error.ts";

/** Tables whose exports reports read. */
export type ExportedTable = "Audit" | "Consents" | "Practice";

/** One export of a table, as its manifests describe it. */
export interface TableExport {
  readonly arn: string;
  readonly kind: "full" | "incremental";
  /** Where an incremental one's window begins, inclusive; null for a full one. */
  readonly from: string | null;
  /** The moment that it shows; for an incremental one the end of its window, exclusive. ISO 8601 UTC. */
  readonly until: string;
  readonly files: readonly { readonly path: string; readonly md5: string }[];
}

const Moment = z.iso.datetime({ offset: true }).transform((at) => new Date(at).toISOString());

/** What reports need of a manifest; the verifier checks the rest. */
const Summary = z.object({
  exportArn: z.string(),
  tableArn: z.string(),
  exportTime: Moment.nullish(),
  exportFromTime: Moment.nullish(),
  exportToTime: Moment.nullish(),
  exportType: z.enum(["FULL_EXPORT", "INCREMENTAL_EXPORT"]).default("FULL_EXPORT"),
  manifestFilesS3Key: z.string(),
});

const DataFile = z.object({ dataFileS3Key: z.string(), md5Checksum: z.string() });

const SUMMARY_NAME = "manifest-summary.json";
const LAYOUT_ROOT = "AWSDynamoDB";

function* summariesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* summariesBelow(path);
    else if (entry.isFile() && entry.name === SUMMARY_NAME) yield path;
  }
}

/** The file below the folder that holds `AWSDynamoDB`; a key that leads elsewhere is none of ours. */
function pathOf(summaryPath: string, key: string): string {
  const parts = summaryPath.split(sep);
  const above = parts.slice(0, parts.lastIndexOf(LAYOUT_ROOT));
  const below = key.slice(Math.max(0, key.indexOf(`${LAYOUT_ROOT}/`))).split("/");
  if (!parts.includes(LAYOUT_ROOT) || below.some((part) => part === "" || part === "." || part === ".."))
    throw new ReportError("A manifest names a file outside of its export: verify the export first.");
  return [...above, ...below].join(sep);
}

function isOf(table: ExportedTable, tableArn: string): boolean {
  // CloudFormation names a table after stack and logical id, which begins with the name used here.
  const name = tableArn.slice(tableArn.lastIndexOf("/") + 1);
  return new RegExp(`(?:^|-)${table}[0-9A-F]{8}(?:-|$)`).test(name) || name === table;
}

function readExport(path: string): { readonly tableArn: string; readonly found: TableExport } {
  try {
    const summary = Summary.parse(JSON.parse(readFileSync(path, "utf8")));
    const isFull = summary.exportType === "FULL_EXPORT";
    const until = isFull ? summary.exportTime : summary.exportToTime;
    const from = isFull ? null : summary.exportFromTime;
    if (until == null || from === undefined) throw new Error("an export without a time");
    const lines = readFileSync(pathOf(path, summary.manifestFilesS3Key), "utf8").split("\n");
    const files = lines
      .filter((line) => line.trim() !== "")
      .map((line) => DataFile.parse(JSON.parse(line)))
      .map(({ dataFileS3Key, md5Checksum }) => ({ path: pathOf(path, dataFileS3Key), md5: md5Checksum }));
    const kind = isFull ? "full" : "incremental";
    return { tableArn: summary.tableArn, found: { arn: summary.exportArn, kind, from, until, files } };
  } catch (error) {
    if (error instanceof ReportError) throw error;
    throw new ReportError("A manifest cannot be read: copy the export anew, and verify it.");
  }
}

/** What is read of a table: its newest full export and what came after it, the newest last. Empty: there is no full one. */
export type ChosenExports = readonly TableExport[];

/** A time that no export covers is a hole in every report. */
function checkWindows(chosen: ChosenExports): void {
  for (const [index, { from }] of chosen.entries()) {
    const known = chosen.slice(0, index).map(({ until }) => until);
    if (from !== null && !known.some((until) => until >= from))
      throw new ReportError("Between two exports a window is missing: copy all exports, and verify them.");
  }
}

/** Finds the exports below a folder, at any depth, and chooses those of each table that show it best. */
export function findExports(folder: string): Readonly<Record<ExportedTable, ChosenExports>> {
  let all: readonly ReturnType<typeof readExport>[];
  try {
    all = [...summariesBelow(folder)].map(readExport);
  } catch (error) {
    if (error instanceof ReportError) throw error;
    throw new ReportError("The directory cannot be read: name one that holds exports of the tables.");
  }
  const of = (table: ExportedTable): ChosenExports => {
    const own = all.filter(({ tableArn }) => isOf(table, tableArn)).map(({ found }) => found);
    const byTime = own.toSorted((one, other) => Date.parse(one.until) - Date.parse(other.until));
    const full = byTime.findLast(({ kind }) => kind === "full");
    if (full === undefined) return [];
    const later = byTime.filter(({ kind, until }) => kind === "incremental" && until > full.until);
    checkWindows([full, ...later]);
    return [full, ...later];
  };
  return { Audit: of("Audit"), Consents: of("Consents"), Practice: of("Practice") };
}
