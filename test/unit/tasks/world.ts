import type { TaskKind } from "#shared/domain/task-kinds.ts";
import { newTask, type TaskRecord } from "#shared/tasks/records.ts";
import { createWorld } from "#test/support/core-world.ts";

/** The id of a test's task by its number. */
export function taskId(number: number): string {
  return `tsk_01KAEV0000000000000000T${String(number).padStart(3, "0")}`;
}

/** One task of an answer. */
export type ShownTask = Readonly<Record<string, unknown>>;

/** A world that tasks can be put into, listed and completed in. */
export function createTasksWorld() {
  const world = createWorld();
  const { clock, tasks } = world;
  const list = async (query: Record<string, string> = {}, roles = "frontdesk") => {
    const { status, body } = await world.call("GET /tasks", { query, roles });
    return {
      status,
      items: (body["items"] ?? []) as readonly ShownTask[],
      nextCursor: (body["nextCursor"] ?? null) as string | null,
    };
  };
  return {
    ...world,
    /** Opens a task that is due so many seconds from now. */
    open: async (
      number: number,
      dueInSeconds: number,
      kind: TaskKind = "call",
      parts: Partial<TaskRecord> = {},
    ) => {
      const task = newTask(
        { id: taskId(number), kind, dueAt: clock.iso(dueInSeconds), ...parts },
        clock.now(),
      );
      await world.put(tasks.addTask(task));
      return task;
    },
    stored: async (number: number) => {
      const [task] = await world.read(tasks.task(taskId(number)));
      if (task === undefined) throw new Error("no such task");
      return task;
    },
    list,
    /** Ids of every page, one after the other; `between` runs before each further page. */
    walk: async (query: Record<string, string>, between: () => Promise<unknown> = async () => undefined) => {
      const pages: (readonly unknown[])[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof list>> = await list({
          ...query,
          ...(cursor === null ? {} : { cursor }),
        });
        pages.push(page.items.map(({ id }) => id));
        cursor = page.nextCursor;
        if (cursor !== null) await between();
      } while (cursor !== null && pages.length < 50);
      return pages;
    },
    complete: (
      number: number,
      body: object = {},
      { roles = "frontdesk", actor = "staff_1", key }: { roles?: string; actor?: string; key?: string } = {},
    ) =>
      world.call("POST /tasks/{id}/completion", {
        roles,
        actor,
        path: { id: taskId(number) },
        body,
        ...(key === undefined ? {} : { headers: { "Idempotency-Key": key } }),
      }),
  };
}
