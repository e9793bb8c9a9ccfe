import middy from "@middy/core";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import type { Log } from "#shared/runtime/log.ts";
import { ApiProblem, problemResponse } from "./problem.ts";

/** One operation of an API: takes the event, answers or throws an {@link ApiProblem}. */
export type Operation = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

/** Operations by method and resource, such as `POST /patients/{id}/consents`. */
export type Routes = Readonly<Record<string, Operation>>;

/** A JSON answer that nobody may keep; `version` becomes its ETag. */
export function json(status: number, body: unknown, version?: number): APIGatewayProxyResult {
  return {
    statusCode: status,
    headers: {
      "Content-Type": "application/json",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      ...(version === undefined ? {} : { ETag: `"${version}"` }),
    },
    body: JSON.stringify(body),
  };
}

/** Turns what an operation throws into a problem document and one log line, never with input. */
function problems(log: Log): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  return {
    onError: (request) => {
      const { error, event } = request;
      const traceId = event.requestContext.requestId;
      if (error instanceof ApiProblem) {
        log.info("REQUEST_REFUSED", { problem: error.code, traceId, resource: event.resource });
        request.response = problemResponse(error.code, error.details);
        return;
      }
      log.error("REQUEST_FAILED", error, { traceId, resource: event.resource });
      request.response = problemResponse("internal", {}, traceId);
    },
  };
}

/** A Lambda handler for the routes of one function. */
export function createApi(routes: Routes, log: Log) {
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .use(problems(log))
    .handler(async (event) => {
      const name = `${event.httpMethod} ${event.resource}`;
      const operation = Object.hasOwn(routes, name) ? routes[name] : undefined;
      if (operation === undefined) throw new ApiProblem("not_found");
      return operation(event);
    });
}
