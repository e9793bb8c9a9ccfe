import type { Write } from "../../audit/journal.ts";
import { update } from "./items.ts";

/** Where a task stands in the `Practice` table. */
export const taskKey = (id: string) => ({ pk: id, sk: "task" });

/** Closes tasks of a table, each once; one that is done already stays as it is, and the transaction fails. */
export function createCompleteTask(table: string) {
  return (id: string, completedAt: string, completedBy: string, outcome: string | null = null): Write =>
    update({
      table,
      key: taskKey(id),
      set: { taskState: "done", completedAt, completedBy, outcome },
      condition: {
        expression: "taskState IN (:open, :late)",
        values: { ":open": "open", ":late": "late" },
      },
    });
}
