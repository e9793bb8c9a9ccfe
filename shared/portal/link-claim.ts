import { linkLookup, parseToken, signatureOf } from "../domain/link-token.ts";
import type { KeyedHash } from "./ports.ts";
import { sameBytes } from "./secrets.ts";

const MESSAGE_BYTES = 23;
const SIGNATURE_BYTES = 10;
const LOOKUP_BYTES = 22;

/** Stands in where a token has no form; no token has version 0, so nothing is ever signed so. */
const DECOY_MESSAGE = new Uint8Array(MESSAGE_BYTES);
/** Where a link is looked for that cannot exist, so that a forged token costs the same reads. */
const DECOY_LOOKUP = Buffer.alloc(LOOKUP_BYTES).toString("base64url");

/** Where to look for the link that a token claims to be. */
export interface LinkClaim {
  /** A place where nothing lies when the token is malformed, forged or past its end. */
  readonly lookup: string;
}

/**
 * Checks a token against its MAC: one MAC and one comparison in constant time, whatever is wrong.
 */
export async function claimLink(token: string, linkMac: KeyedHash): Promise<LinkClaim> {
  const parsed = parseToken(token);
  const mac = await linkMac("link", parsed?.message ?? DECOY_MESSAGE);
  const stated = parsed?.signature ?? new Uint8Array(SIGNATURE_BYTES);
  const signed = sameBytes(signatureOf(mac), stated);
  const authentic = signed && parsed !== undefined;
  return { lookup: authentic ? linkLookup(mac) : DECOY_LOOKUP };
}
