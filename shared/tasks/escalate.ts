import type { Journal, Write } from "../audit/journal.ts";
import type { OverdueTasks } from "./ports.ts";
import type { TaskRecord } from "./records.ts";

/** What finding late tasks needs. */
export interface EscalatePorts {
  readonly journal: Journal;
  readonly tasks: { escalateTask(task: TaskRecord, at: string): Write };
  readonly overdueTasks: OverdueTasks;
  /** Tells who is on duty of a task that has just been found to be late. */
  readonly onLate: (task: TaskRecord) => void;
  readonly onFailure: (taskId: string, error: unknown) => void;
  readonly now: () => Date;
}

const PAGE_LIMIT = 25;
/** So many pages at most; the next minute goes on. */
const PAGES_MAX = 20;

/**
 * Notes every open task whose time is over as late, each once: noted, it stands among the late ones and
 * is not looked at again. Several runs at once note it once, by a condition; one task that cannot be
 * noted does not hold up those behind it.
 */
export function createEscalate(ports: EscalatePorts) {
  const { journal, tasks, overdueTasks, onLate, onFailure, now } = ports;

  async function note(task: TaskRecord, requestId: string): Promise<boolean> {
    const at = now().toISOString();
    try {
      const outcome = await journal.commit(
        {
          action: "task.escalated",
          actor: "function:remind",
          role: "function",
          requestId,
          ...(task.patientId === null ? {} : { patientId: task.patientId }),
          details: { taskId: task.id, kind: task.kind, dueAt: task.dueAt, numberId: task.numberId },
        },
        [tasks.escalateTask(task, at)],
      );
      if (outcome.kind === "conflict") return false;
    } catch (error) {
      onFailure(task.id, error);
      return false;
    }
    onLate(task);
    return true;
  }

  /** How many tasks it noted; `requestId` stands in their audit entries. */
  return async (requestId: string): Promise<number> => {
    let noted = 0;
    let last: TaskRecord | null = null;
    for (let count = 1; count <= PAGES_MAX; count += 1) {
      const after: TaskRecord | null = last;
      const { items, more } = await overdueTasks(now(), PAGE_LIMIT, after);
      // One after the other: tasks of one patient, or of none, would race for the head of one chain.
      for (const task of items) if (await note(task, requestId)) noted += 1;
      last = items.at(-1) ?? null;
      if (!more || last === null) break;
    }
    return noted;
  };
}
