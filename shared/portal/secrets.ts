import { timingSafeEqual } from "node:crypto";
import type { KeyedHash } from "./ports.ts";

/** Compares in constant time; only lengths, which are no secret, may end it early. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/**
 * Under what a cookie's session is stored: an HMAC under ProofKey. A bare hash would let everything
 * that can write to the table make a session of its own; only the portal has both.
 */
export async function sessionKey(proofMac: KeyedHash, cookie: string): Promise<string> {
  return Buffer.from(await proofMac("session", cookie)).toString("base64url");
}

/** Under what a remembered device's cookie is stored; see {@link sessionKey}. */
export async function deviceKey(proofMac: KeyedHash, cookie: string): Promise<string> {
  return Buffer.from(await proofMac("device", cookie)).toString("base64url");
}
