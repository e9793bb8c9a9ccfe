import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import {
  EXPORT_ROOT,
  type ListedFile,
  type SampleScope,
  writeManifests,
} from "#infra/audit/samples/manifests.ts";
import { entryLine, headLine, makeSampleExport } from "#infra/audit/samples/sample-export.ts";
import { GENESIS_HASH, hashEntry } from "#shared/audit/chain.ts";
import type { AuditEntry } from "#shared/audit/journal.ts";
import { type Outcome, verifyFolder } from "#test/support/audit-verification.ts";

type Value = Readonly<Record<string, unknown>>;
/** A line of an export with the key of its item. */
export type Line = { readonly pk: string; readonly sk: string; readonly text: string };

/** A folder with a sample export that can be tampered with: manifests and checksums always fit what lies there. */
export class SampleFolder {
  readonly path: string;
  readonly fingerprint: string;

  private constructor(path: string, fingerprint: string) {
    this.path = path;
    this.fingerprint = fingerprint;
  }

  /** A fresh one in a temporary folder. */
  static async make(plan: {
    entries: number;
    files: number;
    hours: number;
    seed?: number;
  }): Promise<SampleFolder> {
    const path = mkdtempSync(join(tmpdir(), "foundphone-sample-"));
    const { fingerprint } = await makeSampleExport({ seed: 7, ...plan, folder: path });
    return new SampleFolder(path, fingerprint);
  }

  /** The same folder once more, to be changed. */
  copy(): SampleFolder {
    const path = mkdtempSync(join(tmpdir(), "foundphone-sample-"));
    cpSync(this.path, path, { recursive: true });
    return new SampleFolder(path, this.fingerprint);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  /** A path below the folder. */
  at(...names: readonly string[]): string {
    return join(this.path, ...names);
  }

  /** Id of the one full export. */
  get exportId(): string {
    return readdirSync(this.at(EXPORT_ROOT)).find((name) => /^\d+-/u.test(name)) ?? "";
  }

  /** Keys of the full export's data files. */
  get dataKeys(): readonly string[] {
    const folder = `${EXPORT_ROOT}/${this.exportId}/data`;
    return readdirSync(this.at(folder))
      .toSorted()
      .map((name) => `${folder}/${name}`);
  }

  get scope(): SampleScope {
    const summary = readFileSync(this.at(EXPORT_ROOT, this.exportId, "manifest-summary.json"), "utf8");
    return { exportTime: (JSON.parse(summary) as { exportTime: string }).exportTime };
  }

  linesOf(key: string): readonly Line[] {
    const texts = gunzipSync(readFileSync(this.at(key)))
      .toString("utf8")
      .split("\n");
    return texts.filter((text) => text !== "").map(lineOf);
  }

  /** All lines of the full export. */
  get lines(): readonly Line[] {
    return this.dataKeys.flatMap((key) => this.linesOf(key));
  }

  /** Writes every data file of the full export anew, with the checksums and counts that fit. */
  rewrite(change: (lines: readonly Line[]) => readonly Line[]): void {
    const listed = this.dataKeys.map((key) => this.#write(key, change(this.linesOf(key))));
    writeManifests(this.path, this.exportId, listed, this.scope);
  }

  /** Writes content that is no list of lines as the first data file, with the checksum that fits. */
  putData(content: Buffer, itemCount: number): void {
    const [first = "", ...others] = this.dataKeys;
    writeFileSync(this.at(first), content);
    const listed = [
      { ...measured(content, itemCount), dataFileS3Key: first },
      ...others.map((key) => this.#listed(key)),
    ];
    writeManifests(this.path, this.exportId, listed, this.scope);
  }

  /** The manifest's view of the data files as they lie there. */
  get listed(): readonly ListedFile[] {
    return this.dataKeys.map((key) => this.#listed(key));
  }

  #listed(key: string): ListedFile {
    return { ...measured(readFileSync(this.at(key)), this.linesOf(key).length), dataFileS3Key: key };
  }

  #write(key: string, lines: readonly Line[]): ListedFile {
    const content = gzipSync(lines.map(({ text }) => `${text}\n`).join(""));
    mkdirSync(join(this.at(key), ".."), { recursive: true });
    writeFileSync(this.at(key), content);
    return { ...measured(content, lines.length), dataFileS3Key: key };
  }

  /** Adds an incremental export of these lines. */
  addWindow(exportId: string, from: string, to: string, lines: readonly Line[]): void {
    const listed = this.#write(`${EXPORT_ROOT}/data/${exportId}.json.gz`, lines);
    writeManifests(this.path, exportId, [listed], { exportFromTime: from, exportToTime: to });
  }

  /** Writes the manifests of the full export over other files, or as of another time. */
  relist(listed: readonly ListedFile[], scope: SampleScope = this.scope): void {
    writeManifests(this.path, this.exportId, listed, scope);
  }

  /** The entries of a chain in order. */
  chain(chain: string): readonly AuditEntry[] {
    return this.lines.filter(({ pk, sk }) => pk === chain && sk !== "head").map(entryOf);
  }

  /** Puts entries in the place of a chain: as somebody would who can compute hashes. */
  replaceChain(chain: string, entries: readonly AuditEntry[]): void {
    const key = this.dataKeys.find((each) => this.linesOf(each).some(({ pk }) => pk === chain));
    const last = entries.at(-1);
    const made = [...entries.map(entryLine), ...(last === undefined ? [] : [headLine(last)])].map(lineOf);
    const listed = this.dataKeys.map((each) =>
      each === key
        ? this.#write(each, [...this.linesOf(each).filter(({ pk }) => pk !== chain), ...made])
        : this.#listed(each),
    );
    this.relist(listed);
  }

  /** Verifies the folder. */
  async verify(...options: readonly string[]): Promise<Outcome> {
    return verifyFolder(this.path, ...options);
  }
}

/** Entries linked and hashed again from the first that differs. */
export function relinked(entries: readonly AuditEntry[]): readonly AuditEntry[] {
  let previousHash = GENESIS_HASH;
  return entries.map(({ hash: _hash, ...entry }) => {
    const linked = { ...entry, previousHash };
    previousHash = hashEntry(linked);
    return { ...linked, hash: previousHash };
  });
}

/** A line for an item as DynamoDB JSON. */
export function lineOf(text: string): Line {
  const { Item, Keys } = JSON.parse(text) as { Item?: Value; Keys?: Value };
  const key = (Item ?? Keys ?? {}) as Readonly<Record<string, { readonly S: string }>>;
  return { pk: key["pk"]?.S ?? "", sk: key["sk"]?.S ?? "", text };
}

/** The entry in a line. */
export function entryOf({ text }: Line): AuditEntry {
  const { Item } = JSON.parse(text) as { Item: Value };
  const { pk: _pk, sk: _sk, ...entry } = plainOf({ M: Item }) as Readonly<Record<string, unknown>>;
  return entry as unknown as AuditEntry;
}

function plainOf(value: unknown): unknown {
  const [[type, content] = []] = Object.entries(value as Value);
  if (type === "N") return Number(content);
  if (type === "NULL") return null;
  if (type === "L") return (content as readonly unknown[]).map(plainOf);
  if (type !== "M") return content;
  return Object.fromEntries(Object.entries(content as Value).map(([name, each]) => [name, plainOf(each)]));
}

function measured(content: Buffer, itemCount: number) {
  const digest = createHash("md5").update(content).digest();
  const etag = `${createHash("md5").update(digest).digest("hex")}-1`;
  return { itemCount, md5Checksum: digest.toString("base64"), etag };
}
