import type { LinkRecord, LinksMark, NewestLink, PatientMarks } from "../messaging/records.ts";
import type { Switches } from "../practice/records.ts";
import { LINK_MISSES_MAX, SESSION_IDLE_MS, SESSION_LENGTH_MS } from "./limits.ts";
import type { PortalSession } from "./records.ts";

/** What can take a link's power away besides its own end. */
export interface KillSwitches {
  readonly marks: PatientMarks | undefined;
  readonly switches: Switches | undefined;
  /** When the links of the link's message were killed. */
  readonly revocation: { readonly before: string } | undefined;
  /** When the links of messages of the link's sender were killed. */
  readonly senderMark: LinksMark | undefined;
  /** When all links of the practice were killed. */
  readonly practiceMark: LinksMark | undefined;
  /** What the patient is checked against; renewed with number and date of birth. */
  readonly verifier: { readonly since: string } | undefined;
}

/** True while nobody revoked the link, it did not die of misses, and the portal is open. */
export function linkStands(link: LinkRecord, killSwitches: KillSwitches): boolean {
  if (link.diedAt !== null || link.misses >= LINK_MISSES_MAX) return false;
  return !isRevoked(link, killSwitches);
}

/** True where somebody took the link's power away, or the portal is closed. */
export function isRevoked(
  link: LinkRecord,
  { marks, switches, revocation, senderMark, practiceMark, verifier }: KillSwitches,
): boolean {
  if (switches?.portal === false) return true;
  // A link that went to an older number, or that was proved by another date, is nobody's any more.
  if (verifier === undefined || link.createdAt < verifier.since) return true;
  if ([revocation, senderMark, practiceMark].some((mark) => isBefore(link, mark))) return true;
  if (marks === undefined) return false;
  if (marks.erasedAt !== null) return true;
  return marks.linksRevokedBefore !== null && link.createdAt <= marks.linksRevokedBefore;
}

/**
 * True where a newer link of the same thread was minted: the older one can be proved no more. Sessions
 * that it opened go on, so that an answer of the practice throws no reader out.
 */
export function isSuperseded(link: LinkRecord, newest: NewestLink | undefined): boolean {
  return newest !== undefined && newest.lookup !== link.lookup && link.createdAt <= newest.createdAt;
}

function isBefore({ createdAt }: LinkRecord, mark: LinksMark | undefined): boolean {
  return mark !== undefined && createdAt <= mark.before;
}

/** True while `session` is open for the link at `linkLookup`, neither idle too long nor too old. */
export function sessionStands(session: PortalSession, linkLookup: string, now: Date): boolean {
  return (
    session.stage === "open" &&
    session.linkLookup === linkLookup &&
    now.getTime() - Date.parse(session.lastSeenAt) < SESSION_IDLE_MS &&
    now.getTime() - Date.parse(session.createdAt) < SESSION_LENGTH_MS
  );
}
