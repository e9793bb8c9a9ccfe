import type { Asking } from "../audit/journal.ts";
import type { TaskKind } from "../domain/task-kinds.ts";
import type { ListTasksPorts, TaskCursor, TaskPage } from "./ports.ts";
import type { TaskRecord, TaskState } from "./records.ts";

/** Which tasks somebody wants to see. */
export interface TaskFilter {
  readonly state: "open" | "done";
  readonly kinds: readonly TaskKind[];
  readonly limit: number;
  readonly cursor: TaskCursor | null;
}

/** A page of tasks, and where the next begins. */
export interface TaskListing {
  readonly items: readonly TaskRecord[];
  readonly next: TaskCursor | null;
}

const STATES: Readonly<Record<TaskFilter["state"], readonly TaskState[]>> = {
  open: ["open", "late"],
  done: ["done"],
};

/** Whose tasks are many kinds but the wanted one gets a short page rather than a slow one. */
const ROUNDS_MAX = 5;

/** By due time, then by id; tasks that are done, the other way round. */
function createOrder(state: TaskFilter["state"]) {
  const sign = state === "done" ? -1 : 1;
  return (one: TaskCursor, other: TaskCursor) => {
    const [left, right] = [`${one.dueAt}~${one.id}`, `${other.dueAt}~${other.id}`];
    if (left === right) return 0;
    return left < right ? -sign : sign;
  };
}

/**
 * Lists tasks of some kinds, the first due first; on record in the reader's own chain. A page may be
 * short, even empty, while there are more: `next` tells.
 */
export function createListTasks({ journal, tasksIn }: ListTasksPorts) {
  return async (filter: TaskFilter, asking: Asking): Promise<TaskListing> => {
    const { state, kinds, limit } = filter;
    const order = createOrder(state);
    let items: readonly TaskRecord[] = [];
    let cursor = filter.cursor;
    for (let round = 1; round <= ROUNDS_MAX; round += 1) {
      const from: TaskCursor | null = cursor;
      const pages = await Promise.all(STATES[state].map((one) => tasksIn(one, limit, from)));
      const merged = merge(pages, order);
      items = [...items, ...merged.items.filter(({ kind }) => kinds.includes(kind))];
      cursor = merged.next;
      if (cursor === null || items.length >= limit) break;
    }
    if (items.length > limit) {
      items = items.slice(0, limit);
      cursor = items.at(-1) ?? null;
    }
    await journal.record({
      ...asking,
      action: "tasks.listed",
      details: { state, kinds: [...kinds], count: items.length },
    });
    return { items, next: cursor };
  };
}

/**
 * Pages of several states as one, as far as all of them reach. A task that was found to be late between
 * two queries may stand in both pages: it is taken once.
 */
function merge(
  pages: readonly TaskPage[],
  order: (one: TaskCursor, other: TaskCursor) => number,
): TaskListing {
  const ends = pages.flatMap(({ items, more }) => (more ? items.slice(-1) : []));
  const next = ends.toSorted(order)[0] ?? null;
  const found = new Map(pages.flatMap(({ items }) => items.map((task) => [task.id, task])));
  const items = [...found.values()].filter((task) => next === null || order(task, next) <= 0).toSorted(order);
  return { items, next };
}
