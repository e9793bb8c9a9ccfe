import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { crc32 } from "node:zlib";
import { s3Error } from "./s3-error.ts";

/** The bytes that were meant to be stored, and the checksum that came with them. */
export type RequestContent = {
  readonly content: Buffer;
  readonly checksum: { readonly header: string; readonly value: string } | undefined;
};

/** The checksums that this host can compute; S3 knows more. */
const CHECKSUMS: Readonly<Record<string, (content: Buffer) => string>> = {
  "x-amz-checksum-crc32": (content) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(content));
    return bytes.toString("base64");
  },
  "x-amz-checksum-sha1": (content) => createHash("sha1").update(content).digest("base64"),
  "x-amz-checksum-sha256": (content) => createHash("sha256").update(content).digest("base64"),
};
/** Tells about a checksum, and is none. */
const ABOUT_CHECKSUMS: ReadonlySet<string> = new Set(["x-amz-checksum-algorithm", "x-amz-checksum-type"]);
const HEX_SHA256 = /^[0-9a-f]{64}$/u;
const LINE_END = "\r\n";

/** Takes the body of an upload apart (`aws-chunked` or plain) and compares every checksum that came with it. */
export function readContent(headers: IncomingHttpHeaders, body: Buffer): RequestContent {
  const hash = String(headers["x-amz-content-sha256"] ?? "");
  const { content, trailers } = hash.startsWith("STREAMING-")
    ? unchunk(body)
    : { content: body, trailers: new Map<string, string>() };
  const length = headers["x-amz-decoded-content-length"];
  if (length !== undefined && Number(length) !== content.length)
    throw s3Error("InvalidRequest", "The decoded content does not have the length that was told.");
  if (HEX_SHA256.test(hash) && createHash("sha256").update(content).digest("hex") !== hash)
    throw s3Error("XAmzContentSHA256Mismatch", "The provided hash does not match what was computed.");

  const md5 = headers["content-md5"];
  if (md5 !== undefined && createHash("md5").update(content).digest("base64") !== md5)
    throw s3Error("BadDigest", "The Content-MD5 you specified did not match what we received.");
  const given = [...Object.entries(headers), ...trailers].filter(
    ([name]) => name.startsWith("x-amz-checksum-") && !ABOUT_CHECKSUMS.has(name),
  );
  for (const [name, value] of given) {
    const compute = CHECKSUMS[name];
    if (compute === undefined)
      throw s3Error("NotImplemented", "The local host does not compute this kind of checksum.");
    if (compute(content) !== value)
      throw s3Error("BadDigest", "The checksum you specified did not match what we received.");
  }
  const [first] = given;
  if (first !== undefined) return { content, checksum: { header: first[0], value: String(first[1]) } };
  return { content, checksum: md5 === undefined ? undefined : { header: "content-md5", value: md5 } };
}

/** Chunks of `size[;extension] CRLF bytes CRLF`, ended by one of no size, then trailing headers. */
function unchunk(body: Buffer): { content: Buffer; trailers: ReadonlyMap<string, string> } {
  const chunks: Buffer[] = [];
  let at = 0;
  const line = (): string => {
    const end = body.indexOf(LINE_END, at);
    if (end === -1) throw s3Error("InvalidRequest", "The chunks of the body cannot be read.");
    const text = body.toString("latin1", at, end);
    at = end + LINE_END.length;
    return text;
  };
  for (;;) {
    const size = Number.parseInt(line(), 16);
    if (!(size >= 0 && at + size <= body.length))
      throw s3Error("InvalidRequest", "The chunks of the body cannot be read.");
    if (size === 0) break;
    chunks.push(body.subarray(at, at + size));
    at += size + LINE_END.length;
  }
  const trailers = new Map<string, string>();
  while (at < body.length) {
    const [name = "", ...value] = line().split(":");
    if (name !== "") trailers.set(name.trim().toLowerCase(), value.join(":").trim());
  }
  return { content: Buffer.concat(chunks), trailers };
}
