/** A staff member's server-side sessions: what a token must have to be worth anything. */
export interface StaffSessions {
  readonly sessions: readonly StaffSession[];
  /** Sessions that were ended early; kept while a token of theirs could still verify. */
  readonly ended: readonly { readonly id: string; readonly endedAt: string }[];
  readonly disabled: boolean;
  readonly version: number;
}

/** One sign-in on one device. */
export interface StaffSession {
  /** The sign-in's `origin_jti`. */
  readonly id: string;
  readonly startedAt: string;
  readonly lastSeenAt: string;
}

/** What of a verified access token the session rules need. */
export interface SignIn {
  readonly id: string;
  /** When the person proved password and second factor. */
  readonly signedInAt: Date;
}

/** What to do with a call. `next` is the state to store, where it changed. */
export type SessionVerdict =
  | { readonly kind: "valid" }
  | { readonly kind: "touched"; readonly next: StaffSessions }
  | { readonly kind: "started"; readonly next: StaffSessions; readonly endedId: string | null }
  | { readonly kind: "over" };

/** Limits of staff sessions. 45 CFR 164.312(a)(2)(iii) automatic log-off; the minutes are ours. */
export const SESSION_LIMITS = {
  idleSeconds: 15 * 60,
  absoluteSeconds: 12 * 60 * 60,
  /** A session starts only within this time of the sign-in: the life of an access token. */
  startSeconds: 10 * 60,
  /** Last-seen times are written at most this often. */
  touchSeconds: 60,
  concurrent: 5,
} as const;

/** A staff member who never called yet. */
export const NO_SESSIONS: StaffSessions = { sessions: [], ended: [], disabled: false, version: 0 };

function secondsSince(time: string, now: Date): number {
  return (now.getTime() - Date.parse(time)) / 1000;
}

function isLive(session: StaffSession, now: Date): boolean {
  return (
    secondsSince(session.lastSeenAt, now) <= SESSION_LIMITS.idleSeconds &&
    secondsSince(session.startedAt, now) <= SESSION_LIMITS.absoluteSeconds
  );
}

/**
 * Judges a call with a verified token: a known live session goes on, a fresh sign-in starts one
 * (ending the oldest over the limit), everything else is over. A disabled member's is always over.
 */
export function judgeSession(state: StaffSessions, signIn: SignIn, now: Date): SessionVerdict {
  if (state.disabled) return { kind: "over" };
  if (state.ended.some(({ id }) => id === signIn.id)) return { kind: "over" };
  const known = state.sessions.find(({ id }) => id === signIn.id);
  if (known !== undefined) {
    if (!isLive(known, now)) return { kind: "over" };
    if (secondsSince(known.lastSeenAt, now) < SESSION_LIMITS.touchSeconds) return { kind: "valid" };
    const touched = { ...known, lastSeenAt: now.toISOString() };
    return {
      kind: "touched",
      next: {
        ...state,
        sessions: state.sessions.map((session) => (session.id === known.id ? touched : session)),
      },
    };
  }
  const age = (now.getTime() - signIn.signedInAt.getTime()) / 1000;
  if (age > SESSION_LIMITS.startSeconds) return { kind: "over" };
  return startSession(state, signIn, now);
}

function startSession(state: StaffSessions, signIn: SignIn, now: Date): SessionVerdict {
  const at = now.toISOString();
  const live = state.sessions.filter((session) => isLive(session, now));
  const surplus = live.length >= SESSION_LIMITS.concurrent ? live[0] : undefined;
  const kept = surplus === undefined ? live : live.slice(1);
  const gone = state.sessions.filter((session) => !kept.includes(session));
  return {
    kind: "started",
    endedId: surplus?.id ?? null,
    next: {
      ...state,
      sessions: [...kept, { id: signIn.id, startedAt: at, lastSeenAt: at }],
      // Once a sign-in is too old to start a session, an ended one needs no remembering.
      ended: [
        ...state.ended.filter(({ endedAt }) => secondsSince(endedAt, now) <= SESSION_LIMITS.startSeconds),
        ...gone.map(({ id }) => ({ id, endedAt: at })),
      ],
    },
  };
}
