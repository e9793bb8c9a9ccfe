import { createECDH, type KeyObject, randomBytes } from "node:crypto";

/** The order of the curve P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * ECDSA over P-256 of a digest that is already made, as DER. Node's own `sign` always hashes what it is given, and KMS
 * with MessageType DIGEST does not.
 */
export function signDigest(privateKey: KeyObject, digest: Buffer): Buffer {
  const secret = toNumber(Buffer.from(privateKey.export({ format: "jwk" }).d ?? "", "base64url"));
  const z = toNumber(digest);
  for (;;) {
    const nonce = (toNumber(randomBytes(48)) % (ORDER - 1n)) + 1n;
    const point = createECDH("prime256v1");
    point.setPrivateKey(Buffer.from(nonce.toString(16).padStart(64, "0"), "hex"));
    const r = toNumber(point.getPublicKey().subarray(1, 33)) % ORDER;
    const s = (power(nonce, ORDER - 2n) * ((z + r * secret) % ORDER)) % ORDER;
    if (r !== 0n && s !== 0n) return derSequence([r, s]);
  }
}

function toNumber(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString("hex") || "0"}`);
}

/** The inverse of a number modulo a prime is its power of that prime less two. */
function power(base: bigint, exponent: bigint): bigint {
  let [result, factor, rest] = [1n, base % ORDER, exponent];
  while (rest > 0n) {
    if (rest & 1n) result = (result * factor) % ORDER;
    factor = (factor * factor) % ORDER;
    rest >>= 1n;
  }
  return result;
}

function derSequence(numbers: readonly bigint[]): Buffer {
  const integers = numbers.map((number) => {
    const hex = number.toString(16);
    const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
    // A leading one-bit would make the integer negative.
    const positive = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
    return Buffer.concat([Buffer.from([0x02, positive.length]), positive]);
  });
  const content = Buffer.concat(integers);
  return Buffer.concat([Buffer.from([0x30, content.length]), content]);
}
