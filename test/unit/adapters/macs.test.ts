import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMac, joinFields } from "#shared/adapters/kms/macs.ts";
import { createStore } from "#test/support/store.ts";

const bytes = fc.uint8Array({ maxLength: 6 });
const fields = fc.array(bytes, { maxLength: 5 });

function same(one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean {
  return (
    one.length === other.length &&
    one.every((field, index) => Buffer.compare(field, other[index] ?? field) === 0)
  );
}

describe("joining fields", () => {
  it("gives different bytes for different lists of fields", () => {
    fc.assert(
      fc.property(fields, fields, (one, other) => {
        const joined = Buffer.compare(joinFields(one), joinFields(other)) === 0;

        expect(joined).toBe(same(one, other));
      }),
      { numRuns: 500 },
    );
  });

  it("gives different bytes wherever one text is cut into fields", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), fc.nat(), (text, first, second) => {
        const [one, other] = [first % (text.length + 1), second % (text.length + 1)];
        fc.pre(one !== other && text.isWellFormed());
        const cut = (at: number) => joinFields([text.slice(0, at), text.slice(at)]);

        expect(Buffer.compare(cut(one), cut(other))).not.toBe(0);
      }),
    );
  });

  it("cannot be imitated by a field that holds a length itself", () => {
    expect(joinFields(["a", "b"])).not.toEqual(joinFields([Buffer.from("a\0\0\0\u0001b")]));
  });
});

describe("a MAC", () => {
  it("is 32 bytes, the same for the same fields under the same key, and another under another", async () => {
    const { kms, keyArn } = createStore();
    const [link, proof] = [createMac(kms, keyArn("LinkKey")), createMac(kms, keyArn("ProofKey"))];

    const macs = await Promise.all([link("a", "b"), link("a", "b"), link("ab"), proof("a", "b")]);

    const texts = macs.map((mac) => Buffer.from(mac).toString("hex"));
    expect(macs[0]).toHaveLength(32);
    expect(texts[1]).toBe(texts[0]);
    expect(new Set(texts).size).toBe(3);
  });
});
