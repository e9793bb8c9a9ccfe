import type { Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import type { Purpose, Tier } from "../domain/words.ts";
import type { TaskRecord } from "../tasks/records.ts";
import { sealedReasons, voicesOf } from "./assess.ts";
import type { Classify, MessageStore, SealContent } from "./ports.ts";
import type { MessageRecord, ThreadRecord } from "./records.ts";

/** What keeping words needs: they are sealed, and cannot be read again. */
export interface KeepWordsPorts {
  readonly read: ReadSnapshot;
  readonly messages: Pick<MessageStore, "addMessage" | "addThread" | "changeThread">;
  readonly tasks: { task(id: string): Lookup<TaskRecord>; addTask(task: TaskRecord): Write };
  /** Brings the classifier: only who has words to keep waits for it to be loaded. */
  readonly classifier: () => Promise<{ readonly classify: Classify; readonly version: string }>;
  readonly sealContent: SealContent;
  readonly newId: (prefix: "msg" | "thr", now?: Date) => string;
}

/** Where words that are kept stand. */
export type WordsPlace = Pick<MessageRecord, "threadId"> & { readonly messageId: string };

/** What somebody wrote to the practice. */
export interface WrittenWords {
  /** Under whom they are kept: `pat_…`, or `nbr_…` where nobody can tell who wrote. */
  readonly subject: string;
  readonly sender: string;
  readonly via: "portal" | "text";
  /** The date of birth or PIN was given for the session that they were written in. */
  readonly proven: boolean;
  readonly heading: string | null;
  readonly body: string;
  readonly attachmentIds: readonly string[];
  readonly purpose: Purpose;
  /** No lower tier than this, whatever the words say. */
  readonly minimumTier: Tier | null;
  /** The thread that they belong to; undefined makes a new one. */
  readonly thread: ThreadRecord | undefined;
  readonly at: Date;
  /** The task that asks for an answer; null where none shall. One is open at a time in a thread. */
  readonly replyTask: ((place: WordsPlace) => TaskRecord) | null;
}

/** Words as they are kept, with what keeps them. */
export interface KeptWords {
  readonly message: Omit<MessageRecord, "content">;
  /** The open task that they are to be answered under, whether new or open already; null where none is. */
  readonly replyTaskId: string | null;
  readonly writes: readonly Write[];
}

function threadWrites(
  { messages }: KeepWordsPorts,
  thread: ThreadRecord | undefined,
  message: Omit<MessageRecord, "content">,
  replyTaskId: string | null,
): readonly Write[] {
  const { threadId, patientId, tier, createdAt } = message;
  if (thread === undefined) {
    return messages.addThread({
      id: threadId,
      patientId,
      threadState: "waiting",
      stateSince: createdAt,
      assignee: null,
      highestTier: tier,
      createdAt,
      replyTaskId,
      version: 1,
    });
  }
  return [
    messages.changeThread(thread, {
      threadState: "waiting",
      // One that waits already has waited since then.
      stateSince: thread.threadState === "waiting" ? thread.stateSince : createdAt,
      highestTier: thread.highestTier > tier ? thread.highestTier : tier,
      replyTaskId,
    }),
  ];
}

/**
 * Classifies and seals what a patient wrote, by text or in the portal, and puts it into its thread, which
 * waits for an answer from then on. Nothing is written yet: `writes` go with the caller's audit entry.
 */
export async function keepWords(ports: KeepWordsPorts, words: WrittenWords): Promise<KeptWords> {
  const { read, messages, tasks, newId } = ports;
  const { subject, thread, at, body, minimumTier } = words;
  const { classify, version } = await ports.classifier();
  const verdict = classify(body, { direction: "inbound" });
  const tier = minimumTier !== null && minimumTier > verdict.tier ? minimumTier : verdict.tier;
  const voices = voicesOf(verdict.reasons);
  const id = newId("msg", at);
  const openId = thread?.replyTaskId ?? null;
  const [sealed, [open]] = await Promise.all([
    ports.sealContent(subject, id, {
      tier,
      subject: words.heading,
      body,
      reference: null,
      reasons: sealedReasons({ ...verdict, voices }),
    }),
    openId === null ? [undefined] : read(tasks.task(openId)),
  ]);
  const message: Omit<MessageRecord, "content"> = {
    id,
    patientId: subject,
    threadId: thread?.id ?? newId("thr", at),
    alertId: null,
    purpose: words.purpose,
    tier,
    sender: words.sender,
    createdAt: at.toISOString(),
    expiresAt: null,
    receipt: {
      tier,
      classifierVersion: version,
      reasonCount: verdict.reasons.length,
      voices,
      minimumTier,
      consentId: null,
      template: null,
      channel: null,
    },
    revokedAt: null,
    via: words.via,
    proven: words.proven,
    seenAt: null,
    attachmentIds: words.attachmentIds,
  };
  const isOpen = open !== undefined && open.taskState !== "done";
  const task = isOpen ? null : (words.replyTask?.({ messageId: id, threadId: message.threadId }) ?? null);
  const replyTaskId = isOpen ? openId : (task?.id ?? null);
  return {
    message,
    replyTaskId,
    writes: [
      ...messages.addMessage({ ...message, content: sealed.content }),
      ...threadWrites(ports, thread, message, replyTaskId),
      sealed.keyWrite,
      ...(task === null ? [] : [tasks.addTask(task)]),
    ],
  };
}
