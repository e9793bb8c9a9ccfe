import type { Tier } from "../domain/words.ts";

/** How one part of a proof was answered. */
export type Answer = "absent" | "right" | "wrong";

/** Everything that a decision about a proof depends on. */
export interface ProofFacts {
  /** The highest tier in the thread. */
  readonly tier: Tier;
  readonly birthDate: Answer;
  readonly code: Answer;
  /** This browser gave the right date of birth for this link within the last minutes. */
  readonly birthDateProvenBefore: boolean;
}

/** A part of the proof. */
export type ProofStep = "birthDate" | "code";

/** What to do with a proof. */
export type ProofDecision =
  /** Nothing to count: a dead link, or nothing that could be right was said. */
  | { readonly kind: "refuse" }
  | { readonly kind: "miss"; readonly step: ProofStep }
  | { readonly kind: "want-code" }
  | { readonly kind: "open" };

/**
 * The proof that each tier needs (DESIGN §2): the link; link and date of birth; link, date of birth
 * and code. A date that is stated must be right at every tier, and a code never opens anything
 * without the date.
 */
export function decideProof(facts: ProofFacts): ProofDecision {
  if (facts.birthDate === "wrong") return { kind: "miss", step: "birthDate" };
  if (facts.tier === 1) return { kind: "open" };
  const birthDateProven = facts.birthDate === "right" || facts.birthDateProvenBefore;
  if (!birthDateProven) return { kind: "refuse" };
  if (facts.tier === 2) return { kind: "open" };
  switch (facts.code) {
    case "absent":
      return { kind: "want-code" };
    case "wrong":
      return { kind: "miss", step: "code" };
    case "right":
      return { kind: "open" };
    default:
      return facts.code satisfies never;
  }
}
