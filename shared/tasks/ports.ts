import type { Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import type { TaskOutcome } from "../domain/task-kinds.ts";
import type { RequestMemory } from "../idempotency/idempotency.ts";
import type { NoteRecord, ThreadRecord } from "../messaging/records.ts";
import type { TaskRecord, TaskState } from "./records.ts";

/** Where a page ended: a task and its due time, which both stay whatever becomes of the task. */
export type TaskCursor = Pick<TaskRecord, "id" | "dueAt">;

/** Some tasks in order, and whether there are more behind the last of them. */
export interface TaskPage {
  readonly items: readonly TaskRecord[];
  readonly more: boolean;
}

/** Pages of tasks in one state, the first due first; of those that are done, the last due first. */
export type TasksIn = (state: TaskState, limit: number, after: TaskCursor | null) => Promise<TaskPage>;

/** Pages of open tasks that were due before `now` and are not noted as late, the first due first. */
export type OverdueTasks = (now: Date, limit: number, after: TaskCursor | null) => Promise<TaskPage>;

/** What listing tasks needs. */
export interface ListTasksPorts {
  readonly journal: Journal;
  readonly tasksIn: TasksIn;
}

/** What completing a task needs. */
export interface CompleteTaskPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly memory: RequestMemory;
  readonly tasks: {
    task(id: string): Lookup<TaskRecord>;
    completeTask(id: string, completedAt: string, completedBy: string, outcome: TaskOutcome | null): Write;
  };
  readonly messages: {
    owner(id: string): Lookup<{ readonly patientId: string }>;
    thread(patientId: string, id: string): Lookup<ThreadRecord>;
    changeThread(thread: ThreadRecord, set: Partial<ThreadRecord>): Write;
    addNote(patientId: string, note: NoteRecord): Write[];
  };
  /** Seals a note under a key that is kept with `subject`: a patient or a number. */
  readonly sealNote: (
    subject: string,
    noteId: string,
    text: string,
  ) => Promise<{ readonly content: Uint8Array; readonly keyWrite: Write }>;
  readonly newId: (prefix: "not", now?: Date) => string;
  readonly now: () => Date;
}
