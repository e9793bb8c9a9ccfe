import { generateKeyPair, type KeyObject, randomUUID, sign } from "node:crypto";
import { promisify } from "node:util";
import type { JsonRecord } from "../../json-shape.ts";

/** Signs JSON web tokens with a key that is made at the start and never leaves memory. */
export type TokenSigner = {
  sign(claims: JsonRecord): string;
  /** The public key as a JSON web key set. */
  jwks(): JsonRecord;
};

/** Makes a 2048-bit RSA key and a signer for it. */
export async function createTokenSigner(): Promise<TokenSigner> {
  const { privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject } = await promisify(
    generateKeyPair,
  )("rsa", { modulusLength: 2048 });
  const kid = randomUUID();
  const part = (value: JsonRecord): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return {
    sign: (claims) => {
      const input = `${part({ kid, alg: "RS256" })}.${part(claims)}`;
      return `${input}.${sign("RSA-SHA256", Buffer.from(input), privateKey).toString("base64url")}`;
    },
    jwks: () => ({ keys: [{ ...publicKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" }] }),
  };
}
