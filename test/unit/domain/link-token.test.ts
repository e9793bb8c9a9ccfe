import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatToken,
  linkLookup,
  parseToken,
  signatureOf,
  TOKEN_LENGTH,
  tokenMessage,
} from "#shared/domain/link-token.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

function macOf(message: Uint8Array): Uint8Array {
  return createHmac("sha256", "link key").update(message).digest();
}

function aToken(seconds: number, id: Uint8Array, keyId = 1): string {
  const message = tokenMessage(new Date(seconds * 1000), id, keyId);
  return formatToken(message, macOf(message));
}

/** True for a token that has the form of one and is signed. */
function isGenuine(token: string): boolean {
  const parsed = parseToken(token);
  if (parsed === undefined) return false;
  return Buffer.from(signatureOf(macOf(parsed.message))).equals(Buffer.from(parsed.signature));
}

const seconds = fc.integer({ min: 0, max: 4_102_444_800 });
const id = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe("a link token", () => {
  it("has 44 characters and gives back what it was made of", () => {
    fc.assert(
      fc.property(seconds, id, (at, bytes) => {
        const token = aToken(at, bytes);

        const parsed = parseToken(token);

        expect(token).toHaveLength(TOKEN_LENGTH);
        expect(parsed?.expiresAt).toEqual(new Date(at * 1000));
        expect(parsed?.message.subarray(7)).toEqual(Buffer.from(bytes));
        expect(isGenuine(token)).toBe(true);
      }),
    );
  });

  it("is worth nothing with any one character changed", () => {
    const place = fc.integer({ min: 0, max: TOKEN_LENGTH - 1 });
    const other = fc.constantFrom(...ALPHABET);

    fc.assert(
      fc.property(seconds, id, place, other, (at, bytes, index, character) => {
        const token = aToken(at, bytes);
        fc.pre(token[index] !== character);

        const changed = token.slice(0, index) + character + token.slice(index + 1);

        expect(isGenuine(changed)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["", "nothing"],
    ["A".repeat(43), "too short"],
    ["A".repeat(45), "too long"],
    ["A".repeat(44), "version 0"],
    [`${"A".repeat(43)}=`, "padding"],
    [`AQAA${"A".repeat(40)}`, "key 0"],
    [`AgEA${"A".repeat(40)}`, "another version"],
    [`AQEA${"A".repeat(39)}+`, "the other alphabet"],
    [`AQEA${"A".repeat(40)}\n`, "a line end"],
  ])("is not %j (%s)", (token) => {
    expect(parseToken(token)).toBeUndefined();
  });

  it("shows no byte of the place where its record lies", () => {
    const message = tokenMessage(new Date(0), new Uint8Array(16), 1);
    const mac = macOf(message);

    const shown = Buffer.from(formatToken(message, mac), "base64url").subarray(23);

    expect(Buffer.concat([shown, Buffer.from(linkLookup(mac), "base64url")])).toEqual(mac);
  });

  it("is made of an id of 16 bytes only", () => {
    expect(() => tokenMessage(new Date(0), new Uint8Array(15), 1)).toThrow("16 bytes");
  });

  it("states the key that signed it, whichever of 255 that is", () => {
    const keyId = fc.integer({ min: 1, max: 255 });

    fc.assert(
      fc.property(seconds, id, keyId, (at, bytes, key) => {
        const token = aToken(at, bytes, key);

        expect(token).toHaveLength(TOKEN_LENGTH);
        expect(parseToken(token)).toMatchObject({ keyId: key, expiresAt: new Date(at * 1000) });
      }),
    );
  });

  it.each([0, 256, -1, 1.5, Number.NaN])("is not made for key %d", (keyId) => {
    expect(() => tokenMessage(new Date(0), new Uint8Array(16), keyId)).toThrow("1 to 255");
  });
});
