import { ResponseType, type RestApi } from "aws-cdk-lib/aws-apigateway";
import { errorPage, errorPageHeaders, type Mishap, type PageOwner } from "./portal-error-pages.ts";

interface Problem {
  readonly type: ResponseType;
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly retryAfterSeconds?: number;
}

const invalidRequest = { status: 400, code: "invalid_request", title: "The request is not valid." };
const unauthenticated = { status: 401, code: "unauthenticated", title: "Sign in first." };
const forbidden = { status: 403, code: "forbidden", title: "This is not allowed." };
const notFound = { status: 404, code: "not_found", title: "There is nothing here." };
const rateLimited = { status: 429, code: "rate_limited", title: "Too many requests.", retryAfterSeconds: 30 };
const internal = { status: 500, code: "internal", title: "Something went wrong." };

/** What API Gateway itself answers, for each of its response types. */
export const GATEWAY_PROBLEMS: readonly Problem[] = [
  // The authorizer says in its context why it denies: no valid token, or a session that is over. Functions check roles.
  {
    type: ResponseType.ACCESS_DENIED,
    status: 401,
    code: "$context.authorizer.code",
    title: "Sign in again.",
  },
  { type: ResponseType.API_CONFIGURATION_ERROR, ...internal },
  { type: ResponseType.AUTHORIZER_CONFIGURATION_ERROR, ...internal },
  { type: ResponseType.AUTHORIZER_FAILURE, ...internal },
  { type: ResponseType.BAD_REQUEST_BODY, ...invalidRequest },
  { type: ResponseType.BAD_REQUEST_PARAMETERS, ...invalidRequest },
  { type: ResponseType.DEFAULT_4XX, ...invalidRequest },
  { type: ResponseType.DEFAULT_5XX, ...internal },
  { type: ResponseType.EXPIRED_TOKEN, ...unauthenticated },
  { type: ResponseType.INTEGRATION_FAILURE, ...internal },
  { type: ResponseType.INTEGRATION_TIMEOUT, status: 503, code: "unavailable", title: "Try again later." },
  { type: ResponseType.INVALID_API_KEY, ...forbidden },
  // Two names for a path or method that does not exist: with an Authorization header API Gateway takes the call for one
  // signed for IAM, which no method here asks for, and without one it misses the signature.
  { type: ResponseType.INVALID_SIGNATURE, ...notFound },
  { type: ResponseType.MISSING_AUTHENTICATION_TOKEN, ...notFound },
  { type: ResponseType.QUOTA_EXCEEDED, ...rateLimited },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    status: 413,
    code: "payload_too_large",
    title: "The request is too large.",
  },
  { type: ResponseType.RESOURCE_NOT_FOUND, ...notFound },
  { type: ResponseType.THROTTLED, ...rateLimited },
  { type: ResponseType.UNAUTHORIZED, ...unauthenticated },
  {
    type: ResponseType.UNSUPPORTED_MEDIA_TYPE,
    status: 415,
    code: "unsupported_media_type",
    title: "This media type is not supported.",
  },
  // The firewall's only plain block is for size; its rate rule answers for itself.
  {
    type: ResponseType.WAF_FILTERED,
    status: 413,
    code: "payload_too_large",
    title: "The request is too large.",
  },
];

const MISHAPS: Readonly<Record<number, Mishap>> = {
  404: "notFound",
  413: "tooLarge",
  415: "unreadable",
  429: "tooMany",
  500: "unavailable",
  503: "unavailable",
};

function documentOf({ title, status, code }: Problem): string {
  return JSON.stringify({ type: "about:blank", title, status, code, traceId: "$context.requestId" });
}

function headersOf(headers: Readonly<Record<string, string>>, { retryAfterSeconds }: Problem) {
  const all = retryAfterSeconds === undefined ? headers : { ...headers, "Retry-After": retryAfterSeconds };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, `'${value}'`]));
}

/** Makes `api` answer its own errors as problem documents (RFC 9457) that echo nothing of the request. */
export function answerWithProblems(api: RestApi): void {
  for (const problem of GATEWAY_PROBLEMS) {
    const { type, status } = problem;
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: String(status),
      responseHeaders: headersOf(
        { "Cache-Control": "no-store", "Content-Type": "application/problem+json" },
        problem,
      ),
      // API Gateway looks templates up under application/json; the header says what the answer is.
      templates: { "application/json": documentOf(problem) },
    });
  }
}

/**
 * Makes `api` answer its own errors as pages to who asks for text/html, as browsers do, and as problem documents to
 * everybody else (decisions/0028-errors-before-the-portal.md). A Content-Type among the headers would stand on both.
 */
export function answerWithPages(api: RestApi, owner: PageOwner): void {
  for (const problem of GATEWAY_PROBLEMS) {
    const { type, status } = problem;
    const document = documentOf(problem);
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: String(status),
      responseHeaders: headersOf(errorPageHeaders(owner), problem),
      templates: {
        "application/json": document,
        "application/problem+json": document,
        "text/html": errorPage(owner, MISHAPS[status] ?? "other"),
      },
    });
  }
}
