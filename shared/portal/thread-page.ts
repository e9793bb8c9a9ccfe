import type { MessageRecord } from "../messaging/records.ts";
import { writerOf } from "../threads/owner.ts";
import { MESSAGES_LOOKED_AT_MAX, MESSAGES_SHOWN_MAX } from "./limits.ts";
import type { PortalSession } from "./records.ts";

/** What a session may see of a stretch of a thread. */
export interface PageOfThread {
  /** Oldest first. */
  readonly shown: readonly MessageRecord[];
  /** The message before which an older page ends; null: there is nothing older. */
  readonly earlier: string | null;
  readonly moreNeedsProof: boolean;
}

/** True for what the session's proof covers, and for what was written in it. */
export function isCovered(
  { id, tier }: Pick<MessageRecord, "id" | "tier">,
  session: Pick<PortalSession, "tier" | "written">,
): boolean {
  return tier <= session.tier || session.written.includes(id);
}

/**
 * Picks a page from the newest messages of a thread, or from the newest before one of it (`records`,
 * newest first, at most {@link MESSAGES_LOOKED_AT_MAX}): nothing revoked, nothing past its end, and
 * nothing of a number that may be somebody else's.
 */
export function pageOf(
  records: readonly MessageRecord[],
  session: Pick<PortalSession, "tier" | "written">,
  now: Date,
): PageOfThread {
  const current = records.filter(
    ({ expiresAt, revokedAt, sender }) =>
      revokedAt === null &&
      (expiresAt === null || Date.parse(expiresAt) > now.getTime()) &&
      writerOf(sender) !== "number",
  );
  const covered = current.filter((message) => isCovered(message, session));
  const shown = covered.slice(0, MESSAGES_SHOWN_MAX);
  const goesOn = covered.length > shown.length || records.length >= MESSAGES_LOOKED_AT_MAX;
  const last = covered.length > shown.length ? shown.at(-1) : records.at(-1);
  return {
    shown: shown.toReversed(),
    earlier: goesOn ? (last?.id ?? null) : null,
    moreNeedsProof: current.some((message) => !isCovered(message, session)),
  };
}
