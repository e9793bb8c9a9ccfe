import type { ReplyReading } from "../domain/replies/read-reply.ts";
import type { TaskKind } from "../domain/task-kinds.ts";
import { type OfficeHours, wordsDueAt } from "../tasks/due.ts";
import { newTask, type TaskRecord } from "../tasks/records.ts";

/** What staff are asked to do about a reply besides answering it. */
export function extraTasks({ distress, revokes, wrongNumber }: ReplyReading): readonly TaskKind[] {
  const kinds: TaskKind[] = distress === null ? [] : ["urgent-reply"];
  if (wrongNumber) kinds.push("wrong-number");
  else if (revokes === "words") kinds.push("opt-out-review");
  return kinds;
}

/** True where somebody is to answer: a bare STOP wants no answer, and words of distress have a task of their own. */
export function wantsAnswer({ distress, revokes }: ReplyReading): boolean {
  return distress === null && revokes !== "keyword";
}

/** A new task about a reply. */
export function replyTask(
  newId: (prefix: "tsk", now?: Date) => string,
  kind: TaskKind,
  about: Pick<TaskRecord, "patientId" | "messageId" | "threadId">,
  { at, hours }: { readonly at: Date; readonly hours: OfficeHours },
): TaskRecord {
  return newTask({ id: newId("tsk", at), kind, dueAt: wordsDueAt(kind, at, hours), ...about }, at);
}
