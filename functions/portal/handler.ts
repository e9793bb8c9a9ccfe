import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { pageLanguage } from "./addresses.ts";
import { page, type Routes, type RouteTools, refused } from "./answers.ts";
import type { Practice } from "./views/layout.ts";
import { unavailablePage } from "./views/unavailable-page.ts";

/** What the portal's handler is wired with. */
export interface Dependencies extends RouteTools {
  readonly practice: Practice;
  readonly routes: Routes;
}

/**
 * The portal's pages. Whatever a stranger sends gets one of a few pages that do not depend on it;
 * whatever fails on our side shows nothing but that.
 */
export function createHandler({ practice, routes, log }: Dependencies) {
  return async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    const frame = { practice, language: pageLanguage(event) };
    const name = `${event.httpMethod} ${event.resource}`;
    try {
      const operation = Object.hasOwn(routes, name) ? routes[name] : undefined;
      return operation === undefined ? refused(frame, 404) : await operation(event, frame);
    } catch (error) {
      const traceId = event.requestContext.requestId;
      log.error("REQUEST_FAILED", error, { traceId, resource: event.resource });
      return page(503, unavailablePage(frame), frame.language);
    }
  };
}
