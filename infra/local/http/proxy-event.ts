import type { RequestContext } from "./request-context.ts";
import type { RouteMatch } from "./routes.ts";

/** What of an HTTP request goes into a proxy event. */
export type IncomingRequest = {
  readonly httpMethod: string;
  /** Path after the stage, as the caller wrote it (still percent-encoded). */
  readonly path: string;
  /** Query string without the question mark. */
  readonly query: string;
  /** Name, value, name, value …, in the caller's spelling. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
};

/** Headers that belong to the connection and never reach a function. */
const CONNECTION_HEADERS = new Set([
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Makes the version 1 proxy event of a request, as API Gateway gives it to the function. */
export function createProxyEvent(
  request: IncomingRequest,
  match: RouteMatch,
  context: RequestContext,
  binaryMediaTypes: readonly string[],
): Readonly<Record<string, unknown>> {
  const headers = collectHeaders(request.rawHeaders, context);
  const query = collectQuery(request.query);
  const binary = isBinary(headers, binaryMediaTypes);
  const hasBody = request.body.length > 0;
  return {
    resource: match.method.resourcePath,
    path: request.path,
    httpMethod: request.httpMethod,
    headers: lastValues(headers),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: query.size === 0 ? null : lastValues(query),
    multiValueQueryStringParameters: query.size === 0 ? null : Object.fromEntries(query),
    pathParameters: Object.keys(match.pathParameters).length === 0 ? null : match.pathParameters,
    stageVariables: null,
    requestContext: {
      resourceId: match.method.resourceId,
      ...(context.authorizer === undefined ? {} : { authorizer: context.authorizer }),
      resourcePath: match.method.resourcePath,
      httpMethod: request.httpMethod,
      extendedRequestId: context.extendedRequestId,
      requestTime: context.requestTime,
      path: `/${context.stage}${request.path}`,
      accountId: context.accountId,
      protocol: context.protocol,
      stage: context.stage,
      domainPrefix: context.domainPrefix,
      requestTimeEpoch: context.requestTimeEpoch,
      requestId: context.requestId,
      identity: {
        cognitoIdentityPoolId: null,
        accountId: null,
        cognitoIdentityId: null,
        caller: null,
        sourceIp: context.identity.sourceIp,
        principalOrgId: null,
        accessKey: null,
        cognitoAuthenticationType: null,
        cognitoAuthenticationProvider: null,
        userArn: null,
        userAgent: context.identity.userAgent,
        user: null,
      },
      domainName: context.domainName,
      apiId: context.apiId,
    },
    body: hasBody ? request.body.toString(binary ? "base64" : "utf8") : null,
    isBase64Encoded: hasBody && binary,
  };
}

/** The last value of each name, with names in lower case: for rules that read one header. */
export function headersInLowerCase(rawHeaders: readonly string[]): Readonly<Record<string, string>> {
  const values: Record<string, string> = { __proto__: null } as unknown as Record<string, string>;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    values[(rawHeaders[index] ?? "").toLowerCase()] = rawHeaders[index + 1] ?? "";
  }
  return values;
}

function collectHeaders(
  rawHeaders: readonly string[],
  context: RequestContext,
): ReadonlyMap<string, string[]> {
  const byName = new Map<string, string[]>();
  const spelling = new Map<string, string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    const lower = name.toLowerCase();
    if (CONNECTION_HEADERS.has(lower) || lower.startsWith("x-forwarded-") || lower === "x-amzn-trace-id")
      continue;
    const key = spelling.get(lower) ?? name;
    spelling.set(lower, key);
    byName.set(key, [...(byName.get(key) ?? []), rawHeaders[index + 1] ?? ""]);
  }
  const forwarded = headersInLowerCase(rawHeaders)["x-forwarded-for"];
  byName.set("X-Amzn-Trace-Id", [context.xrayTraceId]);
  byName.set("X-Forwarded-For", [
    forwarded === undefined ? context.identity.sourceIp : `${forwarded}, ${context.identity.sourceIp}`,
  ]);
  byName.set("X-Forwarded-Port", ["443"]);
  byName.set("X-Forwarded-Proto", ["https"]);
  return byName;
}

function collectQuery(query: string): ReadonlyMap<string, string[]> {
  const byName = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query))
    byName.set(name, [...(byName.get(name) ?? []), value]);
  return byName;
}

function lastValues(byName: ReadonlyMap<string, readonly string[]>): Readonly<Record<string, string>> {
  return Object.fromEntries([...byName].map(([name, values]) => [name, values.at(-1) ?? ""]));
}

function isBinary(
  headers: ReadonlyMap<string, readonly string[]>,
  binaryMediaTypes: readonly string[],
): boolean {
  const contentType = [...headers].find(([name]) => name.toLowerCase() === "content-type")?.[1].at(-1);
  const mediaType = contentType?.split(";")[0]?.trim().toLowerCase() ?? "application/json";
  return binaryMediaTypes.some((type) => type === "*/*" || type.toLowerCase() === mediaType);
}
