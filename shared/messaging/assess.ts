import type { Reading } from "../domain/second-reader/reading.ts";
import type { Tier } from "../domain/words.ts";
import type { Classify, Verdict } from "./ports.ts";
import type { SealedReason } from "./records.ts";

/** What the classifier says of a message and what tier it gets. */
export interface Assessment {
  readonly tier: Tier;
  /** Reasons with offsets into the body; those of the subject come with offset 0–0. */
  readonly reasons: Verdict["reasons"];
  readonly voices: readonly string[];
  /** What came of the second reader, where there is one and it had a part. */
  readonly reading?: Reading;
}

type MessageReason = Assessment["reasons"][number];

const SUBJECT_RULE_PREFIX = "subject:";

function highest(...tiers: readonly Tier[]): Tier {
  return tiers.reduce((high, tier) => (tier > high ? tier : high), 1);
}

/** A reason of the subject: marked as such, and without offsets, which are into the body. */
export function ofSubject(reason: MessageReason): MessageReason {
  return { ...reason, rule: `${SUBJECT_RULE_PREFIX}${reason.rule}`, start: 0, end: 0 };
}

/** Every voice that gave one of the reasons, once. */
export function voicesOf(reasons: readonly MessageReason[]): readonly string[] {
  return [...new Set(reasons.map(({ via }) => via))].sort();
}

/**
 * The tier of a message: the highest of body, subject and what the caller asked for at least; with files, which nobody
 * has classified, it is clinical. Nobody lowers it here (DESIGN §2).
 */
export function assess(
  classify: Classify,
  words: {
    readonly subject?: string | undefined;
    readonly body: string;
    readonly attachments?: readonly string[] | undefined;
  },
  minimumTier: Tier | undefined,
): Assessment {
  const body = classify(words.body, { direction: "outbound" });
  const subject =
    words.subject === undefined ? undefined : classify(words.subject, { direction: "outbound" });
  const reasons = [...body.reasons, ...(subject?.reasons ?? []).map(ofSubject)];
  const hasFiles = words.attachments !== undefined && words.attachments.length > 0;
  return {
    tier: hasFiles ? 3 : highest(body.tier, subject?.tier ?? 1, minimumTier ?? 1),
    reasons,
    voices: hasFiles ? ["attachment", ...voicesOf(reasons)] : voicesOf(reasons),
  };
}

/** The part of the reasons that is kept, sealed with the body. */
export function sealedReasons(assessment: Assessment): SealedReason[] {
  return assessment.reasons.map(({ rule, category, start, end }) => ({
    rule,
    category,
    start,
    end,
  }));
}
