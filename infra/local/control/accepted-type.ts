import type { IncomingHttpHeaders } from "node:http";

/**
 * Whether the request is somebody opening an address in a browser, rather than a program that reads JSON from it.
 * Browsers say so in Sec-Fetch-Dest, the older ones by accepting HTML.
 */
export function prefersPage(headers: IncomingHttpHeaders): boolean {
  const accepted = headers.accept?.toLowerCase() ?? "";
  return (
    headers["sec-fetch-dest"] === "document" || /\b(?:text\/html|application\/xhtml\+xml)\b/u.test(accepted)
  );
}
