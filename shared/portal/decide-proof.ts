import type { Tier } from "../domain/words.ts";

/** How one part of a proof was answered. */
export type Answer = "absent" | "right" | "wrong";

/** Everything that a decision about a proof depends on. */
export interface ProofFacts {
  /** The highest tier in the thread. */
  readonly tier: Tier;
  /** The date of birth, or the PIN where the patient has one. */
  readonly secret: Answer;
  readonly code: Answer;
  /** This browser gave the right date of birth or PIN for this link within the last minutes. */
  readonly secretProvenBefore: boolean;
  /** This browser is a device that the patient had remembered. */
  readonly onRememberedDevice: boolean;
  /** The link is older than a remembered device may open without a code. */
  readonly isLinkOld: boolean;
  /** Number or date of birth were changed so lately that clinical content stays closed. */
  readonly isHeld: boolean;
}

/** A part of the proof. */
export type ProofStep = "secret" | "code";

/** What to do with a proof. */
export type ProofDecision =
  /** Nothing to count: nothing that could be right was said. */
  | { readonly kind: "refuse" }
  | { readonly kind: "miss"; readonly step: ProofStep }
  | { readonly kind: "want-code" }
  /** `tier`: the highest that the proof covers, which may be less or more than the thread's. */
  | { readonly kind: "open"; readonly tier: Tier };

/**
 * The proof that each tier needs (DESIGN §2): the link; link and date of birth or PIN; both and a code,
 * which a remembered device stands for while the link is young. What is stated must be right at every
 * tier that asks for it, and neither code nor device opens anything without the date or PIN.
 */
export function decideProof(facts: ProofFacts): ProofDecision {
  if (facts.secret === "wrong") return { kind: "miss", step: "secret" };
  if (facts.secret !== "right" && !facts.secretProvenBefore) {
    return facts.tier === 1 ? { kind: "open", tier: 1 } : { kind: "refuse" };
  }
  if (facts.isHeld) return { kind: "open", tier: 2 };
  const deviceStands = facts.onRememberedDevice && !facts.isLinkOld;
  if (facts.tier < 3) return { kind: "open", tier: deviceStands ? 3 : 2 };
  switch (facts.code) {
    case "absent":
      return deviceStands ? { kind: "open", tier: 3 } : { kind: "want-code" };
    case "wrong":
      return { kind: "miss", step: "code" };
    case "right":
      return { kind: "open", tier: 3 };
    default:
      return facts.code satisfies never;
  }
}
