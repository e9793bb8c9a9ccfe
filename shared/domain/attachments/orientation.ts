const EXIF_HEAD = "Exif\0\0";
const ORIENTATION = 0x0112;
const SHORT = 3;
const ENTRY_BYTES = 12;
const ENTRIES_MAX = 200;

/** The eight ways to hold a camera (Exif 2.32, 4.6.4); 1 is upright. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const ORIENTATIONS: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];

/** True where the content of an APP1 segment is Exif. */
export function isExif(content: Uint8Array): boolean {
  return startsWith(content, EXIF_HEAD);
}

/** True where `bytes` begin with the characters of `head`. */
export function startsWith(bytes: Uint8Array, head: string): boolean {
  return bytes.length >= head.length && [...head].every((char, index) => bytes[index] === char.charCodeAt(0));
}

/** The orientation that the content of an Exif segment tells; upright where it tells none. */
export function orientationOf(content: Uint8Array): Orientation {
  const tiff = content.subarray(EXIF_HEAD.length);
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (view.byteLength < 8) return 1;
  const little = view.getUint16(0) === 0x4949;
  const first = view.getUint32(4, little);
  if (first + 2 > view.byteLength) return 1;
  const count = Math.min(view.getUint16(first, little), ENTRIES_MAX);
  for (let index = 0; index < count; index += 1) {
    const at = first + 2 + index * ENTRY_BYTES;
    if (at + ENTRY_BYTES > view.byteLength) return 1;
    if (view.getUint16(at, little) !== ORIENTATION || view.getUint16(at + 2, little) !== SHORT) continue;
    const value = view.getUint16(at + 8, little);
    return ORIENTATIONS.find((known) => known === value) ?? 1;
  }
  return 1;
}

/** A whole APP1 segment that holds the orientation and nothing else. */
export function orientationSegment(orientation: Orientation): Uint8Array {
  const tiff = [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1];
  const entry = [ORIENTATION >> 8, ORIENTATION & 0xff, 0, SHORT, 0, 0, 0, 1, 0, orientation, 0, 0];
  const content = [...EXIF_HEAD].map((char) => char.charCodeAt(0)).concat(tiff, entry, [0, 0, 0, 0]);
  return Uint8Array.from([0xff, 0xe1, 0, content.length + 2, ...content]);
}
