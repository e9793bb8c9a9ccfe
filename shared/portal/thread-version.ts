import type { PortalPorts } from "./ports.ts";
import { openSession } from "./standing-session.ts";

/**
 * The version of the thread of an open session; undefined where the session is over. Opens nothing, and
 * writes nothing: a page that asks every few seconds keeps no session open.
 */
export function createThreadVersion(ports: PortalPorts) {
  return async (token: string, cookie: string | null): Promise<number | undefined> =>
    (await openSession(ports, token, cookie))?.thread.version;
}

/** Tells a thread's version. */
export type ThreadVersion = ReturnType<typeof createThreadVersion>;
