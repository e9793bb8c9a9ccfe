import type { Reason } from "./categories.ts";

/** Who wrote the text: the practice (outbound) or the patient (inbound). */
export type Direction = "outbound" | "inbound";

/** The verdict on a text: 1 administrative, 2 notification, 3 clinical. Above 1 there is at least one reason. */
export type Classification = {
  readonly tier: 1 | 2 | 3;
  /**
   * The share of such verdicts (tier 3, or not) that are right, from 0 to 1. It may be low for tier 3: when in doubt, a
   * text is called clinical.
   */
  readonly confidence: number;
  readonly reasons: readonly Reason[];
};
