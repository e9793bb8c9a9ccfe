import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import type { Tables } from "./dynamodb/tables.ts";
import type { Template } from "./template.ts";

/** One file of an export, with its path below the export's bucket. */
export type ExportFile = { readonly path: string; readonly content: Buffer };

/** Items in one data file; AWS makes one or more for each partition. */
const ITEMS_PER_FILE = 500;
const BUCKET = "local-exports";

/** A full export of a table as DynamoDB lays it out in S3: two manifests with checksums and gzipped lines of items. */
export function exportTable(template: Template, tables: Tables, table: string): readonly ExportFile[] {
  const resource = template.find("AWS::DynamoDB::Table", table);
  if (resource === undefined) throw new RangeError("There is no such table.");
  const name = template.physicalId(resource.logicalId);
  const tableArn = template.attribute(resource.logicalId, "Arn");
  const at = new Date();
  const exportId = `${String(at.getTime()).padStart(17, "0")}-${createHash("sha256").update(`${name}${at.getTime()}`).digest("hex").slice(0, 8)}`;
  const base = `AWSDynamoDB/${exportId}`;
  const items = tables.items(name);

  const pages = Array.from(
    { length: Math.max(1, Math.ceil(items.length / ITEMS_PER_FILE)) },
    (_page, index) => items.slice(index * ITEMS_PER_FILE, (index + 1) * ITEMS_PER_FILE),
  );
  const data = pages.map((page, index) => {
    const lines = page.map((item) => `${JSON.stringify({ Item: item })}\n`).join("");
    const id = createHash("sha256").update(`${exportId}/${index}`).digest("hex").slice(0, 26);
    return { path: `${base}/data/${id}.json.gz`, content: gzipSync(lines), itemCount: page.length };
  });
  const manifestFiles = data
    .map(({ path, content, itemCount }) => {
      const md5 = createHash("md5").update(content);
      const digest = md5.digest();
      return `${JSON.stringify({ itemCount, md5Checksum: digest.toString("base64"), etag: digest.toString("hex"), dataFileS3Key: path })}\n`;
    })
    .join("");
  const summary = JSON.stringify({
    version: "2020-06-30",
    exportArn: `${tableArn}/export/${exportId}`,
    startTime: at.toISOString(),
    endTime: at.toISOString(),
    tableArn,
    tableId: tables.describe(name).TableId,
    exportTime: at.toISOString(),
    s3Bucket: BUCKET,
    s3Prefix: null,
    s3SseAlgorithm: "AES256",
    s3SseKmsKeyId: null,
    manifestFilesS3Key: `${base}/manifest-files.json`,
    billedSizeBytes: Buffer.byteLength(JSON.stringify(items)),
    itemCount: items.length,
    outputFormat: "DYNAMODB_JSON",
    exportType: "FULL_EXPORT",
  });

  return [
    { path: `${base}/_started`, content: Buffer.alloc(0) },
    ...withChecksum(`${base}/manifest-summary`, summary),
    ...withChecksum(`${base}/manifest-files`, manifestFiles),
    ...data.map(({ path, content }) => ({ path, content })),
  ];
}

type Pack = NodeJS.ReadableStream & {
  entry(header: { name: string; mtime: Date }, content: Buffer): void;
  finalize(): void;
};
const tarStream = createRequire(import.meta.url)("tar-stream") as { pack(): Pack };

/** The files of an export as one tar archive. */
export async function packTar(files: readonly ExportFile[]): Promise<Buffer> {
  const pack = tarStream.pack();
  for (const { path, content } of files) pack.entry({ name: path, mtime: new Date() }, content);
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function withChecksum(path: string, text: string): readonly ExportFile[] {
  const checksum = createHash("md5").update(text).digest("base64");
  return [
    { path: `${path}.json`, content: Buffer.from(text, "utf8") },
    { path: `${path}.checksum`, content: Buffer.from(checksum, "utf8") },
  ];
}
