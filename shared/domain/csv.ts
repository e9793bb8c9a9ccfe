/** What a spreadsheet takes for a formula where a cell begins with it (OWASP, CSV injection). */
const FORMULA = /^[\s]*[=+\-@\t\r|%]/;

/** One cell (RFC 4180), quoted, and led by an apostrophe where a spreadsheet would calculate it. */
export function csvCell(value: string | number | boolean | null | undefined): string {
  const text = value === null || value === undefined ? "" : String(value);
  // As a spreadsheet sees it: full-width signs are signs, and invisible ones are none.
  const seen = text.normalize("NFKC").replace(/\p{Cf}/gu, "");
  const safe = typeof value === "string" && FORMULA.test(seen) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
