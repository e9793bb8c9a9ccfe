import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { awsError } from "../aws-error.ts";
import { type Key, secretOf } from "./key-material.ts";

/** The pairs that a ciphertext is bound to. */
export type EncryptionContext = Readonly<Record<string, string>>;

const BLOB_VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Version, key ARN, nonce, tag, ciphertext: like KMS's own blobs it names the key that made it. */
export function seal(key: Key, plaintext: Buffer, context: EncryptionContext): Buffer {
  const arn = Buffer.from(key.arn, "utf8");
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", secretOf(key), nonce);
  cipher.setAAD(canonicalContext(context));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([
    Buffer.from([BLOB_VERSION, arn.length]),
    arn,
    nonce,
    cipher.getAuthTag(),
    ciphertext,
  ]);
}

/** Opens a blob; throws InvalidCiphertextException where it or its context is not what was sealed. */
export function open(key: Key, blob: Buffer, context: EncryptionContext): Buffer {
  const { nonce, tag, ciphertext } = readBlob(blob);
  try {
    const decipher = createDecipheriv("aes-256-gcm", secretOf(key), nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(canonicalContext(context));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    throw awsError("InvalidCiphertextException", "");
  }
}

/** Takes a blob apart; throws InvalidCiphertextException. */
export function readBlob(blob: Buffer): { arn: string; nonce: Buffer; tag: Buffer; ciphertext: Buffer } {
  const arnEnd = 2 + (blob[1] ?? 0);
  const tagStart = arnEnd + NONCE_BYTES;
  const dataStart = tagStart + TAG_BYTES;
  if (blob[0] !== BLOB_VERSION || blob.length < dataStart) throw awsError("InvalidCiphertextException", "");
  return {
    arn: blob.subarray(2, arnEnd).toString("utf8"),
    nonce: blob.subarray(arnEnd, tagStart),
    tag: blob.subarray(tagStart, dataStart),
    ciphertext: blob.subarray(dataStart),
  };
}

/** Pairs in the order of their keys, each with its length in front, so that no two contexts give the same bytes. */
function canonicalContext(context: EncryptionContext): Buffer {
  const pairs = Object.entries(context).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Buffer.concat(
    pairs.flat().map((text) => {
      const data = Buffer.from(text, "utf8");
      const length = Buffer.alloc(4);
      length.writeUInt32BE(data.length);
      return Buffer.concat([length, data]);
    }),
  );
}
