import type { IncomingMessage } from "node:http";
import { createRequestBody } from "../http/request-body.ts";
import { isRecord, type JsonRecord } from "../json-shape.ts";
import { RequestRefused } from "./problems.ts";

const BODY_BYTES_MAX = 64 * 1024;

/** Reads JSON of any kind from a request to the host's own addresses; `empty` where it has no body. */
export async function readJson(request: IncomingMessage, empty: unknown = undefined): Promise<unknown> {
  const body = createRequestBody(request);
  if ((await body.readUpTo(BODY_BYTES_MAX + 1)).bytes > BODY_BYTES_MAX) {
    await body.discard();
    throw new RequestRefused("payload_too_large", "The request is larger than 64 KB.");
  }
  const text = body.content().toString("utf8");
  if (text === "" && empty !== undefined) return empty;
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestRefused("invalid_request", "The request body is not JSON.");
  }
}

/** Reads a JSON object from a request to the host's own addresses, with no other members than `members`. */
export async function readJsonObject(
  request: IncomingMessage,
  members: readonly string[],
): Promise<JsonRecord> {
  const value = await readJson(request);
  if (!isRecord(value)) throw new RequestRefused("invalid_request", "The request body is not a JSON object.");
  if (Object.keys(value).some((member) => !members.includes(member))) {
    throw new RequestRefused("invalid_request", `The request has a field other than ${members.join(", ")}.`);
  }
  return value;
}

/** The text at `member`, or a refusal that points at it. */
export function requiredText(body: JsonRecord, member: string): string {
  const value = body[member];
  if (typeof value !== "string" || value === "")
    throw new RequestRefused("invalid_request", `${member} must be text.`, `/${member}`);
  return value;
}

/** The time of a query parameter in milliseconds; zero where it is absent. */
export function timeParameter(query: string, name: string): number {
  const value = new URLSearchParams(query).get(name);
  if (value === null || value === "") return 0;
  const ms = Date.parse(value);
  if (Number.isNaN(ms)) throw new RequestRefused("invalid_request", `${name} must be a time in ISO 8601.`);
  return ms;
}
