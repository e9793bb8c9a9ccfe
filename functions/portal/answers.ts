import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import type { Log } from "#shared/runtime/log.ts";
import { askedLanguage } from "./addresses.ts";
import { SECURITY_HEADERS } from "./headers.ts";
import { errorPage } from "./views/error-page.ts";
import type { PageFrame } from "./views/layout.ts";
import { neutralPage } from "./views/neutral-page.ts";

/** Answers one request of one route. */
export type Operation = (event: APIGatewayProxyEvent, frame: PageFrame) => Promise<APIGatewayProxyResult>;

/** Operations by method and resource, such as `GET /{token}`. */
export type Routes = Readonly<Record<string, Operation>>;

/** What every group of routes is wired with. */
export interface RouteTools {
  readonly log: Log;
}

const HTML = "text/html; charset=utf-8";

function withCookies(cookies: readonly string[]) {
  return cookies.length === 0 ? {} : { multiValueHeaders: { "Set-Cookie": [...cookies] } };
}

/** A page. */
export function page(
  status: number,
  body: string,
  language: PageFrame["language"],
  cookies: readonly string[] = [],
): APIGatewayProxyResult {
  return {
    statusCode: status,
    headers: { ...SECURITY_HEADERS, "Content-Type": HTML, "Content-Language": language },
    ...withCookies(cookies),
    body,
  };
}

/**
 * The answer to whatever is refused: the page that every link shows first, or, where the request
 * itself cannot be served, a page that tells no more than its status.
 */
export function refused(frame: PageFrame, status = 200): APIGatewayProxyResult {
  const body = status === 200 ? neutralPage(frame) : errorPage(frame, status);
  return page(status, body, frame.language);
}

/** A JSON answer, for the pages' own script. */
export function json(status: number, body: unknown, cookies: readonly string[] = []): APIGatewayProxyResult {
  return {
    statusCode: status,
    headers: { ...SECURITY_HEADERS, "Content-Type": "application/json; charset=utf-8" },
    ...withCookies(cookies),
    body: JSON.stringify(body),
  };
}

/** Sends the browser on to `path` of our own site; a language that was chosen is kept. */
export function seeOther(
  event: APIGatewayProxyEvent,
  path: string,
  cookies: readonly string[] = [],
  fragment = "",
): APIGatewayProxyResult {
  const language = askedLanguage(event);
  return {
    statusCode: 303,
    headers: {
      ...SECURITY_HEADERS,
      "Content-Type": HTML,
      Location: `${path}${language === undefined ? "" : `?lang=${language}`}${fragment}`,
    },
    ...withCookies(cookies),
    body: "",
  };
}
