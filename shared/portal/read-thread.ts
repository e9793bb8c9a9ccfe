import type { NamesOf } from "../attachments/shown.ts";
import { languageFor } from "../consent/preferences.ts";
import { readStates } from "../consent/states.ts";
import type { ReplyReading } from "../domain/replies/read-reply.ts";
import { isOpen, type OfficeHours } from "../tasks/due.ts";
import { MESSAGES_LOOKED_AT_MAX, TOUCH_INTERVAL_MS } from "./limits.ts";
import { type OpenMessagesPorts, openMessages } from "./open-messages.ts";
import type { ConsentStates, NewestOfThread, PortalPorts } from "./ports.ts";
import type { PortalSession } from "./records.ts";
import { gravest, readWhole } from "./reply-words.ts";
import type { ShownAttachment, ShownMessage, ShownThread } from "./shown.ts";
import { openSession } from "./standing-session.ts";
import { pageOf } from "./thread-page.ts";

/** A request to read the thread of a session. */
export interface ThreadRequest {
  readonly token: string;
  readonly cookie: string | null;
  /** A message of the thread: shows what is older than it. Null shows the newest. */
  readonly before: string | null;
  /** The page asks by itself, perhaps before nobody: that is no use of the session, and nobody has read. */
  readonly quiet?: boolean;
  readonly requestId: string;
}

/** What became of a request: `ended` whatever the reason. */
export type ThreadOutcome =
  | { readonly kind: "ended" }
  | {
      readonly kind: "shown";
      readonly thread: ShownThread;
      /** Goes back with a reply that is written on the page, so that none is taken twice. */
      readonly formId: string;
      /** What was written in this session hints at this: the page says whom to call (911, 988). */
      readonly distress: "self-harm" | "emergency" | null;
    };

/** What reading needs besides what all of the portal needs. */
export interface ReadThreadPorts extends PortalPorts, OpenMessagesPorts {
  /** What holds until the practice has settings of its own. */
  readonly officeHours: OfficeHours;
  readonly consents: ConsentStates;
  readonly newestOfThread: NewestOfThread;
  /** Names and states of attachments. */
  readonly namesOf: NamesOf;
  /** Brings what reads replies: only who has written in the session waits for it to be loaded. */
  readonly readingReplies: () => Promise<(text: string) => ReplyReading>;
  readonly newFormId: () => string;
}

/**
 * Shows a thread to an open session: a page of its messages that are not past their end and that the
 * session's proof covers, or that were written in it. The audit entry is written before a key is
 * opened; when it cannot be written this throws and nothing was read.
 */
export function createReadThread(ports: ReadThreadPorts) {
  const { read, journal, messages, portal, practice, consents, now } = ports;

  async function attachmentsOf(ids: readonly string[]) {
    const named = ids.length === 0 ? [] : await ports.namesOf(ids);
    const byId = new Map<string, ShownAttachment>(named.map((attachment) => [attachment.id, attachment]));
    return (wanted: readonly string[]) =>
      wanted.flatMap((id) => {
        const attachment = byId.get(id);
        return attachment === undefined ? [] : [attachment];
      });
  }

  /** What the words of this session hint at. */
  async function distressIn(shown: readonly ShownMessage[], { written }: PortalSession) {
    const own = shown.filter(({ id }) => written.includes(id));
    if (own.length === 0) return null;
    const readReply = await ports.readingReplies();
    return gravest(own.map(({ body }) => readWhole(readReply, body).distress));
  }

  return async ({
    token,
    cookie,
    before,
    quiet = false,
    requestId,
  }: ThreadRequest): Promise<ThreadOutcome> => {
    const standing = await openSession(ports, token, cookie);
    if (standing === undefined) return { kind: "ended" };
    const { session, link, thread, head } = standing;
    const { patientId, threadId } = session;
    const at = now();
    const [records, [settings, preferences], states] = await Promise.all([
      ports.newestOfThread(patientId, threadId, MESSAGES_LOOKED_AT_MAX, before),
      read(practice.settings(), consents.preferences(patientId)),
      readStates(read, consents, patientId, ["sms"]),
    ]);
    const { shown, earlier, moreNeedsProof } = pageOf(records, session, at);
    const newest = before === null;
    const pending = newest ? session.uploads : [];
    const attachmentIds = [...shown.flatMap((message) => message.attachmentIds), ...pending];
    const stale = !quiet && at.getTime() - Date.parse(session.lastSeenAt) >= TOUCH_INTERVAL_MS;
    // Who looks at old messages, or lacks the proof for a new one, may have missed what is new.
    const isRead = newest && !moreNeedsProof && !quiet;
    const recorded = await journal.commit(
      {
        action: "thread.read",
        actor: `patient:${patientId}`,
        role: "patient",
        patientId,
        purpose: link.purpose,
        details: {
          threadId,
          alertId: link.alertId,
          tier: session.tier,
          messageIds: shown.map(({ id }) => id),
          ...(attachmentIds.length === 0 ? {} : { attachmentIds }),
        },
        requestId,
      },
      [
        ...(isRead ? [messages.markRead(patientId, threadId, at.toISOString())] : []),
        ...(stale ? [portal.touchSession(session.hash, at.toISOString())] : []),
      ],
      head,
    );
    if (recorded.kind === "conflict") return { kind: "ended" };

    const attachments = await attachmentsOf(attachmentIds);
    const opened = await openMessages(ports, shown, session, attachments);
    const hours = settings ?? ports.officeHours;
    return {
      kind: "shown",
      thread: {
        messages: opened,
        earlier,
        newest,
        version: thread.version,
        moreNeedsProof,
        getsTexts: states.some(({ decision }) => decision === "granted"),
        language: languageFor(link, preferences),
        timeZone: hours.timeZone,
        officeHours: hours.officeHours,
        openNow: isOpen(at, hours),
        pending: attachments(pending),
      },
      formId: ports.newFormId(),
      distress: await distressIn(opened, session),
    };
  };
}

/** Shows a thread. */
export type ReadThread = ReturnType<typeof createReadThread>;
