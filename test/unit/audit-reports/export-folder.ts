import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { AuditEntry } from "#shared/audit/journal.ts";

type Item = Readonly<Record<string, unknown>>;

/** One export of a table, as a test describes it. */
export interface ToldExport {
  readonly table: "Audit" | "Consents" | "Practice";
  readonly items: readonly Item[];
  readonly until: string;
  /** Where an incremental one's window begins; a day before its end unless told. */
  readonly from?: string;
  readonly kind?: "full" | "incremental";
}

/** Entries as the audit table has them, with the heads of their chains. */
export function auditItems(entries: readonly AuditEntry[]): readonly Item[] {
  const rows = entries.map((entry) => ({
    pk: entry.chain,
    sk: String(entry.sequence).padStart(12, "0"),
    ...entry,
  }));
  const heads = new Map(entries.map(({ chain, sequence, hash, at }) => [chain, { sequence, hash, at }]));
  return [...rows, ...[...heads].map(([pk, head]) => ({ pk, sk: "head", headShard: "0", ...head }))];
}

const md5 = (content: Buffer | string) => createHash("md5").update(content).digest("base64");

/** Writes a manifest and its checksum file. */
export function writeManifest(path: string, text: string): void {
  writeFileSync(`${path}.json`, text);
  writeFileSync(`${path}.md5`, md5(text));
}

const binaryAsText = (_name: string, value: unknown) =>
  value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;

/** A directory with exports in AWS's layout, each of two data files, and a way to take it away. */
export function exportFolder(exports: readonly ToldExport[]) {
  const folder = mkdtempSync(join(tmpdir(), "foundphone-reports-"));
  const dataFiles: string[] = [];
  for (const [index, { table, items, until, from, kind = "full" }] of exports.entries()) {
    const dayBefore = new Date(Date.parse(until) - 86_400_000).toISOString();
    const id = `0170000000000${index}-0123abcd`;
    const root = join(folder, "tables", table);
    mkdirSync(join(root, "AWSDynamoDB", id, "data"), { recursive: true });
    const lines = items
      .toReversed()
      .map((item) => marshall(item, { removeUndefinedValues: true }))
      .map((item) => (kind === "full" ? { Item: item } : { Keys: {}, NewImage: item }))
      .map((line) => JSON.stringify(line, binaryAsText));
    const halves = [lines.filter((_line, at) => at % 2 === 0), lines.filter((_line, at) => at % 2 === 1)];
    const files = halves.map((half, number) => {
      const key = `AWSDynamoDB/${id}/data/file${number}.json.gz`;
      const content = gzipSync(half.map((line) => `${line}\n`).join(""));
      writeFileSync(join(root, key), content);
      dataFiles.push(join(root, key));
      return JSON.stringify({
        itemCount: half.length,
        md5Checksum: md5(content),
        dataFileS3Key: `some/prefix/${key}`,
      });
    });
    writeManifest(join(root, "AWSDynamoDB", id, "manifest-files"), `${files.join("\n")}\n`);
    writeManifest(
      join(root, "AWSDynamoDB", id, "manifest-summary"),
      JSON.stringify({
        exportArn: `arn:aws:dynamodb:us-east-1:111122223333:table/Foundphone-${table}ABCD1234-XYZ/export/${id}`,
        tableArn: `arn:aws:dynamodb:us-east-1:111122223333:table/Foundphone-${table}ABCD1234-XYZ`,
        ...(kind === "full"
          ? { exportTime: until, exportType: "FULL_EXPORT" }
          : {
              exportFromTime: from ?? dayBefore,
              exportToTime: until,
              exportType: "INCREMENTAL_EXPORT",
            }),
        itemCount: items.length,
        outputFormat: "DYNAMODB_JSON",
        manifestFilesS3Key: `some/prefix/AWSDynamoDB/${id}/manifest-files.json`,
      }),
    );
  }
  return { folder, dataFiles, remove: () => rmSync(folder, { recursive: true }) };
}
