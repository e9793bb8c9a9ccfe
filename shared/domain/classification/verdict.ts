import type { Reason } from "./categories.ts";

/** Who wrote the text: the practice (outbound) or the patient (inbound). */
export type Direction = "outbound" | "inbound";

/** The verdict on a text: 1 administrative, 2 notification, 3 clinical. Above 1 there is at least one reason. */
export type Classification = {
  readonly tier: 1 | 2 | 3;
  /** How sure the verdict is, from 0 to 1. */
  readonly confidence: number;
  readonly reasons: readonly Reason[];
};
