import { randomUUID } from "node:crypto";
import type { HttpAnswer } from "../http/gateway-responses.ts";

/** The problem codes that the host's own addresses answer with; the same words as the API's. */
export type ProblemCode =
  | "invalid_request"
  | "not_found"
  | "constraint_violation"
  | "payload_too_large"
  | "internal"
  | "unavailable";

const STATUS: Readonly<Record<ProblemCode, number>> = {
  invalid_request: 400,
  not_found: 404,
  constraint_violation: 409,
  payload_too_large: 413,
  internal: 500,
  unavailable: 503,
};

/** An RFC 9457 problem document. `pointer` names the field that is wrong; nothing that the caller sent is repeated. */
export function problem(code: ProblemCode, title: string, pointer?: string): HttpAnswer {
  const status = STATUS[code];
  const document = {
    type: "about:blank",
    title,
    status,
    code,
    traceId: randomUUID(),
    ...(pointer === undefined ? {} : { pointer }),
  };
  return { status, headers: { "Content-Type": "application/problem+json" }, body: JSON.stringify(document) };
}

/** A fault of a request to the host's own addresses, thrown where it is found and answered as a problem document. */
export class RequestRefused extends Error {
  override readonly name = "RequestRefused";
  readonly answer: HttpAnswer;
  constructor(code: ProblemCode, title: string, pointer?: string) {
    super(title);
    this.answer = problem(code, title, pointer);
  }
}
