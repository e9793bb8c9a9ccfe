import type { LinkRecord, PatientMarks } from "../messaging/records.ts";
import type { Switches } from "../practice/records.ts";
import { LINK_MISSES_MAX, SESSION_IDLE_MS, SESSION_LENGTH_MS } from "./limits.ts";
import type { PortalSession } from "./records.ts";

/** What can take a link's power away besides its own end. */
export interface KillSwitches {
  readonly marks: PatientMarks | undefined;
  readonly switches: Switches | undefined;
  /** When the links of the link's message were killed. */
  readonly revocation: { readonly before: string } | undefined;
  /** What the patient is checked against; renewed with number and date of birth. */
  readonly verifier: { readonly since: string } | undefined;
}

/** True while nobody revoked the link, it did not die of misses, and the portal is open. */
export function linkStands(
  link: LinkRecord,
  { marks, switches, revocation, verifier }: KillSwitches,
): boolean {
  if (link.diedAt !== null || link.misses >= LINK_MISSES_MAX) return false;
  if (switches?.portal === false) return false;
  // A link that went to an older number, or that was proved by another date, is nobody's any more.
  if (verifier === undefined || link.createdAt < verifier.since) return false;
  if (revocation !== undefined && link.createdAt <= revocation.before) return false;
  if (marks === undefined) return true;
  if (marks.erasedAt !== null) return false;
  return marks.linksRevokedBefore === null || link.createdAt > marks.linksRevokedBefore;
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
