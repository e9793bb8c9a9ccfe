import { canonicalJson, sha256Hex } from "./anchor.ts";

const LENGTH = 16;

/**
 * Names a state of the practice's directory: the first 16 hex digits of SHA-256 over the RFC 8785 form of what texts take
 * from it. Two texts with the same version were filled from the same directory.
 */
export function directoryVersion({
  phone,
  practice,
}: {
  readonly phone: string;
  readonly practice: string;
}): string {
  return sha256Hex(canonicalJson({ phone, practice })).slice(0, LENGTH);
}
