import type { APIGatewayProxyResult } from "aws-lambda";
import { PROBLEMS, type ProblemCode } from "#shared/contracts/problem.ts";

/** What a problem may say beyond its code. None of it may hold what the caller sent. */
export interface ProblemDetails {
  readonly detail?: string;
  /** JSON Pointer to the bad field. */
  readonly pointer?: string;
  /** Everything that is wrong, where there may be more than one thing. */
  readonly findings?: readonly object[];
  /** Becomes the header Retry-After. */
  readonly retryAfterSeconds?: number;
}

/** A request that ends with a problem document. Its message is the code, never the input. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

/** The RFC 9457 answer for a code. */
export function problemResponse(
  code: ProblemCode,
  { detail, pointer, findings, retryAfterSeconds }: ProblemDetails = {},
  traceId?: string,
): APIGatewayProxyResult {
  const { status, title } = PROBLEMS[code];
  return {
    statusCode: status,
    headers: {
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      ...(retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) }),
    },
    body: JSON.stringify({ type: "about:blank", title, status, code, detail, pointer, findings, traceId }),
  };
}
