import type { Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import { judgeSession, NO_SESSIONS, type StaffSessions } from "./sessions.ts";
import type { Identity } from "./tokens.ts";

/** What admitting a caller needs. */
export interface AdmitPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly staff: {
    staffSessions(actor: string): Lookup<StaffSessions>;
    setStaffSessions(actor: string, sessions: StaffSessions): Write;
  };
  /** Writes without an audit entry: only for a last-seen time. */
  readonly touch: (actor: string, sessions: StaffSessions) => Promise<void>;
  readonly now: () => Date;
}

/**
 * True when the caller's server-side session lives; starts it on a fresh sign-in, on record.
 * `requestId` is Lambda's for the call: API Gateway gives a token authorizer none of its own.
 */
export type Admit = (identity: Identity, requestId: string) => Promise<boolean>;

const ATTEMPTS_MAX = 12;
const PAUSE_MS_MAX = 500;

/** Admits callers by the session rules of {@link judgeSession}. */
export function createAdmit(ports: AdmitPorts): Admit {
  const { read, journal, staff, touch, now } = ports;
  return async ({ actor, roles, signIn }, requestId) => {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const state = (await read(staff.staffSessions(actor)))[0] ?? NO_SESSIONS;
      if (signIn === null) return !state.disabled;
      const verdict = judgeSession(state, signIn, now());
      if (verdict.kind === "over") return false;
      if (verdict.kind === "valid") return true;
      if (verdict.kind === "touched") {
        await touch(actor, verdict.next);
        return true;
      }
      const outcome = await journal.commit(
        {
          action: "session.started",
          actor,
          role: roles[0] ?? "none",
          requestId,
          details: { replacedOldest: verdict.endedId !== null },
        },
        [staff.setStaffSessions(actor, verdict.next)],
      );
      if (outcome.kind === "committed") return true;
      // Sign-ins of one person at once change one item: a random pause lets them take turns.
      const pauseMs = Math.random() * Math.min(PAUSE_MS_MAX, 20 * 2 ** attempt);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    throw new Error("the staff session stayed contended");
  };
}
