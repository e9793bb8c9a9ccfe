import { crc32 } from "./crc32.ts";
import { type Inspection, PARTS_MAX, refuse } from "./kinds.ts";
import { drawable } from "./pixels.ts";

const SIGNATURE_BYTES = 8;
const FRAMING_BYTES = 12;
/** What drawing needs, and colour, transparency and size on paper (PNG, third edition, 11.3). */
const KEPT: ReadonlySet<string> = new Set([
  "IHDR",
  "PLTE",
  "IDAT",
  "IEND",
  "tRNS",
  "cHRM",
  "gAMA",
  "iCCP",
  "sBIT",
  "sRGB",
  "cICP",
  "mDCV",
  "cLLI",
  "bKGD",
  "pHYs",
]);
/** Compressed bytes that a colour profile may have. */
const PROFILE_BYTES_MAX = 1024 * 1024;
/** Bit depths by colour type (PNG 11.2.1). */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

interface Chunk {
  readonly type: string;
  readonly whole: Uint8Array;
  readonly content: Uint8Array;
  readonly end: number;
}

function chunkAt(bytes: Uint8Array, view: DataView, at: number): Chunk | undefined {
  if (at + FRAMING_BYTES > bytes.length) return undefined;
  const length = view.getUint32(at);
  const end = at + FRAMING_BYTES + length;
  if (end > bytes.length) return undefined;
  const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
  if (!/^[A-Za-z]{4}$/.test(type)) return undefined;
  return { type, whole: bytes.subarray(at, end), content: bytes.subarray(at + 8, end - 4), end };
}

/** True where the chunk's checksum is that of its type and content. */
function isWhole({ whole }: Chunk): boolean {
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
  return view.getUint32(whole.length - 4) === crc32(whole.subarray(4, whole.length - 4));
}

function drawn({ type, content }: Chunk): "yes" | "damaged" | "too-many-pixels" {
  if (type !== "IHDR" || content.length !== 13) return "damaged";
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const width = view.getUint32(0);
  const height = view.getUint32(4);
  const [depth = 0, colour = -1, compression, filter, interlace = 2] = content.subarray(8);
  const known =
    DEPTHS[colour]?.includes(depth) === true && compression === 0 && filter === 0 && interlace < 2;
  if (!known || width === 0 || height === 0) return "damaged";
  return drawable(width, height) ? "yes" : "too-many-pixels";
}

/**
 * A PNG without anything but its picture: texts, Exif, times, animation, unknown chunks and whatever stands behind
 * its end go; the others stay as they are. One pass; what is not a whole PNG is refused.
 */
export function inspectPng(bytes: Uint8Array): Inspection {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [bytes.subarray(0, SIGNATURE_BYTES)];
  let data: "before" | "in" | "after" = "before";
  let first = true;
  for (let at = SIGNATURE_BYTES, chunks = 0; ; chunks += 1) {
    if (chunks > PARTS_MAX) return refuse("damaged");
    const chunk = chunkAt(bytes, view, at);
    if (chunk === undefined) return refuse("damaged");
    const { type, whole, content } = chunk;
    at = chunk.end;
    if (first) {
      const outcome = drawn(chunk);
      if (outcome !== "yes") return refuse(outcome);
    } else if (type === "IHDR") {
      return refuse("damaged");
    }
    first = false;
    if (type === "IDAT") {
      if (data === "after") return refuse("damaged");
      data = "in";
    } else if (data === "in") {
      data = "after";
    }
    const critical = /^[A-Z]/.test(type);
    const kept = KEPT.has(type) && !(type === "iCCP" && content.length > PROFILE_BYTES_MAX);
    if (critical && !kept) return refuse("damaged");
    if (kept) {
      if (!isWhole(chunk)) return refuse("damaged");
      parts.push(whole);
    }
    if (type === "IEND") {
      return content.length === 0 && data === "after" ? { kind: "clean", parts } : refuse("damaged");
    }
  }
}
