import type { APIGatewayProxyEvent } from "aws-lambda";
import { SCRIPT_SOURCE } from "./page-script.ts";
import { type Brand, brandCss } from "./views/brand.ts";
import { STYLE_SOURCE, styleSource } from "./views/style.ts";

/**
 * What browsers let our pages do: our own style and our one script by their hashes, images and
 * uploads of the attachments' host, forms to us and to it, and nothing else from anywhere. `host` is
 * without a scheme: the page's own holds.
 */
export function contentSecurityPolicy(brand: Brand | undefined, host: string | undefined): string {
  const css = brandCss(brand);
  const styles = css === "" ? STYLE_SOURCE : `${STYLE_SOURCE} ${styleSource(css)}`;
  const own = host === undefined ? "'self'" : `'self' ${host}`;
  return [
    "default-src 'none'",
    `script-src ${SCRIPT_SOURCE}`,
    `style-src ${styles}`,
    `img-src ${own} data:`,
    `connect-src ${own}`,
    `form-action ${own}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; ");
}

/** On every answer of the portal, whatever it is; the handler adds the content security policy. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
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
