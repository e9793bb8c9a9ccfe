import type { Write } from "../audit/journal.ts";
import type { TaskKind } from "../domain/task-kinds.ts";
import { sealedReasons, voicesOf } from "../messaging/assess.ts";
import { secondsAfter } from "../messaging/new-alert.ts";
import type { MessageRecord, ThreadRecord } from "../messaging/records.ts";
import { replyDueAt } from "../tasks/due.ts";
import { newTask, type TaskRecord } from "../tasks/records.ts";
import type { InboundPorts } from "./ports.ts";
import type { InboundText } from "./records.ts";
import { answeredPurpose, type Owner, type Situation, writerOf } from "./situation.ts";

/** Within this somebody must have read a text of distress. */
const URGENT_SECONDS = 5 * 60;

/** Words of a text as they are kept, and where. */
export interface StoredWords {
  /** Who wrote them; null where nobody can tell. */
  readonly writer: Owner | null;
  readonly message: Omit<MessageRecord, "content">;
  /** The open task that a reply is to be answered under, whether new or open already; null where none is. */
  readonly replyTaskId: string | null;
  readonly writes: readonly Write[];
}

/** A new task about a text; what waits for no answer within office hours is due at once. */
export function inboundTask(
  { newId }: Pick<InboundPorts, "newId">,
  kind: TaskKind,
  { number, officeHours, at }: Situation,
  about: Partial<TaskRecord>,
): TaskRecord {
  const dueAt =
    kind === "urgent-reply" ? secondsAfter(at, URGENT_SECONDS) : replyDueAt(at, officeHours).toISOString();
  return newTask({ id: newId("tsk", at), kind, dueAt, numberId: number.id, ...about }, at);
}

/** The thread that the words belong to: that of the text which they answer, else the writer's newest. */
async function threadFor(
  { read, messages, newestThread }: InboundPorts,
  subject: string,
  { answered }: Situation,
): Promise<ThreadRecord | undefined> {
  if (answered !== undefined && answered.threadId !== null && answered.patientId === subject) {
    const [thread] = await read(messages.thread(subject, answered.threadId));
    if (thread !== undefined) return thread;
  }
  return newestThread(subject);
}

function threadWrites(
  { messages }: InboundPorts,
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
 * Seals what somebody wrote and puts it into a thread: the writer's, or one of the number where nobody
 * can tell who it was. `replyTask` is the task that asks for an answer, one open at a time in a thread.
 */
export async function storeWords(
  ports: InboundPorts,
  text: InboundText,
  situation: Situation,
  replyTask: TaskKind | null,
): Promise<StoredWords> {
  const { read, messages, tasks, newId } = ports;
  const { classify, version } = await ports.classifier();
  const { number, at } = situation;
  const writer = writerOf(situation);
  const subject = writer?.patient.id ?? number.id;
  const verdict = classify(text.body, { direction: "inbound" });
  const voices = voicesOf(verdict.reasons);
  const id = newId("msg", at);
  const [thread, sealed] = await Promise.all([
    threadFor(ports, subject, situation),
    ports.sealContent(subject, id, {
      tier: verdict.tier,
      // Nobody could call back without it; what the number is of stands nowhere else.
      subject: writer === null ? `Text from ${text.from}` : null,
      body: text.body,
      reference: null,
      reasons: sealedReasons({ ...verdict, voices }),
    }),
  ]);
  const message: Omit<MessageRecord, "content"> = {
    id,
    patientId: subject,
    threadId: thread?.id ?? newId("thr", at),
    alertId: null,
    purpose: answeredPurpose(situation) ?? "portal",
    tier: verdict.tier,
    sender: writer === null ? `number:${number.id}` : `patient:${subject}`,
    createdAt: at.toISOString(),
    expiresAt: null,
    receipt: {
      tier: verdict.tier,
      classifierVersion: version,
      reasonCount: verdict.reasons.length,
      voices,
      minimumTier: null,
      consentId: null,
      template: null,
      channel: null,
    },
    revokedAt: null,
  };
  const openId = thread?.replyTaskId ?? null;
  const [open] = openId === null ? [undefined] : await read(tasks.task(openId));
  const isOpen = open !== undefined && open.taskState !== "done";
  const task =
    replyTask === null || isOpen
      ? null
      : inboundTask(ports, replyTask, situation, {
          patientId: writer?.patient.id ?? null,
          messageId: id,
          threadId: message.threadId,
        });
  const replyTaskId = isOpen ? openId : (task?.id ?? null);
  return {
    writer,
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

/** What the audit trail says of stored words. */
export function wordsDetails({ message }: StoredWords) {
  return { messageId: message.id, threadId: message.threadId, receipt: { ...message.receipt } };
}
