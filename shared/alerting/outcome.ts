import type { AlertRecord } from "../messaging/records.ts";

/** What became of a request. */
export type AlertOutcome =
  | { readonly kind: "sent" }
  | { readonly kind: "failed" | "blocked"; readonly reason: string }
  | { readonly kind: "deferred"; readonly reason: string }
  | { readonly kind: "unknown" }
  | { readonly kind: "nothing" };

/** States of an alert that has not been tried. */
export const UNSENT: readonly AlertRecord["status"][] = ["queued", "deferred"];
