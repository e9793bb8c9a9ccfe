import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

/** One file of an export, with its key below the export's bucket. */
export type ExportFile = { readonly path: string; readonly content: Buffer };

/** What an export is of: the table at a time, or what a window of time changed. Times in milliseconds. */
export type ExportScope =
  | { readonly type: "FULL_EXPORT"; readonly exportTimeMs: number }
  | {
      readonly type: "INCREMENTAL_EXPORT";
      /** Inclusive. */
      readonly fromMs: number;
      /** Exclusive. */
      readonly toMs: number;
      readonly view: "NEW_IMAGE" | "NEW_AND_OLD_IMAGES";
    };

/** What the manifests tell of an export beside its data. */
export type ExportHeader = {
  readonly exportId: string;
  readonly tableArn: string;
  readonly tableId: string;
  readonly startMs: number;
  readonly bucket: string;
  readonly prefix: string | undefined;
  readonly sseAlgorithm: "AES256" | "KMS";
  readonly sseKeyId: string | undefined;
  readonly scope: ExportScope;
};

/** An export as it lies in its bucket. */
export type ExportOutput = {
  readonly files: readonly ExportFile[];
  /** The key of the summary manifest. */
  readonly manifest: string;
  readonly itemCount: number;
  readonly billedBytes: number;
};

/** Lines in one data file at least; AWS makes one file or more for each partition. */
const LINES_PER_FILE = 500;
const FILES_MAX = 64;
/** Files that are packed at a time. */
const PACKED_AT_ONCE = 2;
/** Quick rather than small: nobody keeps these. */
const GZIP_LEVEL = 4;
const gzipped = promisify(gzip);

/**
 * Lays lines out as DynamoDB exports them to S3. Documented (developer guide, "DynamoDB table export output format"):
 * the folders, most members of both manifests, one line of JSON for each item, and that the data of all incremental
 * exports lies in one folder. From real exports that others published, where the guide is silent or wrong: the two
 * versions, that a full export's summary names no type and an incremental one's no export time, the ETag of an upload
 * in parts, and checksum files that end in `.md5`. The guide's name for these is `.checksum`; here both are written.
 */
export async function exportFiles(header: ExportHeader, lines: readonly string[]): Promise<ExportOutput> {
  const root = `${header.prefix === undefined ? "" : `${header.prefix}/`}AWSDynamoDB`;
  const base = `${root}/${header.exportId}`;
  const dataFolder = header.scope.type === "FULL_EXPORT" ? `${base}/data` : `${root}/data`;
  const pages = pagesOf(lines);
  const data: { readonly path: string; readonly content: Buffer; readonly itemCount: number }[] = [];
  for (let first = 0; first < pages.length; first += PACKED_AT_ONCE) {
    const packed = pages.slice(first, first + PACKED_AT_ONCE).map(async (page, offset) => ({
      path: `${dataFolder}/${dataFileName(header.exportId, first + offset)}.json.gz`,
      content: await gzipped(page.join(""), { level: GZIP_LEVEL }),
      itemCount: page.length,
    }));
    data.push(...(await Promise.all(packed)));
  }
  const billedBytes = lines.reduce((sum, line) => sum + line.length, 0);
  const summary = `${base}/manifest-summary`;
  return {
    files: [
      { path: `${base}/_started`, content: Buffer.alloc(0) },
      ...data.map(({ path, content }) => ({ path, content })),
      ...withChecksums(`${base}/manifest-files`, data.map(fileLine).join("")),
      ...withChecksums(
        summary,
        summaryText(header, `${base}/manifest-files.json`, lines.length, billedBytes),
      ),
    ],
    manifest: `${summary}.json`,
    itemCount: lines.length,
    billedBytes,
  };
}

function pagesOf(lines: readonly string[]): readonly (readonly string[])[] {
  const size = Math.max(LINES_PER_FILE, Math.ceil(lines.length / FILES_MAX));
  return Array.from({ length: Math.max(1, Math.ceil(lines.length / size)) }, (_page, index) =>
    lines.slice(index * size, (index + 1) * size),
  );
}

/** 26 characters, as AWS has them. */
function dataFileName(exportId: string, index: number): string {
  return createHash("sha256")
    .update(`${exportId}/${String(index)}`)
    .digest("hex")
    .slice(0, 26);
}

function fileLine(file: {
  readonly path: string;
  readonly content: Buffer;
  readonly itemCount: number;
}): string {
  const digest = createHash("md5").update(file.content).digest();
  const entry = {
    itemCount: file.itemCount,
    md5Checksum: digest.toString("base64"),
    // Of an upload in one part: the digest of its digest.
    etag: `${createHash("md5").update(digest).digest("hex")}-1`,
    dataFileS3Key: file.path,
  };
  return `${JSON.stringify(entry)}\n`;
}

function summaryText(
  { scope, startMs, prefix, sseKeyId, ...header }: ExportHeader,
  manifestFilesS3Key: string,
  itemCount: number,
  billedSizeBytes: number,
): string {
  const time = (ms: number): string => new Date(ms).toISOString();
  const isFull = scope.type === "FULL_EXPORT";
  return JSON.stringify({
    version: isFull ? "2020-06-30" : "2023-08-01",
    exportArn: `${header.tableArn}/export/${header.exportId}`,
    startTime: time(startMs),
    endTime: time(Date.now()),
    tableArn: header.tableArn,
    tableId: header.tableId,
    ...(isFull
      ? { exportTime: time(scope.exportTimeMs) }
      : { exportFromTime: time(scope.fromMs), exportToTime: time(scope.toMs) }),
    s3Bucket: header.bucket,
    s3Prefix: prefix ?? null,
    s3SseAlgorithm: header.sseAlgorithm,
    s3SseKmsKeyId: sseKeyId ?? null,
    manifestFilesS3Key,
    billedSizeBytes,
    itemCount,
    outputFormat: "DYNAMODB_JSON",
    ...(isFull ? {} : { outputView: scope.view, exportType: scope.type }),
  });
}

function withChecksums(path: string, text: string): readonly ExportFile[] {
  const checksum = Buffer.from(createHash("md5").update(text).digest("base64"));
  return [
    { path: `${path}.json`, content: Buffer.from(text, "utf8") },
    { path: `${path}.md5`, content: checksum },
    { path: `${path}.checksum`, content: checksum },
  ];
}
