import { hash } from "node:crypto";

const HASH_BYTES = 32;

/**
 * The Merkle tree hash of RFC 6962 §2.1 over lines of ASCII that come one by one. The same as `merkleRoot` of
 * shared/audit, with buffers that are used again: a verifier has millions of lines.
 */
export class RootBuilder {
  readonly #node = Buffer.alloc(1 + 2 * HASH_BYTES, 1);
  #leaf: Buffer = Buffer.alloc(256);
  /** Roots of whole subtrees, by the bits of the count. */
  readonly #subtrees: (Buffer | undefined)[] = [];

  /** Adds the next line. */
  add(line: string): void {
    if (this.#leaf.length < line.length + 1) this.#leaf = Buffer.alloc(2 * line.length);
    this.#leaf.write(line, 1, line.length, "latin1");
    let root: Buffer = hash("sha256", this.#leaf.subarray(0, line.length + 1), "buffer");
    let level = 0;
    for (let left = this.#subtrees[0]; left !== undefined; left = this.#subtrees[level]) {
      root = this.#join(left, root);
      this.#subtrees[level] = undefined;
      level += 1;
    }
    this.#subtrees[level] = root;
  }

  /** Hex root over all lines so far. */
  root(): string {
    let root: Buffer | undefined;
    for (const left of this.#subtrees) {
      if (left === undefined) continue;
      root = root === undefined ? left : this.#join(left, root);
    }
    return (root ?? hash("sha256", "", "buffer")).toString("hex");
  }

  #join(left: Buffer, right: Buffer): Buffer {
    left.copy(this.#node, 1);
    right.copy(this.#node, 1 + HASH_BYTES);
    return hash("sha256", this.#node, "buffer");
  }
}
