import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { awsError } from "../aws-error.ts";

/** What a key is made of, which never leaves this process. */
export type KeyMaterial =
  | { readonly kind: "symmetric"; readonly secret: Buffer }
  | { readonly kind: "hmac"; readonly secret: Buffer }
  | { readonly kind: "ecc"; readonly privateKey: KeyObject };

/** A key of the template. */
export type Key = {
  readonly arn: string;
  readonly logicalId: string;
  readonly usage: string;
  readonly material: KeyMaterial;
  enabled: boolean;
};

/** Fresh random material; throws for a key spec that this host does not implement. */
export function newMaterial(spec: string, logicalId: string): KeyMaterial {
  switch (spec) {
    case "SYMMETRIC_DEFAULT":
      return { kind: "symmetric", secret: randomBytes(32) };
    case "HMAC_256":
      return { kind: "hmac", secret: randomBytes(32) };
    case "ECC_NIST_P256":
      return { kind: "ecc", privateKey: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey };
    default:
      throw new Error(`The local host does not know the key spec ${spec} (${logicalId}).`);
  }
}

/** The secret of a symmetric or HMAC key. */
export function secretOf({ material }: Key): Buffer {
  if (material.kind === "ecc") throw awsError("InvalidKeyUsageException", "The key does not encrypt.");
  return material.secret;
}

/** The public half of an asymmetric key as DER (SPKI). */
export function publicKeyOf({ material }: Key): Buffer {
  if (material.kind !== "ecc") throw awsError("UnsupportedOperationException", "The key is not asymmetric.");
  return createPublicKey(
    createPrivateKey(material.privateKey.export({ format: "pem", type: "pkcs8" })),
  ).export({
    format: "der",
    type: "spki",
  });
}
