import { FINDINGS_TOLD_MAX } from "./finding.ts";
import type { Verification } from "./verification.ts";

/** Stands in every outcome in JSON; another value is another form. */
const OUTCOME_FORMAT = "foundphone-verification-1";

/** The outcome as JSON: all counts, and the findings up to 10,000 of them. */
export function outcomeJson({ findings, ...outcome }: Verification, madeAt: string): string {
  const told = findings.slice(0, FINDINGS_TOLD_MAX);
  const value = { format: OUTCOME_FORMAT, madeAt, ...outcome, findings: told };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
