import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { pageLanguage } from "./addresses.ts";
import { page, type Routes, type RouteTools, refused } from "./answers.ts";
import { meantResource } from "./form.ts";
import { contentSecurityPolicy } from "./headers.ts";
import type { Practice } from "./views/layout.ts";
import { unavailablePage } from "./views/unavailable-page.ts";

/** What the portal's handler is wired with. */
export interface Dependencies extends RouteTools {
  readonly practice: Practice;
  readonly routes: Routes;
  /** Where browsers upload and fetch attachments, without a scheme; undefined: nowhere. */
  readonly attachmentsHost?: string;
}

/**
 * The portal's pages. Whatever a stranger sends gets one of a few pages that do not depend on it;
 * whatever fails on our side shows nothing but that.
 */
export function createHandler({ practice, routes, log, attachmentsHost }: Dependencies) {
  const policy = contentSecurityPolicy(practice.brand, attachmentsHost);

  const respond = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    const frame = { practice, language: pageLanguage(event) };
    const name = `${event.httpMethod} ${meantResource(event)}`;
    try {
      const operation = Object.hasOwn(routes, name) ? routes[name] : undefined;
      if (operation === undefined) return refused(frame, 404);
      const answer = await operation(event, frame);
      if (answer.statusCode === 403) log.info("FOREIGN_FORM", { resource: event.resource, count: 1 });
      return answer;
    } catch (error) {
      const traceId = event.requestContext.requestId;
      log.error("REQUEST_FAILED", error, { traceId, resource: event.resource });
      return page(503, unavailablePage(frame), frame.language);
    }
  };

  return async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    const answered = await respond(event);
    return { ...answered, headers: { ...answered.headers, "Content-Security-Policy": policy } };
  };
}
