import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { type ExportDirectory, fileOfKey, smallFile } from "./directory.ts";
import type { Finding } from "./finding.ts";
import { namesOnce } from "./strict-json.ts";

const SUMMARY_BYTES_MAX = 1024 * 1024;
/** Some 60,000 data files. */
const MANIFEST_BYTES_MAX = 16 * 1024 * 1024;

/** A data file as its manifest describes it. */
export interface DataFile {
  /** Path below the directory that is verified. */
  readonly path: string;
  readonly bytes: number;
  readonly itemCount: number;
  /** Base64. */
  readonly md5: string;
}

/** One export of one table. */
export interface TableExport {
  /** Folder of its manifests, below the directory that is verified. */
  readonly folder: string;
  readonly id: string;
  readonly table: string;
  readonly tableArn: string;
  readonly kind: "full" | "incremental";
  /** Start of an incremental export's window (inclusive); for a full export the same as `toMs`. */
  readonly fromMs: number;
  /** The state that the export shows is that just before this time. */
  readonly toMs: number;
  readonly dataFiles: readonly DataFile[];
}

type Report = (finding: Finding) => void;

/** Reads the manifests of an export; undefined where they do not tell what it holds. */
export function readExport(
  directory: ExportDirectory,
  folder: string,
  report: Report,
): TableExport | undefined {
  const summaryPath = `${folder}/manifest-summary.json`;
  const summary = readChecked(directory, summaryPath, SUMMARY_BYTES_MAX, report);
  // Why it cannot be read was reported.
  if (summary === undefined) return undefined;
  const told = parsed(summary);
  if (told === undefined) {
    report({ kind: "manifest-changed", says: "the summary cannot be read", file: summaryPath, cause: true });
    return undefined;
  }
  const { exportArn, tableArn, manifestFilesS3Key, itemCount, outputFormat, exportType } = told;
  const isIncremental = exportType === "INCREMENTAL_EXPORT";
  const toMs = timeOf(isIncremental ? told["exportToTime"] : told["exportTime"]);
  const fromMs = isIncremental ? timeOf(told["exportFromTime"]) : toMs;
  const table =
    typeof tableArn === "string" ? /:table\/([A-Za-z0-9_.-]{1,255})$/.exec(tableArn)?.[1] : undefined;
  const id =
    typeof exportArn === "string" ? /\/export\/([A-Za-z0-9-]{1,64})$/.exec(exportArn)?.[1] : undefined;
  const isKnown =
    (exportType === undefined || exportType === "FULL_EXPORT" || isIncremental) &&
    outputFormat === "DYNAMODB_JSON" &&
    isCount(itemCount);
  if (
    !isKnown ||
    typeof tableArn !== "string" ||
    table === undefined ||
    id === undefined ||
    Number.isNaN(toMs) ||
    Number.isNaN(fromMs) ||
    typeof manifestFilesS3Key !== "string"
  ) {
    const says = "the summary does not tell table, time, kind, form, count and manifest of an export";
    report({ kind: "manifest-changed", says, file: summaryPath, cause: true });
    return undefined;
  }
  const { dataFiles, listedItems } = readManifest(directory, folder, manifestFilesS3Key, report);
  if (listedItems !== undefined && listedItems !== itemCount) {
    const says = `the summary counts ${String(itemCount)} items, the manifest ${String(listedItems)}`;
    report({ kind: "count-differs", says, file: summaryPath });
  }
  return {
    folder,
    id,
    table,
    tableArn,
    kind: isIncremental ? "incremental" : "full",
    fromMs,
    toMs,
    dataFiles,
  };
}

function readManifest(
  directory: ExportDirectory,
  folder: string,
  key: string,
  report: Report,
): { readonly dataFiles: readonly DataFile[]; readonly listedItems: number | undefined } {
  const found = fileOfKey(directory, folder, key);
  const path = found.kind === "found" ? found.path : `${folder}/manifest-files.json`;
  const text = readChecked(directory, path, MANIFEST_BYTES_MAX, report);
  if (found.kind === "missing" && text !== undefined) {
    const says = "the summary names another file as the manifest";
    report({ kind: "manifest-changed", says, file: `${folder}/manifest-summary.json` });
  }
  if (text === undefined) return { dataFiles: [], listedItems: undefined };
  const dataFiles: DataFile[] = [];
  let listedItems = 0;
  const seen = new Set<string>();
  text.split("\n").forEach((line, index) => {
    if (line.trim() === "") return;
    const { itemCount, md5Checksum, dataFileS3Key } = parsed(line) ?? {};
    const where = { file: path, line: index + 1 };
    if (!isCount(itemCount) || typeof md5Checksum !== "string" || typeof dataFileS3Key !== "string") {
      const says = "the line does not describe a data file";
      report({ kind: "manifest-changed", says, ...where, cause: true });
      return;
    }
    listedItems += itemCount;
    const data = fileOfKey(directory, folder, dataFileS3Key);
    if (data.kind === "missing") {
      const says = "the data file that this line names is not there";
      report({ kind: "file-missing", says, ...where, cause: true });
      return;
    }
    if (seen.has(data.path)) {
      report({
        kind: "manifest-changed",
        says: "the line names a data file that another line names",
        ...where,
      });
      return;
    }
    seen.add(data.path);
    dataFiles.push({ path: data.path, bytes: data.bytes, itemCount, md5: md5Checksum });
  });
  return { dataFiles, listedItems };
}

/** A manifest's text after its checksum file was compared. */
function readChecked(
  { root }: ExportDirectory,
  path: string,
  bytesMax: number,
  report: Report,
): string | undefined {
  const content = smallFile(root, path, bytesMax);
  if (content === undefined) {
    const says = "the manifest is not there, or cannot be read";
    report({ kind: "file-missing", says, file: path, cause: true });
    return undefined;
  }
  const md5 = createHash("md5").update(content).digest("base64");
  // DynamoDB writes the first; its developer guide speaks of the second.
  const checksums = [".md5", ".checksum"].flatMap(
    (ending) =>
      smallFile(root, path.replace(/\.json$/, ending), 1024)
        ?.toString("latin1")
        .trim() ?? [],
  );
  if (checksums.length === 0)
    report({ kind: "file-missing", says: "the checksum file of this manifest is not there", file: path });
  else if (checksums.some((checksum) => checksum !== md5))
    report({ kind: "manifest-changed", says: "the manifest does not give its checksum", file: path });
  if (isUtf8(content)) return content.toString("utf8");
  report({ kind: "manifest-changed", says: "the manifest is no UTF-8", file: path, cause: true });
  return undefined;
}

function parsed(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    if (!namesOnce(json)) return undefined;
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

function timeOf(value: unknown): number {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)$/.test(value))
    return Number.NaN;
  // There is no 31st of February, whatever Date.parse makes of it.
  const day = new Date(`${value.slice(0, 10)}T00:00:00.000Z`);
  const isDay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value.slice(0, 10));
  return isDay ? Date.parse(value) : Number.NaN;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
