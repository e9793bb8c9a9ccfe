import type { RemindResult } from "#shared/alerting/remind.ts";
import type { Log } from "#shared/runtime/log.ts";

/** One sweep of the due index; any scheduler may invoke it, the event is not looked at. */
export function createHandler(remind: () => Promise<RemindResult>, log: Log) {
  return async (): Promise<RemindResult> => {
    const result = await remind();
    if (result.requested > 0) log.info("ALERT_REQUEUED", { ...result });
    return result;
  };
}
