import type { LinkRecord } from "../messaging/records.ts";
import { claimLink } from "./link-claim.ts";
import { sessionStands } from "./link-state.ts";
import type { PortalPorts } from "./ports.ts";
import type { PortalSession } from "./records.ts";
import { sessionKey } from "./secrets.ts";

/** An open session with the link it was opened with. */
export interface FoundSession {
  readonly session: PortalSession;
  readonly link: LinkRecord;
}

/**
 * The open session of a cookie for exactly the link that `token` is; undefined when there is none.
 * Kill switches are the caller's to compare.
 */
export async function findSession(
  ports: Pick<PortalPorts, "read" | "messages" | "portal" | "linkKeys" | "proofMac" | "now">,
  token: string,
  cookie: string,
): Promise<FoundSession | undefined> {
  const [{ lookup }, hash] = await Promise.all([
    claimLink(token, ports.linkKeys),
    sessionKey(ports.proofMac, cookie),
  ]);
  const [session, link] = await ports.read(ports.portal.session(hash), ports.messages.link(lookup));
  if (session === undefined || link === undefined) return undefined;
  return sessionStands(session, lookup, ports.now()) ? { session, link } : undefined;
}
