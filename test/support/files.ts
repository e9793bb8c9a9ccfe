import { crc32, deflateSync } from "node:zlib";

/** What a phone writes into its photos; no output may hold it. */
export const PLACE = "GPS-47.6205N-122.3493W";

const ascii = (text: string) => Buffer.from(text, "latin1");

/** A JPEG segment with its marker and length. */
export function segment(marker: number, content: Uint8Array): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

/** Exif with an orientation, little-endian, and a place in its own directory, as phones write it. */
export function exif(orientation: number): Buffer {
  const tiff = Buffer.alloc(8 + 2 + 2 * 12 + 4 + PLACE.length);
  tiff.write("II*\0", 0, "latin1");
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(2, 8);
  for (const [index, [tag, type, count, value]] of [
    [0x0112, 3, 1, orientation],
    [0x8825, 4, 1, 38],
  ].entries()) {
    const at = 10 + index * 12;
    tiff.writeUInt16LE(tag ?? 0, at);
    tiff.writeUInt16LE(type ?? 0, at + 2);
    tiff.writeUInt32LE(count ?? 0, at + 4);
    tiff.writeUInt32LE(value ?? 0, at + 8);
  }
  tiff.write(PLACE, 38, "latin1");
  return segment(0xe1, Buffer.concat([ascii("Exif\0\0"), tiff]));
}

const JFIF = segment(0xe0, ascii("JFIF\0\x01\x02\0\0\x01\0\x01\0\0"));
/** One for every coefficient. */
const QUANTITIES = segment(0xdb, Buffer.concat([Buffer.of(0), Buffer.alloc(64, 1)]));
/** A Huffman table of one code, `0`: no difference from the block before, or the end of the block. */
const oneCode = (table: number) =>
  segment(0xc4, Buffer.concat([Buffer.of(table, 1), Buffer.alloc(15), Buffer.of(0)]));
const frame = (marker: number) => segment(marker, Buffer.of(8, 0, 16, 0, 24, 1, 1, 0x11, 0));
const scan = (from: number, to: number) => segment(0xda, Buffer.of(1, 1, 0, from, to, 0));

/** A grey picture of 24 by 16 points in six blocks, with a restart after every block. */
const BASELINE = Buffer.concat([
  ...[Buffer.of(0xff, 0xd8), JFIF, QUANTITIES, frame(0xc0), oneCode(0x00), oneCode(0x10)],
  ...[segment(0xdd, Buffer.of(0, 1)), scan(0, 63)],
  Buffer.of(0x3f, 0xff, 0xd0, 0x3f, 0xff, 0xd1, 0x3f, 0xff, 0xd2, 0x3f, 0xff, 0xd3, 0x3f, 0xff, 0xd4, 0x3f),
  Buffer.of(0xff, 0xd9),
]);
/** The same in two scans. */
const PROGRESSIVE = Buffer.concat([
  ...[Buffer.of(0xff, 0xd8), JFIF, QUANTITIES, frame(0xc2), oneCode(0x00), oneCode(0x10)],
  ...[scan(0, 0), Buffer.of(0x03), scan(1, 63), Buffer.of(0x03), Buffer.of(0xff, 0xd9)],
]);

/** A JPEG that stands as it came out of a program; `extra` segments stand before its picture, `behind` after its end. */
export function aJpeg({
  extra = [],
  behind = Buffer.alloc(0),
  progressive = false,
}: {
  readonly extra?: readonly Uint8Array[];
  readonly behind?: Uint8Array;
  readonly progressive?: boolean;
} = {}): Buffer {
  const bytes = progressive ? PROGRESSIVE : BASELINE;
  return Buffer.concat([bytes.subarray(0, 2), ...extra, bytes.subarray(2), behind]);
}

/** A photo as a phone makes it: Exif, XMP, IPTC, a comment, and pictures behind the end. */
export function phonePhoto(orientation = 6): Buffer {
  return aJpeg({
    extra: [
      exif(orientation),
      segment(0xe1, ascii(`http://ns.adobe.com/xap/1.0/\0<x ${PLACE}/>`)),
      segment(0xe2, ascii(`MPF\0${PLACE}`)),
      segment(0xed, ascii(`Photoshop 3.0\0${PLACE}`)),
      segment(0xfe, ascii(PLACE)),
    ],
    behind: aJpeg({ extra: [exif(3)] }),
  });
}

/** A PNG chunk with its length and checksum. */
export function chunk(type: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([ascii(type), content]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(content.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}

const PNG_HEAD = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function imageHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return chunk("IHDR", header);
}

/** A PNG of 4 by 4 points; `extra` chunks stand before its picture, `behind` after its end. */
export function aPng({
  extra = [],
  behind = Buffer.alloc(0),
  width = 4,
  height = 4,
}: {
  readonly extra?: readonly Uint8Array[];
  readonly behind?: Uint8Array;
  readonly width?: number;
  readonly height?: number;
} = {}): Buffer {
  const picture = deflateSync(Buffer.alloc(4 * (1 + 4 * 3), 0x40));
  return Buffer.concat([
    PNG_HEAD,
    imageHeader(width, height),
    ...extra,
    chunk("IDAT", picture),
    chunk("IEND", Buffer.alloc(0)),
    behind,
  ]);
}

/** Chunks that tell more than the picture. */
export function tellingChunks(): readonly Buffer[] {
  return [
    chunk("tEXt", ascii(`Location\0${PLACE}`)),
    chunk("iTXt", ascii(`XML:com.adobe.xmp\0\0\0\0\0${PLACE}`)),
    chunk("zTXt", ascii(`Comment\0\0${PLACE}`)),
    chunk("eXIf", exif(6).subarray(10)),
    chunk("tIME", ascii("\x07\xea\x0b\x16\x10\0\0")),
  ];
}

/** A PDF of one empty page; `extra` stands among its objects, `behind` after its end. */
export function aPdf(extra = "", behind = ""): Buffer {
  const objects = [
    "1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n",
    "2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n",
    "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] >>\nendobj\n",
  ];
  let body = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";
  const offsets = objects.map((object) => {
    const at = body.length;
    body += object;
    return at;
  });
  body += extra;
  const start = body.length;
  const rows = offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  const end = `xref\n0 4\n0000000000 65535 f \n${rows}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return ascii(`${body}${end}${behind}`);
}
