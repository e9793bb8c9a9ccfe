import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { merkleRoot } from "#shared/audit/merkle.ts";

const sha = (...parts: readonly Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();

/** The definition of RFC 6962 §2.1, as it is written there. */
function byDefinition(leaves: readonly string[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return sha();
  if (leaves.length === 1) return sha(Buffer.from([0]), Buffer.from(only, "utf8"));
  let left = 1;
  while (left * 2 < leaves.length) left *= 2;
  return sha(Buffer.from([1]), byDefinition(leaves.slice(0, left)), byDefinition(leaves.slice(left)));
}

describe("the Merkle root", () => {
  it("is that of RFC 6962 for any number of leaves", () => {
    for (let count = 0; count <= 70; count += 1) {
      const leaves = Array.from({ length: count }, (_leaf, index) => `leaf ${index}`);

      expect(merkleRoot(leaves).toString("hex")).toBe(byDefinition(leaves).toString("hex"));
    }
  });

  it("of nothing is the hash of nothing", () => {
    expect(merkleRoot([]).toString("hex")).toBe(
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
  });

  it("changes with any leaf and with their order", () => {
    const root = (leaves: readonly string[]) => merkleRoot(leaves).toString("hex");
    const roots = [
      ["a", "b", "c"],
      ["b", "a", "c"],
      ["a", "b", "d"],
      ["a", "b"],
      ["a", "b", "c", "c"],
    ].map(root);

    expect(new Set(roots).size).toBe(5);
  });
});
