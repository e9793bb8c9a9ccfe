import type { TaskKind, TaskOutcome } from "../domain/task-kinds.ts";

/** `late` is open still, and was found to be so after its due time. */
export const TASK_STATES = ["open", "late", "done"] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** Something for a person to do. It names what it is about and holds no content. */
export interface TaskRecord {
  readonly id: string;
  readonly kind: TaskKind;
  readonly taskState: TaskState;
  readonly patientId: string | null;
  readonly messageId: string | null;
  readonly threadId: string | null;
  readonly alertId: string | null;
  /** `nbr_…` where it is about a number. */
  readonly numberId: string | null;
  /** A code, such as the reason of a failed text. */
  readonly reason: string | null;
  readonly createdAt: string;
  readonly dueAt: string;
  /** When it was found to be late. */
  readonly escalatedAt: string | null;
  readonly completedAt: string | null;
  readonly completedBy: string | null;
  /** Null while it is open, and where whoever completed it did not say. */
  readonly outcome: TaskOutcome | null;
  readonly version: number;
}

/** A new open task; what is not named is null. */
export function newTask(
  task: Pick<TaskRecord, "id" | "kind" | "dueAt"> & Partial<TaskRecord>,
  createdAt: Date,
): TaskRecord {
  return {
    taskState: "open",
    patientId: null,
    messageId: null,
    threadId: null,
    alertId: null,
    numberId: null,
    reason: null,
    createdAt: createdAt.toISOString(),
    escalatedAt: null,
    completedAt: null,
    completedBy: null,
    outcome: null,
    version: 1,
    ...task,
  };
}
