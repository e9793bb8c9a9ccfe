import { type Inspection, PARTS_MAX, refuse } from "./kinds.ts";
import { isExif, type Orientation, orientationOf, orientationSegment, startsWith } from "./orientation.ts";
import { drawable } from "./pixels.ts";

const SOI = Uint8Array.of(0xff, 0xd8);
const EOI = Uint8Array.of(0xff, 0xd9);
const SOS = 0xda;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
/** Tables and restart intervals: what decoding needs (ITU-T T.81 table B.1). */
const NEEDED: readonly number[] = [0xdb, 0xc4, 0xcc, 0xdd];
/** Frame headers of everything but hierarchical pictures. */
const FRAMES: readonly number[] = [0xc0, 0xc1, 0xc2, 0xc3, 0xc9, 0xca, 0xcb];
const JFIF = "JFIF\0";
const JFIF_BYTES = 14;
const ADOBE = "Adobe";
const ADOBE_BYTES = 12;
const ICC = "ICC_PROFILE\0";
/** With a segment's number and their count. */
const ICC_HEAD_BYTES = ICC.length + 2;
const ICC_SIGNATURE = "acsp";
const ICC_SIGNATURE_AT = 36;
const COLOURS: readonly number[] = [1, 3, 4];
/** Progressive pictures have a dozen; each is drawn over the whole picture. */
const SCANS_MAX = 100;

interface Segment {
  readonly marker: number;
  /** With marker and length. */
  readonly whole: Uint8Array;
  readonly content: Uint8Array;
  readonly end: number;
}

/** The segment whose marker is at `at`; undefined where there is none that ends within the file. */
function segmentAt(bytes: Uint8Array, at: number): Segment | undefined {
  const marker = bytes[at + 1];
  const high = bytes[at + 2];
  const low = bytes[at + 3];
  if (bytes[at] !== 0xff || marker === undefined || high === undefined || low === undefined) return undefined;
  const length = high * 256 + low;
  const end = at + 2 + length;
  if (length < 2 || end > bytes.length) return undefined;
  return { marker, whole: bytes.subarray(at, end), content: bytes.subarray(at + 4, end), end };
}

/** Where the picture's own data after a scan's head end: at the next marker that is not part of them. */
function endOfScan(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(0xff, from);
  while (at !== -1) {
    const next = bytes[at + 1];
    if (next === undefined) return -1;
    const stuffed = next === 0 || (next >= 0xd0 && next <= 0xd7);
    if (!stuffed && next !== 0xff) return at;
    at = bytes.indexOf(0xff, at + (stuffed ? 2 : 1));
  }
  return -1;
}

/** What of an application segment stays: colours and resolution, and of JFIF no thumbnail. */
function keptApplication({ marker, whole, content }: Segment): Uint8Array | undefined {
  if (marker === APP0 && startsWith(content, JFIF) && content.length >= JFIF_BYTES) {
    const kept = content.slice(0, JFIF_BYTES);
    kept.fill(0, JFIF_BYTES - 2);
    return Uint8Array.from([0xff, APP0, 0, JFIF_BYTES + 2, ...kept]);
  }
  if (marker === APP14 && startsWith(content, ADOBE) && content.length === ADOBE_BYTES) return whole;
  return undefined;
}

/**
 * The segments of a colour profile, in their order; none where they are not one whole profile (ICC.1:2022, 7.2 and B.4:
 * number and count of each, the profile's size in its first four bytes, `acsp` at its 36th): anything could be in them.
 */
function wholeProfile(segments: readonly Segment[]): readonly Uint8Array[] {
  const parts = segments.toSorted(
    (one, other) => (one.content[ICC.length] ?? 0) - (other.content[ICC.length] ?? 0),
  );
  const isNumbered = parts.every(
    ({ content }, index) => content[ICC.length] === index + 1 && content[ICC.length + 1] === parts.length,
  );
  const first = parts[0]?.content.subarray(ICC_HEAD_BYTES) ?? new Uint8Array(0);
  if (!isNumbered || first.length < ICC_SIGNATURE_AT + ICC_SIGNATURE.length) return [];
  const size = new DataView(first.buffer, first.byteOffset).getUint32(0);
  const length = parts.reduce((sum, { content }) => sum + content.length - ICC_HEAD_BYTES, 0);
  const isProfile = size === length && startsWith(first.subarray(ICC_SIGNATURE_AT), ICC_SIGNATURE);
  return isProfile ? parts.map(({ whole }) => whole) : [];
}

function drawn({ content }: Segment): "yes" | "damaged" | "too-many-pixels" {
  const [, high = 0, low = 0, wide = 0, narrow = 0, colours = 0] = content;
  const height = high * 256 + low;
  const width = wide * 256 + narrow;
  if (height === 0 || width === 0 || !COLOURS.includes(colours)) return "damaged";
  if (content.length !== 6 + 3 * colours) return "damaged";
  return drawable(width, height) ? "yes" : "too-many-pixels";
}

/**
 * A JPEG without anything but its picture: comments, Exif and XMP with place, time and device, IPTC, thumbnails
 * and whatever stands behind its end go; the picture's data stay as they are, and so do colour profiles and the
 * orientation. One pass; what is not a whole JPEG is refused.
 */
export function inspectJpeg(bytes: Uint8Array): Inspection {
  let orientation: Orientation | undefined;
  const header: Uint8Array[] = [];
  const profile: Segment[] = [];
  const picture: Uint8Array[] = [];
  let framed = false;
  let scans = 0;
  let at = SOI.length;
  for (let segments = 0; ; segments += 1) {
    if (segments > PARTS_MAX) return refuse("damaged");
    // Any number of 0xff may stand before a marker (T.81 B.1.1.2).
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at += 1;
    if (bytes[at] === 0xff && bytes[at + 1] === EOI[1]) break;
    const segment = segmentAt(bytes, at);
    if (segment === undefined) return refuse("damaged");
    const { marker, whole, content } = segment;
    at = segment.end;
    if (marker === SOS) {
      scans += 1;
      if (!framed || scans > SCANS_MAX) return refuse("damaged");
      const end = endOfScan(bytes, at);
      if (end === -1) return refuse("damaged");
      picture.push(whole, bytes.subarray(at, end));
      at = end;
    } else if (FRAMES.includes(marker)) {
      if (framed) return refuse("damaged");
      framed = true;
      const outcome = drawn(segment);
      if (outcome !== "yes") return refuse(outcome);
      picture.push(whole);
    } else if (NEEDED.includes(marker)) {
      picture.push(whole);
    } else if (marker === APP1 && isExif(content)) {
      orientation ??= orientationOf(content);
    } else if (marker === APP2 && startsWith(content, ICC)) {
      profile.push(segment);
    } else if (marker >= APP0 && marker <= 0xef) {
      const kept = keptApplication(segment);
      if (kept !== undefined) header.push(kept);
    } else if (marker !== 0xfe) {
      return refuse("damaged");
    }
  }
  if (scans === 0) return refuse("damaged");
  const turned = orientation === undefined || orientation === 1 ? [] : [orientationSegment(orientation)];
  // JFIF wants to stand first, and Exif next.
  const jfif = header.filter((part) => part[1] === APP0).slice(0, 1);
  const others = header.filter((part) => part[1] !== APP0);
  return {
    kind: "clean",
    parts: [SOI, ...jfif, ...turned, ...wholeProfile(profile), ...others, ...picture, EOI],
  };
}
