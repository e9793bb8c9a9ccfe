import type { Context } from "aws-lambda";
import type { RemindResult } from "#shared/alerting/remind.ts";
import type { Log } from "#shared/runtime/log.ts";
import { readEvent } from "./event.ts";

/** What happens every minute; neither needs the other to have worked. */
export interface Sweeps {
  /** Asks for what is due, for as many bulk alerts as the caller says. */
  readonly remind: (maxRequests?: number) => Promise<RemindResult>;
  /** Notes late tasks in the name of a request; tells how many. */
  readonly escalate: (requestId: string) => Promise<number>;
}

/** One sweep of what is due; any scheduler may invoke it (README.md). */
export function createHandler({ remind, escalate }: Sweeps, log: Log) {
  return async (
    event: unknown,
    { awsRequestId }: Pick<Context, "awsRequestId">,
  ): Promise<RemindResult & { readonly late: number }> => {
    const { maxRequests } = readEvent(event);
    const [alerts, tasks] = await Promise.allSettled([remind(maxRequests), escalate(awsRequestId)]);
    if (alerts.status === "rejected") throw alerts.reason;
    if (alerts.value.due > 0) log.info("ALERT_REQUEUED", { ...alerts.value });
    if (tasks.status === "rejected") throw tasks.reason;
    return { ...alerts.value, late: tasks.value };
  };
}
