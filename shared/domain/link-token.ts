const VERSION = 1;
const KEY_ID_MAX = 255;
const HEADER_BYTES = 2;
const EXPIRY_BYTES = 5;
const ID_BYTES = 16;
const MESSAGE_BYTES = HEADER_BYTES + EXPIRY_BYTES + ID_BYTES;
const SIGNATURE_BYTES = 10;
const TOKEN_BYTES = MESSAGE_BYTES + SIGNATURE_BYTES;
const TOKEN_PATTERN = /^[A-Za-z0-9_-]{44}$/;

/** Characters of every token. */
export const TOKEN_LENGTH = 44;

/** What a token says before its signature is looked at. */
export interface ParsedToken {
  /** The 23 bytes that the MAC covers: version, key id, expiry, id. */
  readonly message: Uint8Array;
  /** The first 10 bytes of the MAC, as the bearer states them. */
  readonly signature: Uint8Array;
  /** Which key signed it, by its own word: 1 to 255. */
  readonly keyId: number;
  readonly expiresAt: Date;
}

/**
 * The bytes to be signed for a link that lives until `expiresAt` under the key `keyId` (1 to 255); `id` is
 * 16 random bytes.
 */
export function tokenMessage(expiresAt: Date, id: Uint8Array, keyId: number): Uint8Array {
  if (id.length !== ID_BYTES) throw new Error("a link id has 16 bytes");
  if (!Number.isInteger(keyId) || keyId < 1 || keyId > KEY_ID_MAX) {
    throw new Error("a link's key id is 1 to 255");
  }
  const message = Buffer.alloc(MESSAGE_BYTES);
  message.writeUInt8(VERSION, 0);
  message.writeUInt8(keyId, 1);
  message.writeUIntBE(Math.floor(expiresAt.getTime() / 1000), HEADER_BYTES, EXPIRY_BYTES);
  message.set(id, HEADER_BYTES + EXPIRY_BYTES);
  return message;
}

/** The token (44 characters) for a message and its MAC of 32 bytes. */
export function formatToken(message: Uint8Array, mac: Uint8Array): string {
  return Buffer.concat([message, mac.subarray(0, SIGNATURE_BYTES)]).toString("base64url");
}

/**
 * Where the link's record lies: the 22 bytes of the MAC that the token does not show. Whoever reads
 * the table cannot make a token of it, and a forged token leads to no record.
 */
export function linkLookup(mac: Uint8Array): string {
  return Buffer.from(mac.subarray(SIGNATURE_BYTES)).toString("base64url");
}

/** The signature part of a MAC, for comparing in constant time. */
export function signatureOf(mac: Uint8Array): Uint8Array {
  return mac.subarray(0, SIGNATURE_BYTES);
}

/** Takes a token apart; undefined when it has not the form of one. Says nothing about its truth. */
export function parseToken(token: string): ParsedToken | undefined {
  if (!TOKEN_PATTERN.test(token)) return undefined;
  const bytes = Buffer.from(token, "base64url");
  if (bytes.length !== TOKEN_BYTES || bytes.readUInt8(0) !== VERSION) return undefined;
  const keyId = bytes.readUInt8(1);
  if (keyId === 0) return undefined;
  // base64url has spare bits at the end of other lengths; 33 bytes fill 44 characters exactly.
  return {
    message: bytes.subarray(0, MESSAGE_BYTES),
    signature: bytes.subarray(MESSAGE_BYTES),
    keyId,
    expiresAt: new Date(bytes.readUIntBE(HEADER_BYTES, EXPIRY_BYTES) * 1000),
  };
}
