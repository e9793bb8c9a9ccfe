import { SESSION_LENGTH_MS } from "./limits.ts";
import type { PortalPorts } from "./ports.ts";
import { openSession } from "./standing-session.ts";

/** What a page that is open asks for again and again. */
export interface VersionOfThread {
  readonly version: number;
  /** Whole seconds until the session ends however busy it is. */
  readonly secondsLeft: number;
}

/**
 * The version of the thread of an open session; undefined where the session is over. Opens nothing, and
 * writes nothing: a page that asks every few seconds keeps no session open.
 */
export function createThreadVersion(ports: PortalPorts) {
  return async (token: string, cookie: string | null): Promise<VersionOfThread | undefined> => {
    const standing = await openSession(ports, token, cookie);
    if (standing === undefined) return undefined;
    const { session, thread } = standing;
    const endsAt = Date.parse(session.createdAt) + SESSION_LENGTH_MS;
    return {
      version: thread.version,
      secondsLeft: Math.max(0, Math.floor((endsAt - ports.now().getTime()) / 1000)),
    };
  };
}

/** Tells a thread's version, and how long its session may last. */
export type ThreadVersion = ReturnType<typeof createThreadVersion>;
