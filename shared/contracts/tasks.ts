import * as z from "zod";
import { idPattern } from "../domain/ids.ts";
import { TASK_KINDS, TASK_OUTCOMES } from "../domain/task-kinds.ts";
import { bodyText, MessageId, PatientId, ThreadId, Time } from "./fields.ts";
import { NumberId } from "./threads.ts";

export const TaskId = z.string().regex(idPattern("tsk")).meta({ id: "TaskId" });

const TaskKindField = z.enum(TASK_KINDS).meta({ id: "TaskKind" });
const TaskStateField = z.enum(["open", "done"]).meta({ id: "TaskState" });
const TaskOutcomeField = z.enum(TASK_OUTCOMES).meta({
  id: "TaskOutcome",
  description: "`reached` and `not-reached` are for calls.",
});

/** A task's id and due time, as a list's answer gives them; neither changes while the task is worked on. */
const CURSOR = /^(tsk_[0-9A-HJKMNP-TV-Z]{26})~(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)$/;

/** Takes the cursor of a list of tasks apart; null when it is none. */
export function parseTaskCursor(cursor: string): { id: string; dueAt: string } | null {
  const [, id, dueAt] = CURSOR.exec(cursor) ?? [];
  return id === undefined || dueAt === undefined ? null : { id, dueAt };
}

/** The cursor that stands for the last task that a page looked at. */
export function formatTaskCursor(last: { readonly id: string; readonly dueAt: string }): string {
  return `${last.id}~${last.dueAt}`;
}

/** Query of `GET /v1/tasks`. */
export const ListTasksQuery = z.strictObject({
  kind: TaskKindField.optional(),
  state: TaskStateField.optional(),
  limit: z.coerce.number<string>().int().min(1).max(100).optional(),
  cursor: z.string().regex(CURSOR).optional(),
});

/** `POST /v1/tasks/{id}/completion`. */
export const CompleteTaskRequest = z
  .strictObject({
    note: bodyText(2000).optional().meta({
      description:
        "For staff; sealed like a message. Becomes a note of the task's thread; refused where the task has none.",
    }),
    outcome: TaskOutcomeField.optional(),
  })
  .meta({ id: "CompleteTaskRequest" });

/** A task: what it is about, and no content. What does not apply is left out. */
export const TaskResponse = z
  .strictObject({
    id: TaskId,
    kind: TaskKindField,
    patientId: PatientId.optional(),
    messageId: MessageId.optional(),
    threadId: ThreadId.optional(),
    alertId: z.string().optional(),
    numberId: NumberId.optional(),
    reason: z.string().optional(),
    createdAt: Time,
    dueAt: Time,
    late: z.boolean().meta({ description: "It was not done by its due time." }),
    escalatedAt: Time.optional(),
    state: TaskStateField,
    completedAt: Time.optional(),
    completedBy: z.string().optional(),
    outcome: TaskOutcomeField.optional(),
  })
  .meta({ id: "Task" });

/** `GET /v1/tasks`. */
export const TaskList = z
  .strictObject({ items: z.array(TaskResponse), nextCursor: z.string().nullable() })
  .meta({ id: "TaskList" });
