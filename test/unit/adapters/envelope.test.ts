import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { open, type Place, seal } from "#shared/adapters/envelope.ts";

const KEY = randomBytes(32);
const PLACE: Place = { table: "Messages", pk: "pat_1", sk: "msg#msg_1", attribute: "content" };

describe("an envelope", () => {
  it("gives back any JSON value that was sealed in it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(open(seal(value, KEY, PLACE), KEY, PLACE)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("holds version, nonce, ciphertext and tag, and never the same bytes twice", () => {
    const [one, other] = [seal("canary", KEY, PLACE), seal("canary", KEY, PLACE)];

    expect(one).toHaveLength(1 + 12 + '"canary"'.length + 16);
    expect(one[0]).toBe(1);
    expect(Buffer.from(one).equals(Buffer.from(other))).toBe(false);
    expect(Buffer.from(one).toString("latin1")).not.toContain("canary");
  });

  it("does not open with any one byte changed", () => {
    const sealed = seal({ body: "canary" }, KEY, PLACE);

    fc.assert(
      fc.property(fc.nat({ max: sealed.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(sealed);
        changed[at] = (changed[at] ?? 0) ^ flip;

        expect(() => open(changed, KEY, PLACE)).toThrow();
      }),
    );
  });

  it("does not open with bytes cut off or added", () => {
    const sealed = Buffer.from(seal("canary", KEY, PLACE));
    const cut = Array.from({ length: sealed.length }, (_, length) => sealed.subarray(0, length));
    const others = [...cut, Buffer.concat([sealed, Buffer.alloc(1)])];

    const opening = others.map((bytes) => () => open(bytes, KEY, PLACE));

    for (const attempt of opening) expect(attempt).toThrow();
  });

  it.each<Partial<Place>>([
    { table: "Patients" },
    { pk: "pat_2" },
    { sk: "msg#msg_2" },
    { attribute: "subject" },
    { pk: "pat_1msg#msg_1", sk: "" },
  ])("does not open in another place: %j", (other) => {
    const sealed = seal("canary", KEY, PLACE);

    expect(() => open(sealed, KEY, { ...PLACE, ...other })).toThrow();
  });

  it("does not open with another key", () => {
    expect(() => open(seal("canary", KEY, PLACE), randomBytes(32), PLACE)).toThrow();
  });
});
