import type { Asking, Write } from "../audit/journal.ts";
import type { TaskKind, TaskOutcome } from "../domain/task-kinds.ts";
import { type KeyedRequest, recall, remembering, slotOf } from "../idempotency/idempotency.ts";
import type { ThreadRecord } from "../messaging/records.ts";
import type { CompleteTaskPorts } from "./ports.ts";
import type { TaskRecord } from "./records.ts";

/** What somebody says of a task that they complete. */
export interface Completion {
  readonly note?: string | undefined;
  readonly outcome?: TaskOutcome | undefined;
}

/** What came of completing a task. */
export type CompletionOutcome =
  | { readonly kind: "completed"; readonly task: TaskRecord }
  | { readonly kind: "unknown" }
  | { readonly kind: "done-already" }
  /** Nothing was done: the task has no thread whose note it could be. */
  | { readonly kind: "keeps-no-notes" }
  | { readonly kind: "idempotency-conflict" };

/** Who completes a task: the role under which it may, by the task's kind; undefined where it may not. */
export type CompletingRole = (kind: TaskKind) => Asking["role"] | undefined;

const RACES_MAX = 5;

/**
 * Completes a task once. The note may speak of anything, so it is sealed, as a note of the task's thread;
 * a task without one keeps no notes, for nobody could read them.
 */
export function createCompleteTask(ports: CompleteTaskPorts) {
  const { read, journal, memory, tasks, messages } = ports;

  async function threadOf({ threadId }: TaskRecord): Promise<ThreadRecord | undefined> {
    if (threadId === null) return undefined;
    const [owner] = await read(messages.owner(threadId));
    if (owner === undefined) return undefined;
    return (await read(messages.thread(owner.patientId, threadId)))[0];
  }

  async function noteWrites(
    { id: threadId, patientId: subject }: ThreadRecord,
    text: string,
    { author, at }: { readonly author: string; readonly at: Date },
  ): Promise<{ readonly noteId: string; readonly writes: readonly Write[] }> {
    const noteId = ports.newId("not", at);
    const { content, keyWrite } = await ports.sealNote(subject, noteId, text);
    const note = { id: noteId, threadId, author, createdAt: at.toISOString(), content };
    return { noteId, writes: [...messages.addNote(subject, note), keyWrite] };
  }

  /** Undefined when the task, its thread or the same request was faster elsewhere. */
  async function attempt(
    id: string,
    completion: Completion,
    asking: Omit<Asking, "role">,
    roleFor: CompletingRole,
    keyed: KeyedRequest | null,
  ): Promise<CompletionOutcome | undefined> {
    const [task, remembered] = await read(tasks.task(id), memory.remembered(slotOf(keyed)));
    const role = task === undefined ? undefined : roleFor(task.kind);
    if (task === undefined || role === undefined) return { kind: "unknown" };
    const known = recall<null>(keyed, remembered);
    if (known.kind === "conflict") return { kind: "idempotency-conflict" };
    // What is done stays as it is, so that it still is the first answer.
    if (known.kind === "same") return { kind: "completed", task };
    if (task.taskState === "done") return { kind: "done-already" };

    const at = ports.now();
    const thread = await threadOf(task);
    if (completion.note !== undefined && thread === undefined) return { kind: "keeps-no-notes" };
    const note =
      completion.note === undefined || thread === undefined
        ? { noteId: null, writes: [] }
        : await noteWrites(thread, completion.note, { author: asking.actor, at });
    const done = {
      taskState: "done",
      completedAt: at.toISOString(),
      completedBy: asking.actor,
      outcome: completion.outcome ?? null,
    } as const;
    const { patientId } = task;
    const outcome = await journal.commit(
      {
        ...asking,
        role,
        action: "task.completed",
        ...(patientId === null ? {} : { patientId }),
        details: {
          taskId: id,
          kind: task.kind,
          outcome: done.outcome,
          threadId: task.threadId,
          numberId: task.numberId,
          noteId: note.noteId,
        },
      },
      [
        tasks.completeTask(id, done.completedAt, done.completedBy, done.outcome),
        ...(thread?.replyTaskId === id ? [messages.changeThread(thread, { replyTaskId: null })] : []),
        ...note.writes,
        ...remembering(memory, keyed, null, at),
      ],
    );
    return outcome.kind === "committed" ? { kind: "completed", task: { ...task, ...done } } : undefined;
  }

  return async (
    id: string,
    completion: Completion,
    asking: Omit<Asking, "role">,
    roleFor: CompletingRole,
    keyed: KeyedRequest | null,
  ): Promise<CompletionOutcome> => {
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const outcome = await attempt(id, completion, asking, roleFor, keyed);
      if (outcome !== undefined) return outcome;
    }
    throw new Error("the task stayed contended; it was not completed");
  };
}
