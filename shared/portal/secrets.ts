import { createHash, timingSafeEqual } from "node:crypto";

/** Compares in constant time; only lengths, which are no secret, may end it early. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Under what a cookie's session is stored: its SHA-256. The value has 256 random bits. */
export function hashCookie(value: string): string {
  return createHash("sha256").update(value, "utf8").digest("base64url");
}
