import { type Binding, bindAttachments } from "../attachments/bind.ts";
import type { AttachmentRecord } from "../attachments/records.ts";
import type { ReplyReading } from "../domain/replies/read-reply.ts";
import { keepWords } from "../messaging/keep-words.ts";
import type { PracticeSettings } from "../practice/records.ts";
import { DAILY_REPLIES_MAX, SESSION_LENGTH_MS, SESSION_REPLIES_MAX } from "./limits.ts";
import type { PortalSession } from "./records.ts";
import type { ReplyPorts } from "./reply-ports.ts";
import { extraTasks, replyTask, wantsAnswer } from "./reply-tasks.ts";
import { plainReply, problemWith, readWhole } from "./reply-words.ts";
import type { ReplyProblem } from "./shown.ts";
import { openSession, type StandingSession } from "./standing-session.ts";

/** What a patient writes in an open session. */
export interface ReplyRequest {
  readonly token: string;
  readonly cookie: string | null;
  readonly requestId: string;
  /** Of the page that it was written on. */
  readonly formId: string;
  readonly body: string;
  readonly attachmentIds: readonly string[];
}

/** What became of a reply. `written` also where the same form brought it before. */
export type ReplyOutcome =
  | { readonly kind: "ended" }
  | { readonly kind: "written" }
  | { readonly kind: "refused"; readonly problem: ReplyProblem };

/** A reply whose words alone speak for themselves. */
interface Draft {
  readonly body: string;
  readonly attachmentIds: readonly string[];
  readonly formId: string;
  readonly reading: ReplyReading;
}

/** What was read to judge a draft. */
interface Grounds {
  readonly taken: { readonly messageId: string } | undefined;
  readonly today: { readonly count: number } | undefined;
  readonly settings: PracticeSettings | undefined;
  readonly binding: Binding;
}

/** The tier of what nobody and nothing has classified, such as a photo (DESIGN §2). */
const UNCLASSIFIED = 3;
/** As many replies as a session may send, all at once: each that is taken sends the others round again. */
const RACES_MAX = SESSION_REPLIES_MAX + 5;

/** True for what was uploaded in this session and may be seen. */
function fitsReply({ uploads }: PortalSession) {
  return ({ id, state }: AttachmentRecord) => state === "ready" && uploads.includes(id);
}

const NOTHING_TO_BIND: Binding = { kind: "bindable", writes: () => [] };

/**
 * Takes what a patient writes in an open session, whatever the session's proof covers: writing shows
 * nothing of what others wrote. Words, session, tasks and the audit entry are one transaction, once per
 * form and words however often they are posted. Words that ask for no more texts end them first, as the
 * stop button does.
 */
export function createReply(ports: ReplyPorts) {
  const { read, journal, replies, attachments, practice, tasks, proofMac, newId, now } = ports;

  /** Under the link, since a step up gives another session; null without a form, when nothing tells two apart. */
  async function slotOf(
    session: PortalSession,
    { formId, body, attachmentIds }: Draft,
  ): Promise<string | null> {
    if (formId === "") return null;
    const mac = await proofMac("reply", session.linkLookup, formId, body, attachmentIds.join(" "));
    return Buffer.from(mac).toString("base64url");
  }

  async function groundsOf(session: PortalSession, slot: string | null, day: string, ids: readonly string[]) {
    const [[taken], [today, settings], binding] = await Promise.all([
      slot === null ? [undefined] : read(replies.takenReply(session.linkLookup, slot)),
      read(replies.dailyReplies(session.patientId, day), practice.settings()),
      ids.length === 0 ? NOTHING_TO_BIND : bindAttachments({ read, attachments }, ids, fitsReply(session)),
    ]);
    return { taken, today, settings, binding } satisfies Grounds;
  }

  function problemOf({ session }: StandingSession, { body, attachmentIds }: Draft, grounds: Grounds) {
    const problem = problemWith(body, attachmentIds.length);
    if (problem !== null) return problem;
    const { written } = session;
    if (written.length >= SESSION_REPLIES_MAX || (grounds.today?.count ?? 0) >= DAILY_REPLIES_MAX) {
      return "too-many";
    }
    return grounds.binding.kind === "bindable" ? null : "attachment-not-ready";
  }

  /** False where something had changed since it was read. */
  async function write(
    { session, link, thread, head }: StandingSession,
    { body, attachmentIds, reading }: Draft,
    { slot, day, grounds }: { readonly slot: string | null; readonly day: string; readonly grounds: Grounds },
    { at, requestId }: { readonly at: Date; readonly requestId: string },
  ): Promise<boolean> {
    const { patientId, threadId } = session;
    const actor = `patient:${patientId}`;
    const when = { at, hours: grounds.settings ?? ports.officeHours };
    const { message, writes } = await keepWords(ports, {
      subject: patientId,
      sender: actor,
      via: "portal",
      proven: session.birthDateProven,
      heading: null,
      body,
      attachmentIds,
      purpose: link.purpose,
      minimumTier: attachmentIds.length === 0 ? null : UNCLASSIFIED,
      thread,
      at,
      replyTask: wantsAnswer(reading)
        ? (place) => replyTask(newId, "reply", { patientId, ...place }, when)
        : null,
    });
    const about = { patientId, threadId, messageId: message.id };
    const asked = extraTasks(reading).map((kind) => replyTask(newId, kind, about, when));
    const bound = grounds.binding.kind === "bindable" ? grounds.binding.writes(about) : [];
    const outcome = await journal.commit(
      {
        action: "reply.written",
        actor,
        role: "patient",
        patientId,
        purpose: link.purpose,
        details: {
          threadId,
          messageId: message.id,
          proven: session.birthDateProven,
          receipt: { ...message.receipt },
          ...(attachmentIds.length === 0 ? {} : { attachmentIds: [...attachmentIds] }),
          ...(asked.length === 0 ? {} : { taskIds: asked.map(({ id }) => id) }),
        },
        requestId,
      },
      [
        ...writes,
        ...asked.map((task) => tasks.addTask(task)),
        ...bound,
        ...(slot === null
          ? []
          : [
              replies.takeReply(
                session.linkLookup,
                slot,
                message.id,
                new Date(at.getTime() + SESSION_LENGTH_MS),
              ),
            ]),
        replies.setDailyReplies(patientId, day, grounds.today, (grounds.today?.count ?? 0) + 1),
        replies.noteReply(session, {
          written: [...session.written, message.id],
          uploads: session.uploads.filter((id) => !attachmentIds.includes(id)),
          lastSeenAt: at.toISOString(),
        }),
      ],
      head,
    );
    return outcome.kind === "committed";
  }

  return async (request: ReplyRequest): Promise<ReplyOutcome> => {
    const { token, cookie, requestId, formId } = request;
    const body = plainReply(request.body);
    const attachmentIds = [...new Set(request.attachmentIds)];
    let draft: Draft | undefined;
    let stopped = false;
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const standing = await openSession(ports, token, cookie);
      if (standing === undefined) return { kind: "ended" };
      const { session } = standing;
      draft ??= { body, attachmentIds, formId, reading: readWhole(await ports.readingReplies(), body) };
      const at = now();
      const day = at.toISOString().slice(0, 10);
      const slot = await slotOf(session, draft);
      const grounds = await groundsOf(session, slot, day, attachmentIds);
      if (grounds.taken !== undefined) return { kind: "written" };
      const problem = problemOf(standing, draft, grounds);
      if (problem !== null) return { kind: "refused", problem };
      if (draft.reading.revokes !== null && !stopped) {
        stopped = true;
        if ((await ports.stopTexts({ token, cookie, requestId })) === "ended") return { kind: "ended" };
      }
      if (await write(standing, draft, { slot, day, grounds }, { at, requestId })) return { kind: "written" };
    }
    throw new Error("the thread stayed contended; the reply was not taken");
  };
}

/** Takes a reply. */
export type Reply = ReturnType<typeof createReply>;
