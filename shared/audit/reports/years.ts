/** So far back reaches an accounting of disclosures (45 CFR 164.528(a)(1)), and so long is the audit kept. */
export const ACCOUNTING_YEARS = 6;

/** The same time of the same day so many years before; 29 February becomes 28 February. */
export function yearsBefore(at: Date, years: number): Date {
  const before = new Date(at);
  before.setUTCFullYear(at.getUTCFullYear() - years);
  if (before.getUTCMonth() !== at.getUTCMonth()) before.setUTCDate(0);
  return before;
}
