import { readStates } from "../consent/states.ts";
import type { Language, Tier } from "../domain/words.ts";
import type { MessageRecord } from "../messaging/records.ts";
import { writerOf } from "../threads/owner.ts";
import { findSession } from "./find-session.ts";
import { MESSAGES_LOOKED_AT_MAX, MESSAGES_SHOWN_MAX, TOUCH_INTERVAL_MS } from "./limits.ts";
import { linkStands } from "./link-state.ts";
import type { ConsentStates, NewestOfThread, OpenContent, PortalPorts, WrappedKeyStore } from "./ports.ts";

/** A request to read the thread of a session. */
export interface ThreadRequest {
  readonly token: string;
  readonly cookie: string | null;
  readonly requestId: string;
}

/** A message as its patient sees it. */
export interface ShownMessage {
  readonly id: string;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
  /** `patient`: what the patient texted. */
  readonly from: "patient" | "practice";
  readonly subject: string | null;
  readonly body: string;
}

/** A thread as its patient sees it. */
export interface ShownThread {
  /** Oldest first. */
  readonly messages: readonly ShownMessage[];
  /** Something in the thread needs more proof than this session gave. */
  readonly moreNeedsProof: boolean;
  /** Some text may still come: there is something to stop. */
  readonly getsTexts: boolean;
  /** The patient's language. */
  readonly language: Language;
  /** IANA name. */
  readonly timeZone: string;
}

/** What became of a request: `ended` whatever the reason. */
export type ThreadOutcome =
  | { readonly kind: "ended" }
  | { readonly kind: "shown"; readonly thread: ShownThread };

/** What reading needs besides what all of the portal needs. */
export interface ReadThreadPorts extends PortalPorts {
  /** IANA name; holds until the practice sets its own. */
  readonly practiceTimeZone: string;
  readonly consents: ConsentStates;
  readonly newestOfThread: NewestOfThread;
  readonly contentKeys: WrappedKeyStore;
  readonly openContent: OpenContent;
}

/**
 * Shows a thread to an open session: its newest messages that are not past their end and that the
 * session's proof covers. The audit entry is written before a key is opened; when it cannot be
 * written this throws and nothing was read.
 */
export function createReadThread(ports: ReadThreadPorts) {
  const { read, journal, messages, portal, practice, consents, contentKeys, now } = ports;

  /**
   * Words of messages; a message without a wrapped key was erased and stays closed. The tier that was
   * sealed with the words decides, whatever the table says by now.
   */
  async function open(records: readonly MessageRecord[], proven: Tier): Promise<ShownMessage[]> {
    const keys = await read(...records.map(({ patientId, id }) => contentKeys.wrappedKey(patientId, id)));
    const opened = await Promise.all(
      records.map(async (record, index): Promise<ShownMessage[]> => {
        const wrapped = keys[index]?.wrapped;
        if (wrapped === undefined) return [];
        const { tier, subject, body } = await ports.openContent(record, wrapped);
        if (tier > proven) return [];
        const from = writerOf(record.sender) === "patient" ? "patient" : "practice";
        return [{ id: record.id, createdAt: record.createdAt, from, subject, body }];
      }),
    );
    return opened.flat();
  }

  return async ({ token, cookie, requestId }: ThreadRequest): Promise<ThreadOutcome> => {
    if (cookie === null) return { kind: "ended" };
    const found = await findSession(ports, token, cookie);
    if (found === undefined) return { kind: "ended" };
    const { session, link } = found;
    const { patientId, threadId } = session;
    const actor = `patient:${patientId}`;
    const [[marks, revocation, verifier, switches, settings, head], states] = await Promise.all([
      read(
        messages.marks(patientId),
        messages.revocation(patientId, link.messageId),
        ports.verifiers.birthDateVerifier(patientId),
        practice.switches(),
        practice.settings(),
        journal.head({ patientId, actor }),
      ),
      readStates(read, consents, patientId, ["sms"]),
    ]);
    if (!linkStands(link, { marks, switches, revocation, verifier })) return { kind: "ended" };

    const at = now();
    const current = (await ports.newestOfThread(patientId, threadId, MESSAGES_LOOKED_AT_MAX)).filter(
      ({ expiresAt, revokedAt, sender }) =>
        revokedAt === null &&
        (expiresAt === null || Date.parse(expiresAt) > at.getTime()) &&
        // What came from a number may be somebody else's words.
        writerOf(sender) !== "number",
    );
    const shown = current
      .filter(({ tier }) => tier <= session.tier)
      .slice(0, MESSAGES_SHOWN_MAX)
      .reverse();
    const stale = at.getTime() - Date.parse(session.lastSeenAt) >= TOUCH_INTERVAL_MS;
    const recorded = await journal.commit(
      {
        action: "thread.read",
        actor,
        role: "patient",
        patientId,
        purpose: link.purpose,
        details: {
          threadId,
          alertId: link.alertId,
          tier: session.tier,
          messageIds: shown.map(({ id }) => id),
        },
        requestId,
      },
      [
        messages.markRead(patientId, threadId, at.toISOString()),
        ...(stale ? [portal.touchSession(session.hash, at.toISOString())] : []),
      ],
      head ?? null,
    );
    if (recorded.kind === "conflict") return { kind: "ended" };

    return {
      kind: "shown",
      thread: {
        messages: await open(shown, session.tier),
        moreNeedsProof: current.some(({ tier }) => tier > session.tier),
        getsTexts: states.some(({ decision }) => decision === "granted"),
        language: link.language,
        timeZone: settings?.timeZone ?? ports.practiceTimeZone,
      },
    };
  };
}

/** Shows a thread. */
export type ReadThread = ReturnType<typeof createReadThread>;
