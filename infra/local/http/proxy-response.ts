import { validateHeaderName, validateHeaderValue } from "node:http";
import { isRecord } from "../json-shape.ts";
import type { HttpAnswer } from "./gateway-responses.ts";

/** Response headers that API Gateway keeps for itself and passes on under another name. */
const REMAPPED_HEADERS = new Set([
  "authorization",
  "connection",
  "content-length",
  "content-md5",
  "date",
  "expect",
  "host",
  "server",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
  "warning",
  "www-authenticate",
]);

const MEMBERS = new Set(["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"]);

/**
 * Reads what a function answered as a proxy response. Undefined where API Gateway would call it malformed:
 * another member, a status that is no integer, a header that is no scalar, a body that is no text.
 */
export function readProxyResponse(
  payload: string,
  binaryMediaTypes: readonly string[],
  accept: string | undefined,
): HttpAnswer | undefined {
  let response: unknown;
  try {
    response = JSON.parse(payload);
  } catch {
    return undefined;
  }
  if (!isRecord(response) || Object.keys(response).some((member) => !MEMBERS.has(member))) return undefined;
  const status = Number(response["statusCode"]);
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  const headers = readHeaders(response["headers"], response["multiValueHeaders"]);
  if (headers === undefined) return undefined;
  const body = response["body"] ?? "";
  if (typeof body !== "string") return undefined;
  const binary = response["isBase64Encoded"] === true && acceptsBinary(binaryMediaTypes, accept);
  return { status, headers, body: binary ? Buffer.from(body, "base64") : body };
}

function readHeaders(single: unknown, multiple: unknown): Record<string, string[]> | undefined {
  if (!isOptionalRecord(single) || !isOptionalRecord(multiple)) return undefined;
  const headers: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(single ?? {})) {
    if (!isScalar(value)) return undefined;
    headers[name] = [String(value)];
  }
  for (const [name, values] of Object.entries(multiple ?? {})) {
    if (!Array.isArray(values) || !values.every(isScalar)) return undefined;
    const own = headers[name]?.[0];
    const all = values.map(String);
    headers[name] = own === undefined || all.includes(own) ? all : [...all, own];
  }
  const sent: Record<string, string[]> = {};
  for (const [name, values] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      for (const value of values) validateHeaderValue(name, value);
    } catch {
      return undefined;
    }
    sent[REMAPPED_HEADERS.has(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name] = values;
  }
  if (!Object.keys(sent).some((name) => name.toLowerCase() === "content-type"))
    sent["Content-Type"] = ["application/json"];
  return sent;
}

const isOptionalRecord = (value: unknown): value is Readonly<Record<string, unknown>> | null | undefined =>
  value === undefined || value === null || isRecord(value);

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

function acceptsBinary(binaryMediaTypes: readonly string[], accept: string | undefined): boolean {
  const first = accept?.split(",")[0]?.split(";")[0]?.trim().toLowerCase() ?? "*/*";
  return binaryMediaTypes.some((type) => type === "*/*" || type.toLowerCase() === first);
}
