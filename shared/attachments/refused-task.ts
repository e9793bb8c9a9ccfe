import type { Write } from "../audit/journal.ts";
import type { Refusal } from "../domain/attachments/kinds.ts";
import { newTask, type TaskRecord } from "../tasks/records.ts";
import type { AttachmentRecord } from "./records.ts";

/** What telling staff of a file needs. */
export interface RefusedTaskPorts {
  readonly tasks: { addTask(task: TaskRecord): Write };
  readonly newId: (prefix: "tsk", now?: Date) => string;
  readonly now: () => Date;
}

/** Whoever sent the file may sit before it still. */
const DUE_MS = 60 * 60 * 1000;

/**
 * Staff are told of a file that is part of a message and that nobody will see: the code of its refusal, or `not-arrived`
 * or `not-checked` where it is late. Null for a file that is part of none: whoever uploads it sees it by themselves.
 */
export function refusedTask(
  { newId, now }: RefusedTaskPorts,
  { patientId, threadId, messageId }: AttachmentRecord,
  reason: Refusal | "not-arrived" | "not-checked",
): TaskRecord | null {
  if (messageId === null) return null;
  const at = now();
  const dueAt = new Date(at.getTime() + DUE_MS).toISOString();
  const about = { patientId, threadId, messageId, reason };
  return newTask({ id: newId("tsk", at), kind: "attachment-refused", dueAt, ...about }, at);
}
