import type { APIGatewayProxyResult } from "aws-lambda";

const TYPES = {
  json: "application/json",
  csv: "text/csv; charset=utf-8",
  html: "text/html; charset=utf-8",
} as const;

/** A report as an answer: JSON to be read, the rest to be kept as a file. Nobody on the way may keep it. */
export function document(
  name: string,
  format: keyof typeof TYPES,
  { text, sha256 }: { readonly text: string; readonly sha256: string },
): APIGatewayProxyResult {
  return {
    statusCode: 200,
    headers: {
      "Content-Type": TYPES[format],
      ...(format === "json" ? {} : { "Content-Disposition": `attachment; filename="${name}.${format}"` }),
      "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      "Report-Sha256": sha256,
    },
    body: text,
  };
}
