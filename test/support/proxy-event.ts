import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { createApi, type Routes } from "#functions/http/api.ts";
import type { Log } from "#shared/runtime/log.ts";

/** What a request of a test says beyond its method and resource. */
export interface RequestParts {
  readonly roles?: string | null;
  readonly actor?: string;
  readonly requestId?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it stands, in place of `body`. */
  readonly rawBody?: string;
  readonly isBase64Encoded?: boolean;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly path?: Readonly<Record<string, string>>;
}

function multiValue(values: Readonly<Record<string, string | readonly string[]>>) {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? [value] : [...value]]),
  );
}

/** The event of `operation` (such as `POST /patients/{id}/consents`) as a v1 REST API makes it. */
export function aRequest(operation: string, parts: RequestParts = {}): APIGatewayProxyEvent {
  const [httpMethod, resource] = operation.split(" ");
  const { roles = "frontdesk", actor = "staff_1", requestId = "request-1" } = parts;
  const body = parts.rawBody ?? (parts.body === undefined ? null : JSON.stringify(parts.body));
  return {
    httpMethod,
    resource,
    body,
    isBase64Encoded: parts.isBase64Encoded ?? false,
    multiValueHeaders: multiValue({
      ...(body === null ? {} : { "Content-Type": "application/json" }),
      ...parts.headers,
    }),
    multiValueQueryStringParameters: parts.query === undefined ? null : multiValue(parts.query),
    pathParameters: parts.path ?? null,
    requestContext: {
      requestId,
      authorizer: roles === null ? {} : { actor, roles },
    },
  } as unknown as APIGatewayProxyEvent;
}

/** A log that keeps its lines as one text each. */
export function createTestLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (level: string, code: string, rest: unknown) => {
    lines.push(`${level} ${code} ${JSON.stringify(rest ?? {})}`);
  };
  return {
    lines,
    info: (code, fields) => keep("info", code, fields),
    warn: (code, fields) => keep("warn", code, fields),
    error: (code, error, fields) => keep("error", code, { name: (error as Error).name, ...fields }),
  };
}

/** An answer with its body taken apart where it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: APIGatewayProxyResult["headers"];
  readonly body: Record<string, unknown>;
  readonly text: string;
}

function isFile({ body, headers }: APIGatewayProxyResult): boolean {
  return body === "" || String(headers?.["Content-Type"]).startsWith("text/");
}

/** The routes behind the real middleware, called with {@link aRequest}. */
export function createCaller(routes: Routes, log: Log = createTestLog()) {
  const handler = createApi(routes, log);
  return async (operation: string, parts: RequestParts = {}): Promise<Answer> => {
    const result = await handler(aRequest(operation, parts), {} as Context);
    return {
      status: result.statusCode,
      headers: result.headers,
      text: result.body,
      body: (isFile(result) ? {} : JSON.parse(result.body)) as Record<string, unknown>,
    };
  };
}
