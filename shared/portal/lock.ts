import { findSession } from "./find-session.ts";
import type { PortalPorts } from "./ports.ts";

/** A request to end a session. */
export interface LockRequest {
  readonly token: string;
  readonly cookie: string | null;
  readonly requestId: string;
}

/** Ends the session of a cookie at once; does nothing when there is none. */
export function createLock(ports: PortalPorts) {
  return async ({ token, cookie, requestId }: LockRequest): Promise<void> => {
    if (cookie === null) return;
    const found = await findSession(ports, token, cookie);
    if (found === undefined) return;
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
  };
}

/** Ends a session. */
export type Lock = ReturnType<typeof createLock>;
