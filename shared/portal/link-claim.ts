import { linkLookup, parseToken, signatureOf } from "../domain/link-token.ts";
import { type LinkKey, type LinkKeys, linkKeyOf } from "../messaging/link-keys.ts";
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
  /** A place where nothing lies when the token is malformed or forged, or its key is in force no more. */
  readonly lookup: string;
  /** The key that the link's codes are checked under; the current one where the token is no link's. */
  readonly key: LinkKey;
}

/**
 * Checks a token against its MAC: one MAC and one comparison in constant time, whatever is wrong. That
 * the token may be past its end is not looked at: the link's record says so.
 */
export async function claimLink(token: string, linkKeys: LinkKeys): Promise<LinkClaim> {
  const parsed = parseToken(token);
  const known = parsed === undefined ? undefined : linkKeyOf(linkKeys, parsed.keyId);
  const key = known ?? linkKeys.current;
  const message = known === undefined ? DECOY_MESSAGE : (parsed?.message ?? DECOY_MESSAGE);
  const mac = await key.mac("link", message);
  const stated = parsed?.signature ?? new Uint8Array(SIGNATURE_BYTES);
  const signed = sameBytes(signatureOf(mac), stated);
  return { lookup: signed && known !== undefined ? linkLookup(mac) : DECOY_LOOKUP, key };
}
