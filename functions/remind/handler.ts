import type { Context } from "aws-lambda";
import type { RemindResult } from "#shared/alerting/remind.ts";
import type { Log } from "#shared/runtime/log.ts";

/** What happens every minute; neither needs the other to have worked. */
export interface Sweeps {
  readonly remind: () => Promise<RemindResult>;
  /** Notes late tasks in the name of a request; tells how many. */
  readonly escalate: (requestId: string) => Promise<number>;
}

/** One sweep of what is due; any scheduler may invoke it, the event is not looked at. */
export function createHandler({ remind, escalate }: Sweeps, log: Log) {
  return async (
    _event: unknown,
    { awsRequestId }: Pick<Context, "awsRequestId">,
  ): Promise<RemindResult & { readonly late: number }> => {
    const [alerts, tasks] = await Promise.allSettled([remind(), escalate(awsRequestId)]);
    if (alerts.status === "rejected") throw alerts.reason;
    if (alerts.value.requested > 0) log.info("ALERT_REQUEUED", { ...alerts.value });
    if (tasks.status === "rejected") throw tasks.reason;
    return { ...alerts.value, late: tasks.value };
  };
}
