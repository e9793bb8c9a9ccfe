import { lookUp, type RequestContext } from "./request-context.ts";

/** A gateway response of the template. */
export type GatewayResponse = {
  readonly status?: number;
  /** `gatewayresponse.header.Name` → `'static'`, `context.x` or `method.request.header.x`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Media type → template text. */
  readonly templates: Readonly<Record<string, string>>;
};

/** Status that API Gateway uses where the template names none. */
const DEFAULT_STATUS = {
  ACCESS_DENIED: 403,
  API_CONFIGURATION_ERROR: 500,
  AUTHORIZER_CONFIGURATION_ERROR: 500,
  AUTHORIZER_FAILURE: 500,
  BAD_REQUEST_BODY: 400,
  BAD_REQUEST_PARAMETERS: 400,
  DEFAULT_4XX: 400,
  DEFAULT_5XX: 500,
  EXPIRED_TOKEN: 403,
  INTEGRATION_FAILURE: 504,
  INTEGRATION_TIMEOUT: 504,
  INVALID_API_KEY: 403,
  INVALID_SIGNATURE: 403,
  MISSING_AUTHENTICATION_TOKEN: 403,
  QUOTA_EXCEEDED: 429,
  REQUEST_TOO_LARGE: 413,
  RESOURCE_NOT_FOUND: 404,
  THROTTLED: 429,
  UNAUTHORIZED: 401,
  UNSUPPORTED_MEDIA_TYPE: 415,
  WAF_FILTERED: 403,
} as const;

/** The gateway response types of API Gateway. */
export type GatewayResponseType = keyof typeof DEFAULT_STATUS;

/** Whether `type` is a gateway response type of API Gateway. */
export function isGatewayResponseType(type: string): type is GatewayResponseType {
  return Object.hasOwn(DEFAULT_STATUS, type);
}

/** The words that API Gateway itself gives as `$context.error.message`. */
const ERROR_MESSAGE: Partial<Record<GatewayResponseType, string>> = {
  ACCESS_DENIED: "User is not authorized to access this resource",
  MISSING_AUTHENTICATION_TOKEN: "Missing Authentication Token",
  REQUEST_TOO_LARGE: "Request Too Long",
  THROTTLED: "Too Many Requests",
  UNAUTHORIZED: "Unauthorized",
  WAF_FILTERED: "Forbidden",
};

/** An HTTP response as it goes to the caller. */
export type HttpAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
};

/**
 * Renders the gateway response of `type` as API Gateway does: the template's own response, else the one of
 * DEFAULT_4XX or DEFAULT_5XX, else the service's default. Variables that have no value render as nothing.
 */
export function renderGatewayResponse(
  responses: ReadonlyMap<string, GatewayResponse>,
  type: GatewayResponseType,
  context: RequestContext,
  requestHeaders: Readonly<Record<string, string>>,
): HttpAnswer {
  const message =
    ERROR_MESSAGE[type] ?? (DEFAULT_STATUS[type] < 500 ? "Bad Request" : "Internal server error");
  context.error = { message, messageString: JSON.stringify(message), responseType: type };
  const own = responses.get(type);
  const fallback = responses.get(DEFAULT_STATUS[type] < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX");
  const status = own?.status ?? (own === undefined ? fallback?.status : undefined) ?? DEFAULT_STATUS[type];
  const response = own ?? fallback;
  const [mediaType, template] = chooseTemplate(response?.templates ?? {}, requestHeaders["accept"]);
  const headers: Record<string, string> = { "Content-Type": mediaType, "x-amzn-ErrorType": errorType(type) };
  for (const [parameter, source] of Object.entries(response?.parameters ?? {})) {
    const name = /^gatewayresponse\.header\.(.+)$/.exec(parameter)?.[1];
    if (name === undefined)
      throw new Error("The template maps a gateway response parameter that is not a header.");
    const value = headerValue(source, context, requestHeaders);
    if (value === undefined) continue;
    const same = Object.keys(headers).find((key) => key.toLowerCase() === name.toLowerCase());
    headers[same ?? name] = value;
  }
  return { status, headers, body: substitute(template, context, "") };
}

/** In this order where the caller accepts nothing that there is: AWS documents none for gateway responses. */
const UNASKED = ["application/problem+json", "application/json"];

/** The template of the first media type that the caller accepts, as API Gateway chooses, by the bare media type. */
function chooseTemplate(
  templates: Readonly<Record<string, string>>,
  accept: string | undefined,
): readonly [mediaType: string, template: string] {
  const first = accept?.split(",")[0]?.split(";")[0]?.trim().toLowerCase();
  const all = Object.entries(templates);
  return (
    all.find(([mediaType]) => mediaType === first) ??
    UNASKED.map((type) => all.find(([mediaType]) => mediaType === type)).find(
      (found) => found !== undefined,
    ) ??
    all[0] ?? ["application/json", '{"message":$context.error.messageString}']
  );
}

/** Replaces every `$context.…` variable of a template by its value, or by `missing` where it has none. */
export function substitute(template: string, context: RequestContext, missing: string): string {
  return template.replace(/\$context\.([A-Za-z][\w.-]*\w)/gu, (_, path: string) => {
    const value = lookUp(context, path);
    return value === undefined || value === null ? missing : String(value);
  });
}

function headerValue(
  source: string,
  context: RequestContext,
  requestHeaders: Readonly<Record<string, string>>,
): string | undefined {
  const fixed = /^'(.*)'$/su.exec(source)?.[1];
  if (fixed !== undefined) return fixed;
  const path = /^context\.(.+)$/u.exec(source)?.[1];
  if (path !== undefined) {
    const value = lookUp(context, path);
    return value === undefined ? undefined : String(value);
  }
  const header = /^method\.request\.header\.(.+)$/u.exec(source)?.[1];
  if (header !== undefined) return requestHeaders[header.toLowerCase()];
  throw new Error("The template maps a gateway response header from a source that this host does not know.");
}

function errorType(type: GatewayResponseType): string {
  switch (type) {
    case "UNAUTHORIZED":
      return "UnauthorizedException";
    case "ACCESS_DENIED":
      return "AccessDeniedException";
    case "MISSING_AUTHENTICATION_TOKEN":
      return "MissingAuthenticationTokenException";
    case "REQUEST_TOO_LARGE":
      return "RequestTooLargeException";
    case "THROTTLED":
    case "QUOTA_EXCEEDED":
      return "TooManyRequestsException";
    case "WAF_FILTERED":
      return "ForbiddenException";
    case "AUTHORIZER_CONFIGURATION_ERROR":
    case "AUTHORIZER_FAILURE":
      return "AuthorizerConfigurationException";
    default:
      return DEFAULT_STATUS[type] < 500 ? "BadRequestException" : "InternalServerErrorException";
  }
}
