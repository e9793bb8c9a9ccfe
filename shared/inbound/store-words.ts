import type { TaskKind } from "../domain/task-kinds.ts";
import { type KeptWords, keepWords } from "../messaging/keep-words.ts";
import type { ThreadRecord } from "../messaging/records.ts";
import { wordsDueAt } from "../tasks/due.ts";
import { newTask, type TaskRecord } from "../tasks/records.ts";
import type { InboundPorts } from "./ports.ts";
import type { InboundText } from "./records.ts";
import { answeredPurpose, type Owner, type Situation, writerOf } from "./situation.ts";

/** Words of a text as they are kept, and where. */
export interface StoredWords extends KeptWords {
  /** Who wrote them; null where nobody can tell. */
  readonly writer: Owner | null;
}

/** A new task about a text; what waits for no answer within office hours is due at once. */
export function inboundTask(
  { newId }: Pick<InboundPorts, "newId">,
  kind: TaskKind,
  { number, officeHours, at }: Situation,
  about: Partial<TaskRecord>,
): TaskRecord {
  const dueAt = wordsDueAt(kind, at, officeHours);
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
  const { number, at } = situation;
  const writer = writerOf(situation);
  const subject = writer?.patient.id ?? number.id;
  const kept = await keepWords(ports, {
    subject,
    sender: writer === null ? `number:${number.id}` : `patient:${subject}`,
    via: "text",
    proven: false,
    // Nobody could call back without it; what the number is of stands nowhere else.
    heading: writer === null ? `Text from ${text.from}` : null,
    body: text.body,
    attachmentIds: [],
    purpose: answeredPurpose(situation) ?? "portal",
    minimumTier: null,
    thread: await threadFor(ports, subject, situation),
    at,
    replyTask:
      replyTask === null
        ? null
        : (place) =>
            inboundTask(ports, replyTask, situation, { patientId: writer?.patient.id ?? null, ...place }),
  });
  return { writer, ...kept };
}

/** What the audit trail says of stored words. */
export function wordsDetails({ message }: StoredWords) {
  return { messageId: message.id, threadId: message.threadId, receipt: { ...message.receipt } };
}
