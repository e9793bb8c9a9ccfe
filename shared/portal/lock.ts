import { findSession } from "./find-session.ts";
import type { PortalPorts } from "./ports.ts";

/** A request to end a session. */
export interface LockRequest {
  readonly token: string;
  readonly cookie: string | null;
  readonly requestId: string;
}

/**
 * Ends the session of a cookie at once; does nothing, and says false, where the link has no such session: the cookie may
 * be that of another link, open in another tab.
 */
export function createLock(ports: PortalPorts) {
  return async ({ token, cookie, requestId }: LockRequest): Promise<boolean> => {
    if (cookie === null) return false;
    const found = await findSession(ports, token, cookie);
    if (found === undefined) return false;
    const { session, link } = found;
    await ports.journal.commit(
      {
        action: "session.locked",
        actor: `patient:${session.patientId}`,
        role: "patient",
        patientId: session.patientId,
        purpose: link.purpose,
        details: { threadId: session.threadId, messageId: link.messageId },
        requestId,
      },
      [ports.portal.endSession(session.hash)],
    );
    return true;
  };
}

/** Ends a session. */
export type Lock = ReturnType<typeof createLock>;
