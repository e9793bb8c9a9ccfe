import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { WrittenFile } from "./data-file.ts";

/** A data file with its key, as a manifest names it. */
export interface ListedFile extends WrittenFile {
  readonly dataFileS3Key: string;
}

/** Which state or window of a table an export shows. Times are ISO 8601 UTC. */
export type SampleScope =
  | { readonly exportTime: string }
  | { readonly exportFromTime: string; readonly exportToTime: string };

const TABLE_ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/Foundphone-Audit";

/** Where exports lie in the folder, and the prefix of their keys. */
export const EXPORT_ROOT = "tables/Audit/AWSDynamoDB";

/** Writes both manifests of an export with their checksum files, as DynamoDB does. */
export function writeManifests(
  folder: string,
  exportId: string,
  files: readonly ListedFile[],
  scope: SampleScope,
): void {
  const base = `${EXPORT_ROOT}/${exportId}`;
  mkdirSync(join(folder, base), { recursive: true });
  const isFull = "exportTime" in scope;
  const lines = files.map(
    ({ itemCount, md5Checksum, etag, dataFileS3Key }) =>
      `${JSON.stringify({ itemCount, md5Checksum, etag, dataFileS3Key })}\n`,
  );
  const summary = {
    version: isFull ? "2020-06-30" : "2023-08-01",
    exportArn: `${TABLE_ARN}/export/${exportId}`,
    startTime: "2026-01-01T00:00:00.000Z",
    endTime: "2026-01-01T00:10:00.000Z",
    tableArn: TABLE_ARN,
    tableId: "00000000-0000-4000-a000-000000000000",
    ...scope,
    s3Bucket: "sample",
    s3Prefix: "tables/Audit",
    s3SseAlgorithm: "KMS",
    s3SseKmsKeyId: null,
    manifestFilesS3Key: `${base}/manifest-files.json`,
    billedSizeBytes: 0,
    itemCount: files.reduce((sum, { itemCount }) => sum + itemCount, 0),
    outputFormat: "DYNAMODB_JSON",
    ...(isFull ? {} : { outputView: "NEW_AND_OLD_IMAGES", exportType: "INCREMENTAL_EXPORT" }),
  };
  writeChecked(join(folder, base, "manifest-files"), lines.join(""));
  writeChecked(join(folder, base, "manifest-summary"), JSON.stringify(summary));
}

function writeChecked(path: string, text: string): void {
  writeFileSync(`${path}.json`, text);
  writeFileSync(`${path}.md5`, createHash("md5").update(text).digest("base64"));
}
