import { json, type Routes } from "#functions/http/api.ts";
import { keyedBy } from "#functions/http/keyed.ts";
import { ApiProblem } from "#functions/http/problem.ts";
import { actorOf, allow, jsonBody, pathParameter, query } from "#functions/http/request.ts";
import {
  CompleteTaskRequest,
  formatTaskCursor,
  ListTasksQuery,
  parseTaskCursor,
  TaskId,
  TaskList,
  TaskResponse,
} from "#shared/contracts/tasks.ts";
import { kindsFor, rolesFor } from "#shared/domain/task-kinds.ts";
import { createCompleteTask } from "#shared/tasks/complete.ts";
import { createListTasks } from "#shared/tasks/list.ts";
import type { CompleteTaskPorts, ListTasksPorts } from "#shared/tasks/ports.ts";
import type { TaskRecord } from "#shared/tasks/records.ts";

const PAGE_DEFAULT = 50;

/** A task as an answer tells it; what does not apply is left out. */
function present(task: TaskRecord, now: Date) {
  const { taskState, version: _version, ...rest } = task;
  const applying = Object.entries(rest).filter(([, value]) => value !== null);
  return {
    ...Object.fromEntries(applying),
    state: taskState === "done" ? "done" : "open",
    late: Date.parse(task.dueAt) < (task.completedAt === null ? now.getTime() : Date.parse(task.completedAt)),
  };
}

/** What staff have to do: the list, and saying that something is done. */
export function createRoutes(
  ports: CompleteTaskPorts &
    ListTasksPorts & { readonly indexMac: (...fields: readonly string[]) => Promise<Uint8Array> },
): Routes {
  const listTasks = createListTasks(ports);
  const completeTask = createCompleteTask(ports);
  return {
    "GET /tasks": async (event) => {
      const caller = allow(event, "task.work");
      const { kind, state = "open", limit = PAGE_DEFAULT, cursor = "" } = query(event, ListTasksQuery);
      const own = kindsFor(actorOf(event).roles);
      const page = await listTasks(
        {
          state,
          kinds: own.filter((one) => kind === undefined || one === kind),
          limit,
          cursor: parseTaskCursor(cursor),
        },
        caller,
      );
      return json(
        200,
        TaskList.parse({
          items: page.items.map((task) => present(task, ports.now())),
          nextCursor: page.next === null ? null : formatTaskCursor(page.next),
        }),
      );
    },
    "POST /tasks/{id}/completion": async (event) => {
      const caller = allow(event, "task.work");
      const id = pathParameter(event, "id", TaskId);
      const completion = jsonBody(event, CompleteTaskRequest);
      const { roles } = actorOf(event);
      const outcome = await completeTask(
        id,
        completion,
        caller,
        (kind) => rolesFor(kind).find((role) => roles.includes(role)),
        await keyedBy(event, caller, `POST /tasks/${id}/completion`, completion, ports.indexMac),
      );
      switch (outcome.kind) {
        case "completed":
          return json(200, TaskResponse.parse(present(outcome.task, ports.now())));
        case "unknown":
          throw new ApiProblem("not_found");
        case "done-already":
          throw new ApiProblem("version_conflict", { detail: "It is done already." });
        case "keeps-no-notes":
          throw new ApiProblem("unprocessable", {
            detail: "This task has no thread, so it keeps no notes.",
            pointer: "/note",
          });
        case "idempotency-conflict":
          throw new ApiProblem("idempotency_conflict");
        default:
          return outcome satisfies never;
      }
    },
  };
}
