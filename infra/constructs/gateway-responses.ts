import { ResponseType, type RestApi } from "aws-cdk-lib/aws-apigateway";

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

/** Makes `api` answer its own errors as problem documents (RFC 9457) that echo nothing of the request. */
export function answerWithProblems(api: RestApi): void {
  for (const { type, status, code, title, retryAfterSeconds } of GATEWAY_PROBLEMS) {
    const document = { type: "about:blank", title, status, code, traceId: "$context.requestId" };
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: String(status),
      responseHeaders: {
        "Cache-Control": "'no-store'",
        "Content-Type": "'application/problem+json'",
        ...(retryAfterSeconds === undefined ? {} : { "Retry-After": `'${retryAfterSeconds}'` }),
      },
      // API Gateway looks templates up under application/json; the header says what the answer is.
      templates: { "application/json": JSON.stringify(document) },
    });
  }
}
