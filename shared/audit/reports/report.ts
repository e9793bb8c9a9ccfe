import { canonicalJson, sha256Hex } from "../anchor.ts";

/** The reports that there are. */
export const REPORT_NAMES = [
  "disclosures",
  "accesses",
  "access-review",
  "consent-evidence",
  "break-glass",
] as const;
export type ReportName = (typeof REPORT_NAMES)[number];

/** Stands in every report in JSON; another value is another format. */
export const REPORT_FORMAT = "foundphone-report-1";

/** One cell of a report. */
export type Cell = string | number | boolean | null;

/** A column. */
export interface Column {
  /** Its name in CSV and JSON. */
  readonly key: string;
  /** Its title on pages. */
  readonly title: string;
  /** Whether it holds moments, ISO 8601 UTC. */
  readonly isTime?: boolean;
  /** Whether it tells where to look further; pages have all such in one column. */
  readonly isReference?: boolean;
}

/** A report: one table with what must be known to read it. It holds ids and codes, and no name or contact detail. */
export interface Report {
  readonly name: ReportName;
  readonly title: string;
  /** What it is about, by name: `patientId`, `numberId`, `month`. */
  readonly subject: Readonly<Record<string, string>>;
  /** From inclusive, to exclusive, ISO 8601 UTC; null: from the beginning. */
  readonly period: { readonly from: string | null; readonly to: string };
  readonly columns: readonly Column[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  /** Said where there are no rows. */
  readonly empty: string;
  /** Counts of what was looked at and left out, by a name in words. */
  readonly totals: Readonly<Record<string, number>>;
  /** What must be known before a row is read, such as what contradicts it; no part of the fingerprint. */
  readonly remarks?: readonly string[];
  /** What counts, what does not, and under which rule. */
  readonly notes: readonly string[];
  /** True where somebody must put their name under it. */
  readonly signOff: boolean;
}

/** How and from what a report was made; no part of what it says. */
export interface Edition {
  /** ISO 8601 UTC. */
  readonly madeAt: string;
  /** The export that it was made from; null for one made from the table itself. */
  readonly derivedFrom: string | null;
  /** In which zone pages for people show moments, IANA name. */
  readonly timeZone: string;
}

/**
 * Hex SHA-256 over the RFC 8785 form of name, subject, period and rows. The same record gives the same one in every
 * format, and again years later: so the copy that 45 CFR 164.528(d) wants kept can be made anew and compared.
 */
export function fingerprintOf({ name, subject, period, rows }: Report): string {
  return sha256Hex(canonicalJson({ report: name, subject, period, rows }));
}

/** What every page made from an export says of itself. */
export const VERIFY_FIRST =
  "Derived from an export. Verify the export first (npm run -s audit -- verify DIR): this report trusts what it reads.";

/** The row's cells in the columns' order, absent ones as null. */
export function cellsOf({ columns }: Pick<Report, "columns">, row: Readonly<Record<string, Cell>>): Cell[] {
  return columns.map(({ key }) => row[key] ?? null);
}
