import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { s3Error } from "./s3-error.ts";

/** The one algorithm of Signature Version 4 that this host checks. */
export const ALGORITHM = "AWS4-HMAC-SHA256";

/** Who signed, and for which day, region and service. */
export type SignatureScope = {
  readonly accessKeyId: string;
  /** `20260302` */
  readonly day: string;
  readonly region: string;
  readonly service: string;
};

/** Reads `AKIA…/20260302/us-east-1/s3/aws4_request`; undefined for anything else. */
export function readScope(credential: string | undefined): SignatureScope | undefined {
  const [accessKeyId = "", day = "", region = "", service = "", end, ...more] = (credential ?? "").split("/");
  if (accessKeyId === "" || !/^\d{8}$/u.test(day) || end !== "aws4_request" || more.length > 0)
    return undefined;
  return { accessKeyId, day, region, service };
}

/** The time `20260302T150000Z` in milliseconds since the epoch; undefined for anything else. */
export function readAmzDate(text: string | undefined): number | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/u.exec(text ?? "")?.slice(1);
  if (parts === undefined) return undefined;
  const [year, month, day, hour, minute, second] = parts;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** Throws SignatureDoesNotMatch unless `signature` is what the secret makes of `text`. */
export function checkSignature(
  text: string,
  signature: string,
  { day, region, service }: SignatureScope,
  secretAccessKey: string,
): void {
  const hmac = (key: string | Buffer, value: string) => createHmac("sha256", key).update(value).digest();
  const key = [region, service, "aws4_request"].reduce(hmac, hmac(`AWS4${secretAccessKey}`, day));
  const expected = Buffer.from(hmac(key, text).toString("hex"));
  const given = Buffer.from(signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given))
    throw s3Error(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    );
}

/** SHA-256 as small hexadecimal digits. */
export function hexSha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Percent-encoding as Signature Version 4 wants it: everything but RFC 3986's unreserved characters. */
export function uriEncoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
