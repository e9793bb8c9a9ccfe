import type { Asking, Journal, ReadSnapshot } from "../audit/journal.ts";
import {
  type KeyedRequest,
  type RequestMemory,
  recall,
  remembering,
  slotOf,
} from "../idempotency/idempotency.ts";

/** What a reviewer may remark; no free text, which could tell of patients. */
export const REVIEW_REMARKS = [
  "nothing-unusual",
  "followed-up",
  "incident-opened",
  "training-planned",
] as const;
export type ReviewRemark = (typeof REVIEW_REMARKS)[number];

/** A review that somebody made and stands for. */
export interface SignedReview {
  /** `YYYY-MM`. */
  readonly month: string;
  /** Hex SHA-256 of what the report says, as it stands on it. */
  readonly sha256: string;
  readonly remark?: ReviewRemark | undefined;
}

/** What signing needs. */
export interface SignOffPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly memory: RequestMemory;
  readonly now: () => Date;
}

/** What came of signing. */
export type SignOffOutcome =
  | { readonly kind: "signed"; readonly at: string }
  | { readonly kind: "idempotency-conflict" };

/** Records that a month's access review was made (45 CFR 164.308(a)(1)(ii)(D)), in the reviewer's own chain. */
export function createSignOff({ read, journal, memory, now }: SignOffPorts) {
  return async (
    { month, sha256, remark }: SignedReview,
    asking: Asking,
    keyed: KeyedRequest | null,
  ): Promise<SignOffOutcome> => {
    const [remembered] = await read(memory.remembered(slotOf(keyed)));
    const known = recall<{ readonly at: string }>(keyed, remembered);
    if (known.kind === "conflict") return { kind: "idempotency-conflict" };
    if (known.kind === "same") return { kind: "signed", at: known.answer.at };
    const at = now();
    const answer = { at: at.toISOString() };
    const outcome = await journal.commit(
      {
        ...asking,
        action: "access-review.signed-off",
        details: { month, sha256, ...(remark === undefined ? {} : { remark }) },
      },
      remembering(memory, keyed, answer, at),
    );
    if (outcome.kind === "committed") return { kind: "signed", ...answer };
    // The same key was used at the same time.
    const [other] = await read(memory.remembered(slotOf(keyed)));
    const first = recall<{ readonly at: string }>(keyed, other);
    if (first.kind === "same") return { kind: "signed", at: first.answer.at };
    return { kind: "idempotency-conflict" };
  };
}
