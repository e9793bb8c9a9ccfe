import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import type { LocalHost } from "./host.ts";

/** Every table of the stack, by the name under which it is exported. */
export const TABLES = [
  "Patients",
  "Consents",
  "Messages",
  "ContentKeys",
  "Appointments",
  "Practice",
  "Audit",
] as const;

/** The name of a table. */
export type TableName = (typeof TABLES)[number];

/** An item as it is stored: numbers as numbers, binary values as bytes. */
export type ExportedItem = Readonly<Record<string, unknown>>;

type AttributeValue = Readonly<Record<string, unknown>>;

const BLOCK_BYTES = 512;

/**
 * All items of a table, read from its export as an auditor would: by the manifests, with every checksum and count
 * compared. Throws where the archive is not what DynamoDB writes.
 */
export async function exportedItems(host: LocalHost, table: TableName): Promise<readonly ExportedItem[]> {
  const answer = await fetch(`${host.base}/_local/exports/${table}`);
  if (!answer.ok) throw new Error(`There is no export of ${table}.`);
  const files = unpackTar(Buffer.from(await answer.arrayBuffer()));
  const summaryPath = [...files.keys()].find((path) => path.endsWith("/manifest-summary.json")) ?? "";
  const summary = JSON.parse(checkedText(files, summaryPath)) as {
    readonly manifestFilesS3Key: string;
    readonly itemCount: number;
    readonly outputFormat: string;
  };
  const items = checkedText(files, summary.manifestFilesS3Key)
    .trimEnd()
    .split("\n")
    .flatMap((line) => {
      const entry = JSON.parse(line) as {
        readonly itemCount: number;
        readonly md5Checksum: string;
        readonly dataFileS3Key: string;
      };
      const data = fileAt(files, entry.dataFileS3Key);
      if (md5(data) !== entry.md5Checksum) throw new Error("A data file differs from its checksum.");
      const lines = gunzipSync(data).toString("utf8").split("\n");
      const found = lines.filter((text) => text !== "").map(readLine);
      if (found.length !== entry.itemCount) throw new Error("A data file has another number of items.");
      return found;
    });
  if (items.length !== summary.itemCount || summary.outputFormat !== "DYNAMODB_JSON")
    throw new Error("The summary speaks of another export.");
  return items;
}

/** All items of all tables. */
export async function exportedTables(
  host: LocalHost,
): Promise<Readonly<Record<TableName, readonly ExportedItem[]>>> {
  const entries = await Promise.all(
    TABLES.map(async (table) => [table, await exportedItems(host, table)] as const),
  );
  return Object.fromEntries(entries) as Record<TableName, readonly ExportedItem[]>;
}

/** Tables without what the sign-ins of staff write: their sessions, and the entries that tell of them. */
export function withoutSignIns(
  tables: Awaited<ReturnType<typeof exportedTables>>,
): Awaited<ReturnType<typeof exportedTables>> {
  const isSession = (item: ExportedItem) => /^(?:actor#staff_|staff#)/u.test(String(item["pk"]));
  return {
    ...tables,
    Practice: tables.Practice.filter((item) => !isSession(item)),
    Audit: tables.Audit.filter((item) => !isSession(item) || isDeed(item)),
  };
}

/** An entry of a staff member's chain that tells of anything but a sign-in. */
function isDeed({ action }: ExportedItem): boolean {
  return action !== undefined && action !== "session.started";
}

function fileAt(files: ReadonlyMap<string, Buffer>, path: string): Buffer {
  const content = files.get(path);
  if (content === undefined) throw new Error("The export lacks a file that it names.");
  return content;
}

/** A manifest whose `.checksum` beside it holds the base64 of its MD5. */
function checkedText(files: ReadonlyMap<string, Buffer>, path: string): string {
  const content = fileAt(files, path);
  const checksum = fileAt(files, path.replace(/\.json$/u, ".checksum")).toString("utf8");
  if (md5(content) !== checksum) throw new Error("A manifest differs from its checksum.");
  return content.toString("utf8");
}

function md5(content: Buffer): string {
  return createHash("md5").update(content).digest("base64");
}

/** The files of a tar archive by their paths. */
export function unpackTar(archive: Buffer): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  const textAt = (start: number, length: number) =>
    archive
      .subarray(start, start + length)
      .toString("utf8")
      .replace(/\0.*$/su, "");
  for (let at = 0; at < archive.length && archive[at] !== 0; ) {
    const size = Number.parseInt(textAt(at + 124, 12), 8);
    const prefix = textAt(at + 345, 155);
    const path = `${prefix === "" ? "" : `${prefix}/`}${textAt(at, 100)}`;
    files.set(path, archive.subarray(at + BLOCK_BYTES, at + BLOCK_BYTES + size));
    at += BLOCK_BYTES + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return files;
}

function readLine(line: string): ExportedItem {
  const { Item } = JSON.parse(line) as { readonly Item: Readonly<Record<string, AttributeValue>> };
  return readMap(Item);
}

function readMap(map: Readonly<Record<string, AttributeValue>>): ExportedItem {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, readValue(value)]));
}

function readValue(value: AttributeValue): unknown {
  const [entry] = Object.entries(value);
  const [type, content] = entry ?? [];
  switch (type) {
    case "S":
    case "BOOL":
    case "SS":
      return content;
    case "N":
      return Number(content);
    case "NULL":
      return null;
    case "B":
      return Buffer.from(String(content), "base64");
    case "NS":
      return (content as readonly string[]).map(Number);
    case "BS":
      return (content as readonly string[]).map((each) => Buffer.from(each, "base64"));
    case "L":
      return (content as readonly AttributeValue[]).map(readValue);
    case "M":
      return readMap(content as Readonly<Record<string, AttributeValue>>);
    default:
      throw new Error("An item has an attribute of an unknown type.");
  }
}
