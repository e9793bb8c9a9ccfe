import { hash, type KeyObject, verify } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { ANCHOR_FORMAT, type Anchor, anchorKey, canonicalJson, headsKey } from "#shared/audit/anchor.ts";
import { isPlainFile, smallFile } from "./directory.ts";
import type { Finding } from "./finding.ts";
import { RootBuilder } from "./root-builder.ts";
import type { SpillWriter } from "./spill.ts";
import { SEGMENT_PLACES } from "./spill.ts";

const DOCUMENT_BYTES_MAX = 64 * 1024;
const LINE_BYTES_MAX = 8 * 1024;
const INFLATED_BYTES = 128 * 1024;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const HASH = /^[0-9a-f]{64}$/;
const HEAD_LINE =
  /^\{"chain":"([\x21\x23-\x5b\x5d-\x7e]{1,1024})","hash":"([0-9a-f]{64})","sequence":([1-9]\d{0,11})\}$/;
const MEMBERS = "anchor,at,everyMinutes,format,from,heads,key,previous,signature,until";

/** What is kept of an anchor that could be read. */
export interface ReadAnchor {
  readonly anchor: number;
  readonly file: string;
  readonly atMs: number;
  readonly untilMs: number;
  /** Null for the first. */
  readonly fromMs: number | null;
  readonly everyMinutes: number;
  readonly key: string;
  /** Whether that public key is there. */
  readonly isKeyKnown: boolean;
  /** Whether document and heads are as the key has signed them. */
  readonly isWhole: boolean;
  readonly previous: string;
  readonly root: string;
  readonly heads: number;
  /** Hex SHA-256 of the document as it is stored. */
  readonly sha256: string;
}

/** Public keys by the hex SHA-256 of their DER. */
export type PublicKeys = ReadonlyMap<string, KeyObject>;

/** Reads one anchor, checks it by itself and spills its heads; that its key is there is left to the series. Undefined where it is no anchor. */
export async function readAnchor(
  root: string,
  file: string,
  keys: PublicKeys,
  tools: {
    readonly report: (finding: Finding) => void;
    readonly spill: SpillWriter;
    readonly longChains: Set<string>;
  },
): Promise<ReadAnchor | undefined> {
  const { report } = tools;
  const bytes = smallFile(root, file, DOCUMENT_BYTES_MAX);
  const text = bytes?.toString("utf8");
  const anchor = text === undefined ? undefined : parseAnchor(text);
  if (
    bytes === undefined ||
    text === undefined ||
    anchor === undefined ||
    !file.endsWith(anchorKey(anchor.anchor))
  ) {
    report({ kind: "anchor-unreadable", says: "the document is not an anchor in its form", file });
    return undefined;
  }
  const place = { anchor: anchor.anchor, file };
  const { signature, ...unsigned } = anchor;
  const key = keys.get(anchor.key);
  let isSigned = false;
  if (key !== undefined) {
    isSigned = isSignedBy(key, canonicalJson(unsigned), signature);
    if (!isSigned)
      report({ kind: "signature-wrong", says: "the signature is not by the anchor's key", ...place });
  }
  const folder = file.slice(0, -anchorKey(anchor.anchor).length);
  const isWhole = await readHeads(root, folder + anchor.heads.file, anchor, isSigned, tools, place);
  if (!isWhole) {
    const says = "the heads of the anchor do not give its root and count";
    report({ kind: "anchor-changed", says, ...place });
  }
  return {
    anchor: anchor.anchor,
    file,
    atMs: Date.parse(anchor.at),
    untilMs: Date.parse(anchor.until),
    fromMs: anchor.from === null ? null : Date.parse(anchor.from),
    everyMinutes: anchor.everyMinutes,
    key: anchor.key,
    isKeyKnown: key !== undefined,
    isWhole: isSigned && isWhole,
    previous: anchor.previous,
    root: anchor.heads.root,
    heads: anchor.heads.count,
    sha256: hash("sha256", bytes, "hex"),
  };
}

/** The anchor in `text`, undefined where anything about it is not as it must be. */
function parseAnchor(text: string): Anchor | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
    if (canonicalJson(value) !== text) return undefined;
  } catch {
    return undefined;
  }
  const anchor = value as Anchor;
  const isForm =
    typeof anchor === "object" &&
    anchor !== null &&
    Object.keys(anchor).sort().join(",") === MEMBERS &&
    anchor.format === ANCHOR_FORMAT &&
    Number.isSafeInteger(anchor.anchor) &&
    anchor.anchor >= 1 &&
    // A record of a place has 32 bits for the number: half a million years of hours.
    anchor.anchor < 2 ** 32 &&
    isTime(anchor.at) &&
    isTime(anchor.until) &&
    (anchor.from === null || isTime(anchor.from)) &&
    Number.isSafeInteger(anchor.everyMinutes) &&
    anchor.everyMinutes >= 1 &&
    isHash(anchor.key) &&
    isHash(anchor.previous) &&
    typeof anchor.signature === "string" &&
    typeof anchor.heads === "object" &&
    anchor.heads !== null &&
    Object.keys(anchor.heads).sort().join(",") === "count,file,root" &&
    Number.isSafeInteger(anchor.heads.count) &&
    anchor.heads.count >= 0 &&
    isHash(anchor.heads.root) &&
    anchor.heads.file === headsKey(anchor.anchor, anchor.heads.root);
  return isForm ? anchor : undefined;
}

function isTime(value: unknown): boolean {
  if (typeof value !== "string" || !TIME.test(value)) return false;
  const time = new Date(value);
  return !Number.isNaN(time.getTime()) && time.toISOString() === value;
}

function isHash(value: unknown): boolean {
  return typeof value === "string" && HASH.test(value);
}

function isSignedBy(key: KeyObject, message: string, signature: string): boolean {
  try {
    return verify(
      "sha256",
      Buffer.from(message, "utf8"),
      { key, dsaEncoding: "der" },
      Buffer.from(signature, "base64"),
    );
  } catch {
    return false;
  }
}

/** Reads the heads of an anchor and spills them. Whether they are the ones that the anchor names. */
async function readHeads(
  root: string,
  file: string,
  { anchor, heads }: Anchor,
  isSigned: boolean,
  { report, spill, longChains }: Parameters<typeof readAnchor>[3],
  place: { readonly anchor: number },
): Promise<boolean> {
  // Read twice: what a head proves depends on the root over all of them.
  const found = isPlainFile(root, file)
    ? await rootAndCount(root, file, heads.count, () => undefined)
    : undefined;
  if (found === undefined) {
    report({
      kind: "file-missing",
      says: "the anchor's file of heads is not there, or cannot be read",
      ...place,
      file,
    });
    return true;
  }
  const weak = !isSigned || found.root !== heads.root || found.count !== heads.count;
  await rootAndCount(root, file, heads.count, (chain, hashOfHead, sequence) => {
    if (sequence > SEGMENT_PLACES) longChains.add(chain);
    spill.anchored(chain, { sequence, anchor, hash: hashOfHead, weak });
  });
  return found.root === heads.root && found.count === heads.count;
}

/** Root and count of a file of heads; a line that is not in its form or order gives a root that no anchor has. */
async function rootAndCount(
  root: string,
  file: string,
  countMax: number,
  take: (chain: string, hash: string, sequence: number) => void,
): Promise<{ readonly root: string; readonly count: number } | undefined> {
  const builder = new RootBuilder();
  let count = 0;
  let last = "";
  let rest = "";
  let isForm = true;
  const lines = createReadStream(join(root, file))
    .on("error", (error) => lines.destroy(error))
    .pipe(createGunzip({ chunkSize: INFLATED_BYTES }));
  try {
    for await (const chunk of lines as AsyncIterable<Buffer>) {
      const text = rest + chunk.toString("latin1");
      const end = text.lastIndexOf("\n") + 1;
      rest = text.slice(end);
      if (rest.length > LINE_BYTES_MAX) return { root: "", count };
      for (let start = 0; start < end; ) {
        const stop = text.indexOf("\n", start);
        const line = text.slice(start, stop);
        start = stop + 1;
        count += 1;
        if (count > countMax) return { root: "", count };
        const match = HEAD_LINE.exec(line);
        const [, chain = "", hashOfHead = "", sequence = ""] = match ?? [];
        isForm &&= match !== null && chain > last;
        if (match === null) continue;
        last = chain;
        builder.add(line);
        take(chain, hashOfHead, Number(sequence));
      }
    }
    // Zeros behind the last member end the reading without an error.
    if (lines.bytesWritten < statSync(join(root, file)).size) return undefined;
  } catch {
    return undefined;
  } finally {
    lines.destroy();
  }
  return { root: isForm && rest === "" ? builder.root() : "", count };
}
