import { crc32 } from "node:zlib";

/** CRC-32 of a data file's content: finds damage, which must never look like a harmless text. */
export function fileChecksum(content: Uint8Array): number {
  return crc32(content);
}
