import type { Purpose } from "../domain/words.ts";

/** How far an opt-out by text reaches where the law leaves the choice. */
export const OPT_OUT_SCOPES = ["all", "answered-purpose"] as const;
export type OptOutScope = (typeof OPT_OUT_SCOPES)[number];

/**
 * From this day on a revocation ends all texts, whatever it answered (47 CFR 64.1200(a)(10), whose
 * date DA 26-12 moved). In UTC, so that it begins in no state later than at home.
 */
const ALL_FROM = Date.parse("2027-01-31T00:00:00.000Z");

/**
 * The purposes that an opt-out by text ends. `answered` is the purpose of the text that it answered;
 * null where nobody can tell, which ends all of them.
 */
export function endedPurposes(
  scope: OptOutScope,
  answered: Purpose | null,
  now: Date,
): readonly Purpose[] | "all" {
  if (scope === "all" || answered === null || now.getTime() >= ALL_FROM) return "all";
  return [answered];
}
