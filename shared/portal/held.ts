import { HOLD_MS } from "./limits.ts";

/**
 * True while number or date of birth were changed less than a day ago: whoever talked a desk into that must
 * not profit from it at once.
 */
export function isHeld(verifier: { readonly changedAt: string | null } | undefined, at: Date): boolean {
  const changedAt = verifier?.changedAt ?? null;
  return changedAt !== null && at.getTime() - Date.parse(changedAt) < HOLD_MS;
}
