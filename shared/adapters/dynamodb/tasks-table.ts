import * as z from "zod";
import type { Lookup, Write } from "../../audit/journal.ts";
import { TASK_KINDS, TASK_OUTCOMES } from "../../domain/task-kinds.ts";
import { TASK_STATES, type TaskRecord } from "../../tasks/records.ts";
import { createCompleteTask, taskKey } from "./complete-task.ts";
import { ABSENT, put, update } from "./items.ts";

const Time = z.iso.datetime();

const Task = z.object({
  id: z.string(),
  kind: z.enum(TASK_KINDS),
  taskState: z.enum(TASK_STATES),
  patientId: z.string().nullable(),
  messageId: z.string().nullable(),
  threadId: z.string().nullable(),
  alertId: z.string().nullable(),
  numberId: z.string().nullable(),
  reason: z.string().nullable(),
  createdAt: Time,
  dueAt: Time,
  escalatedAt: Time.nullable(),
  completedAt: Time.nullable(),
  completedBy: z.string().nullable(),
  outcome: z.enum(TASK_OUTCOMES).nullable(),
  version: z.int(),
});

/**
 * A task's place in the order of the index. All replies of a day fall due together, so the id goes with
 * the time: two tasks never share a place, and a page ends at exactly one.
 */
export function dueOrder({ dueAt, id }: Pick<TaskRecord, "dueAt" | "id">): string {
  return `${dueAt}~${id}`;
}

/** Lookups and writes of the tasks in the `Practice` table. */
export function createTasksTable(table: string) {
  return {
    table,
    parse: (item: unknown): TaskRecord => Task.parse(item),
    task: (id: string): Lookup<TaskRecord> => ({
      table,
      key: taskKey(id),
      parse: (item) => Task.parse(item),
    }),
    /** Opens a task. */
    addTask: (task: TaskRecord): Write =>
      put(table, { ...taskKey(task.id), ...task, dueOrder: dueOrder(task) }, ABSENT),
    completeTask: createCompleteTask(table),
    /** Notes that a task is late, once: it leaves those that are open and may become so. */
    escalateTask: (task: TaskRecord, at: string): Write =>
      update({
        table,
        key: taskKey(task.id),
        set: { taskState: "late", escalatedAt: at },
        condition: { expression: "taskState = :open", values: { ":open": "open" } },
      }),
  };
}

/** Lookups and writes of tasks. */
export type TasksTable = ReturnType<typeof createTasksTable>;
