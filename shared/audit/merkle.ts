import { createHash } from "node:crypto";

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

/**
 * Merkle tree hash of RFC 6962 §2.1 over `leaves` in their order: a leaf is SHA-256(0x00 ‖ leaf), a node
 * SHA-256(0x01 ‖ left ‖ right), the left side the largest power of two below the count; no leaves: SHA-256 of nothing.
 */
export function merkleRoot(leaves: Iterable<string>): Buffer {
  // Roots of whole subtrees of falling size, as the bits of the count say.
  const subtrees: { readonly size: number; readonly root: Buffer }[] = [];
  for (const leaf of leaves) {
    let size = 1;
    let root = sha256(LEAF, Buffer.from(leaf, "utf8"));
    for (let last = subtrees.at(-1); last?.size === size; last = subtrees.at(-1)) {
      root = sha256(NODE, last.root, root);
      size *= 2;
      subtrees.pop();
    }
    subtrees.push({ size, root });
  }
  const last = subtrees.pop();
  if (last === undefined) return sha256();
  return subtrees.reduceRight((right, { root: left }) => sha256(NODE, left, right), last.root);
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}
