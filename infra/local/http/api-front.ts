import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type AccessLogLine, renderAccessLog } from "./access-logs.ts";
import { authorize, type Invoke } from "./authorizer.ts";
import { type GatewayResponseType, type HttpAnswer, renderGatewayResponse } from "./gateway-responses.ts";
import { createProxyEvent, headersInLowerCase } from "./proxy-event.ts";
import { readProxyResponse } from "./proxy-response.ts";
import { createRequestBody } from "./request-body.ts";
import { commonLogTime, type RequestContext } from "./request-context.ts";
import type { RestApi } from "./rest-apis.ts";
import { createRouter, type RouteMatch } from "./routes.ts";
import { createThrottle } from "./throttle.ts";

/** What an API needs of the host. */
export type ApiFrontPorts = {
  readonly accountId: string;
  readonly region: string;
  readonly invoke: Invoke;
  readonly writeAccessLog: (line: AccessLogLine) => void;
};

/** Answers one request to a stage; `path` is the part after the stage name, still encoded. */
export type ApiFront = (request: IncomingMessage, path: string, query: string) => Promise<HttpAnswer>;

/** API Gateway's own limit of a request body. */
const BODY_BYTES_MAX = 10 * 1024 * 1024;

/**
 * Serves one REST API stage of the template as API Gateway does: firewall, routing, throttle, authorizer, proxy
 * integration, gateway responses, access log. It never rejects while the caller stays connected.
 */
export function createApiFront(api: RestApi, ports: ApiFrontPorts): ApiFront {
  const route = createRouter(api);
  const lets = api.throttle === undefined ? () => true : createThrottle(api.throttle);

  return async (request, path, query) => {
    const startedMs = performance.now();
    const headers = headersInLowerCase(request.rawHeaders);
    const context = newContext(api, ports, request, path, headers);
    const body = createRequestBody(request);
    const gateway = (type: GatewayResponseType) =>
      renderGatewayResponse(api.gatewayResponses, type, context, headers);
    const answer = await serve();
    finish(answer);
    return {
      ...answer,
      headers: {
        "x-amzn-RequestId": context.requestId,
        "x-amz-apigw-id": context.extendedRequestId,
        "X-Amzn-Trace-Id": context.xrayTraceId,
        ...answer.headers,
      },
    };

    async function serve(): Promise<HttpAnswer> {
      const declared = Number(headers["content-length"] ?? 0);
      const inspected = api.firewall?.bodyBytesInspected ?? 0;
      const seen = await body.readUpTo(inspected + 1);
      const verdict = api.firewall?.inspect({
        sourceIp: context.identity.sourceIp,
        bodyBytes: seen.bytes,
        nowMs: Date.now(),
      });
      if (verdict !== undefined && verdict.kind !== "pass") {
        await body.discard();
        context.wafResponseCode = "WAF_BLOCK";
        return verdict.kind === "answer" ? verdict.answer : gateway("WAF_FILTERED");
      }
      if (declared > BODY_BYTES_MAX || (await body.readUpTo(BODY_BYTES_MAX + 1)).bytes > BODY_BYTES_MAX) {
        await body.discard();
        return gateway("REQUEST_TOO_LARGE");
      }
      const found = route(context.httpMethod, path);
      if (found.kind === "malformed") return gateway("DEFAULT_4XX");
      if (found.kind === "none") return gateway("MISSING_AUTHENTICATION_TOKEN");
      const { method } = found.match;
      context.resourcePath = method.resourcePath;
      context.resourceId = method.resourceId;
      if (!lets(`${method.httpMethod} ${method.resourcePath}`, Date.now())) return gateway("THROTTLED");
      if (method.authorizer !== undefined) {
        const methodArn = `arn:aws:execute-api:${ports.region}:${ports.accountId}:${api.restApiId}/${api.stageName}/${context.httpMethod}${path}`;
        const authorization = await authorize(method.authorizer, methodArn, headers, ports.invoke);
        switch (authorization.kind) {
          case "unauthorized":
            return gateway("UNAUTHORIZED");
          case "misconfigured":
            return gateway("AUTHORIZER_CONFIGURATION_ERROR");
          case "denied":
            context.authorizer = authorization.context;
            return gateway("ACCESS_DENIED");
          case "allowed":
            context.authorizer = authorization.context;
            break;
          default:
            return authorization satisfies never;
        }
      }
      return integrate(found.match);
    }

    async function integrate(match: RouteMatch): Promise<HttpAnswer> {
      const event = createProxyEvent(
        { httpMethod: context.httpMethod, path, query, rawHeaders: request.rawHeaders, body: body.content() },
        match,
        context,
        api.binaryMediaTypes,
      );
      const calledMs = performance.now();
      const outcome = await within(
        match.method.integrationTimeoutMs,
        ports.invoke(match.method.functionLogicalId, event),
      );
      const latency = Math.round(performance.now() - calledMs);
      context.integrationLatency = latency;
      if (outcome === undefined) return gateway("INTEGRATION_TIMEOUT");
      context.integrationStatus = 200;
      context.integration = { latency, status: 200 };
      const answer =
        outcome.kind === "answered"
          ? readProxyResponse(outcome.payload, api.binaryMediaTypes, headers["accept"])
          : undefined;
      return answer ?? gateway("INTEGRATION_FAILURE");
    }

    function finish(answer: HttpAnswer): void {
      context.status = answer.status;
      context.responseLatency = Math.round(performance.now() - startedMs);
      context.responseLength = Buffer.byteLength(answer.body);
      if (api.accessLogFormat === undefined) return;
      const time = new Date().toISOString();
      ports.writeAccessLog({
        time,
        api: api.logicalId,
        stage: api.stageName,
        message: renderAccessLog(api.accessLogFormat, context),
      });
    }
  };
}

function newContext(
  api: RestApi,
  ports: ApiFrontPorts,
  request: IncomingMessage,
  path: string,
  headers: Readonly<Record<string, string>>,
): RequestContext {
  const now = new Date();
  const seconds = Math.floor(now.getTime() / 1000);
  return {
    accountId: ports.accountId,
    apiId: api.restApiId,
    stage: api.stageName,
    domainName: `${api.restApiId}.execute-api.${ports.region}.amazonaws.com`,
    domainPrefix: api.restApiId,
    requestId: randomUUID(),
    extendedRequestId: randomBytes(11).toString("base64url").concat("="),
    xrayTraceId: `Root=1-${seconds.toString(16).padStart(8, "0")}-${randomBytes(12).toString("hex")}`,
    httpMethod: request.method ?? "GET",
    path: `/${api.stageName}${path}`,
    protocol: `HTTP/${request.httpVersion}`,
    requestTime: commonLogTime(now),
    requestTimeEpoch: now.getTime(),
    identity: {
      sourceIp: (request.socket.remoteAddress ?? "127.0.0.1").replace(/^::ffff:/u, ""),
      userAgent: headers["user-agent"] ?? null,
    },
  };
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined);
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
