import type { APIGatewayProxyEvent } from "aws-lambda";
import { LANGUAGES, type Language } from "#shared/domain/words.ts";
import { header } from "./headers.ts";

const SAFE_SEGMENT = /^[A-Za-z0-9_-]{1,100}$/;
/** Stands for a token that cannot be one: the page behind it is the same as behind any other. */
const NO_TOKEN = "-";

/** The token as the path states it; empty when there is none. */
export function tokenOf(event: APIGatewayProxyEvent): string {
  return event.pathParameters?.["token"] ?? "";
}

/** The path of the link's first page as browsers see it, from API Gateway's own word on the path. */
export function linkPath(event: APIGatewayProxyEvent): string {
  const { path, stage } = event.requestContext;
  const token = tokenOf(event);
  if (!SAFE_SEGMENT.test(token))
    return path.startsWith(`/${stage}/`) ? `/${stage}/${NO_TOKEN}` : `/${NO_TOKEN}`;
  const depth = event.resource.split("/").length - 1;
  // A slash more than there should be, such as at the end, is no segment.
  const before = path
    .split("/")
    .filter((segment) => segment !== "")
    .slice(0, -depth);
  return `/${[...before, token].join("/")}`;
}

/** The language that the address asks for; undefined when it asks for none that we have. */
export function askedLanguage(event: APIGatewayProxyEvent): Language | undefined {
  const asked = event.queryStringParameters?.["lang"];
  return LANGUAGES.find((language) => language === asked);
}

/** The language of a page that must not depend on its link: asked for, else the browser's first. */
export function pageLanguage(event: APIGatewayProxyEvent): Language {
  const accepted = (header(event, "accept-language") ?? "")
    .split(",")
    .map((entry) => entry.trim().slice(0, 2).toLowerCase());
  const first = accepted.find((entry) => LANGUAGES.some((language) => language === entry));
  return askedLanguage(event) ?? LANGUAGES.find((language) => language === first) ?? "en";
}
