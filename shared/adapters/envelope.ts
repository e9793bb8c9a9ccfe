import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Where a ciphertext belongs: it opens only as this attribute of this item of this table. */
export interface Place {
  readonly table: "Patients" | "Consents" | "Messages" | "Appointments";
  readonly pk: string;
  readonly sk: string;
  readonly attribute: string;
}

function associatedData(place: Place): Buffer {
  return Buffer.from(JSON.stringify([place.table, place.pk, place.sk, place.attribute]), "utf8");
}

/**
 * Encrypts `value` (as JSON) with AES-256-GCM under a 32-byte key.
 * Layout: version (1 byte), nonce (12), ciphertext, tag (16); the place is the associated data.
 */
export function seal(value: unknown, key: Uint8Array, place: Place): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(associatedData(place));
  const ciphertext = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, ciphertext, cipher.getAuthTag()]);
}

/** Opens what `seal` made; throws when key, place or any byte differs. */
export function open(sealed: Uint8Array, key: Uint8Array, place: Place): unknown {
  const bytes = Buffer.from(sealed);
  if (bytes.length < 1 + NONCE_BYTES + TAG_BYTES || bytes[0] !== VERSION) {
    throw new Error("an envelope has an unknown form");
  }
  const nonce = bytes.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce);
  decipher.setAAD(associatedData(place));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  const plain = Buffer.concat([
    decipher.update(bytes.subarray(1 + NONCE_BYTES, bytes.length - TAG_BYTES)),
    decipher.final(),
  ]);
  return JSON.parse(plain.toString("utf8"));
}
