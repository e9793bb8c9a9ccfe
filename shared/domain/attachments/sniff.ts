import type { AttachmentType } from "./kinds.ts";

/** First bytes of what may be attached (ITU-T T.81 B.1.1.3; PNG 5.2; ISO 32000-2 7.5.2). */
const HEADS: readonly (readonly [AttachmentType, readonly number[]])[] = [
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["application/pdf", [0x25, 0x50, 0x44, 0x46, 0x2d]],
];

/**
 * The type that a file's very first bytes tell; undefined for every other. Readers of PDF look for its
 * head further on too: a file that begins as something else is none here.
 */
export function sniff(bytes: Uint8Array): AttachmentType | undefined {
  return HEADS.find(([, head]) => head.every((byte, index) => bytes[index] === byte))?.[0];
}
