import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { PRACTICE_TASKS_INDEX } from "../../tables/indexes.ts";
import type { OverdueTasks, TaskCursor, TaskPage, TasksIn } from "../../tasks/ports.ts";
import type { TaskState } from "../../tasks/records.ts";
import { taskKey } from "./complete-task.ts";
import { fromAttributes, toAttributes } from "./items.ts";
import { dueOrder, type TasksTable } from "./tasks-table.ts";

interface Range {
  readonly state: TaskState;
  readonly after: TaskCursor | null;
  /** Only what falls due before this, ISO 8601. */
  readonly before?: string;
  readonly latestFirst?: boolean;
  readonly limit: number;
}

async function queryTasks(client: DynamoDBClient, tasks: TasksTable, range: Range): Promise<TaskPage> {
  const { state, after, before, latestFirst = false, limit } = range;
  const { Items, LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: tasks.table,
      IndexName: PRACTICE_TASKS_INDEX,
      // A time alone sorts before the same time with an id.
      KeyConditionExpression: `taskState = :state${before === undefined ? "" : " AND dueOrder < :before"}`,
      ExpressionAttributeValues: toAttributes({ ":state": state, ":before": before }),
      ScanIndexForward: !latestFirst,
      Limit: limit,
      ...(after === null
        ? {}
        : {
            // The task itself may have left this state since: its place in the order stays.
            ExclusiveStartKey: toAttributes({
              ...taskKey(after.id),
              taskState: state,
              dueOrder: dueOrder(after),
            }),
          }),
    }),
  );
  const items = (Items ?? []).map((item) => tasks.parse(fromAttributes(item)));
  return { items, more: LastEvaluatedKey !== undefined };
}

/** Pages of tasks in one state, the first due first; of those that are done, the last due first. */
export function createTasksIn(client: DynamoDBClient, tasks: TasksTable): TasksIn {
  return (state, limit, after) =>
    queryTasks(client, tasks, { state, limit, after, latestFirst: state === "done" });
}

/** Pages of open tasks whose time is over and that were not found to be late yet, the first due first. */
export function createOverdueTasks(client: DynamoDBClient, tasks: TasksTable): OverdueTasks {
  return (now, limit, after) =>
    queryTasks(client, tasks, { state: "open", before: now.toISOString(), limit, after });
}
