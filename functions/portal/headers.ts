import type { APIGatewayProxyEvent } from "aws-lambda";
import { STYLE_SOURCE } from "./views/style.ts";

/** On every answer of the portal, whatever it is. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": `default-src 'none'; style-src ${STYLE_SOURCE}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  "Referrer-Policy": "no-referrer",
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "X-Robots-Tag": "noindex, nofollow, noarchive",
  "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
};

/** All values of a header, whatever its spelling. */
export function headerValues(event: APIGatewayProxyEvent, name: string): readonly string[] {
  const many = Object.entries(event.multiValueHeaders ?? {})
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, values]) => values ?? []);
  if (many.length > 0) return many;
  return Object.entries(event.headers ?? {})
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => (value === undefined ? [] : [value]));
}

/** The last value of a header, as API Gateway reads it. */
export function header(event: APIGatewayProxyEvent, name: string): string | undefined {
  return headerValues(event, name).at(-1);
}

/**
 * False when a browser says that another site made the request. Our pages send no referrer, so
 * browsers give their forms the origin `null`; the session cookie is SameSite=Strict besides.
 */
export function isOwnSite(event: APIGatewayProxyEvent): boolean {
  const site = header(event, "sec-fetch-site")?.toLowerCase();
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  const origin = header(event, "origin");
  if (origin === undefined || origin === "null") return true;
  const host = URL.parse(origin)?.host;
  return host !== undefined && [header(event, "host"), event.requestContext.domainName].includes(host);
}
