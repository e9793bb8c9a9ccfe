import type { ChainHead } from "../audit/journal.ts";
import type { LinkRecord, ThreadRecord } from "../messaging/records.ts";
import { findSession } from "./find-session.ts";
import { killSwitchesOf, killSwitchLookups } from "./kill-switches.ts";
import { linkStands } from "./link-state.ts";
import { isProofOutdated } from "./pin-verifier.ts";
import type { PortalPorts } from "./ports.ts";
import type { PortalSession, RememberedDevices } from "./records.ts";

/** A request of a session. */
export interface SessionRequest {
  readonly token: string;
  readonly cookie: string | null;
  readonly requestId: string;
}

/** A session that may act now, and what an entry about it needs. */
export interface StandingSession {
  readonly session: PortalSession;
  readonly link: LinkRecord;
  /** The thread that it shows. */
  readonly thread: ThreadRecord;
  /** The head of the patient's chain, as read with the kill switches. */
  readonly head: ChainHead | null;
}

/**
 * The open session of a cookie for exactly the link that `token` is, while no kill switch speaks against
 * it. Undefined for everything else, whatever the reason: no cookie, idle too long, locked, revoked,
 * proven before the PIN was set.
 * Writes nothing. A link that is past its end or superseded keeps the sessions that it opened.
 */
export async function openSession(
  ports: Pick<
    PortalPorts,
    "read" | "journal" | "messages" | "portal" | "practice" | "verifiers" | "linkKeys" | "proofMac" | "now"
  >,
  token: string,
  cookie: string | null,
): Promise<StandingSession | undefined> {
  if (cookie === null) return undefined;
  const found = await findSession(ports, token, cookie);
  if (found === undefined) return undefined;
  const { session, link } = found;
  const { patientId } = session;
  const [pin, remembered, thread, head, ...switched] = await ports.read(
    ports.verifiers.pinVerifier(patientId),
    ports.portal.devices(patientId),
    ports.messages.thread(patientId, session.threadId),
    ports.journal.head({ patientId, actor: `patient:${patientId}` }),
    ...killSwitchLookups(ports, patientId, link),
  );
  if (isDeviceForgotten(session, remembered) || isProofOutdated(session, pin) || thread === undefined) {
    return undefined;
  }
  return linkStands(link, killSwitchesOf(switched))
    ? { session, link, thread, head: head ?? null }
    : undefined;
}

/** A device that was forgotten takes the sessions that were opened on it along. */
export function isDeviceForgotten(
  { deviceHash }: PortalSession,
  remembered: RememberedDevices | undefined,
): boolean {
  return deviceHash !== null && remembered?.devices.some(({ hash }) => hash === deviceHash) !== true;
}
