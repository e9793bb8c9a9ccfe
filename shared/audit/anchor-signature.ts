import { createHash, createPublicKey, verify } from "node:crypto";
import { type Anchor, canonicalJson, type UnsignedAnchor } from "./anchor.ts";

/** What the anchor key signs: SHA-256 over the RFC 8785 form of the anchor without its signature. */
export function anchorDigest(anchor: UnsignedAnchor): Uint8Array {
  return createHash("sha256").update(canonicalJson(anchor), "utf8").digest();
}

/** Whether the owner of `publicKey` (SubjectPublicKeyInfo, DER) signed this anchor as it stands. */
export function isSignedBy(anchor: Anchor, publicKey: Uint8Array): boolean {
  const { signature, ...unsigned } = anchor;
  return verify(
    "sha256",
    Buffer.from(canonicalJson(unsigned), "utf8"),
    createPublicKey({ key: Buffer.from(publicKey), format: "der", type: "spki" }),
    Buffer.from(signature, "base64"),
  );
}

/** A public key (SubjectPublicKeyInfo, DER) in the form of RFC 7468. */
export function pemOf(publicKey: Uint8Array): string {
  const lines =
    Buffer.from(publicKey)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return ["-----BEGIN PUBLIC KEY-----", ...lines, "-----END PUBLIC KEY-----", ""].join("\n");
}
