import type { ReconcileResult } from "#shared/delivery/reconcile-opt-outs.ts";
import type { Log } from "#shared/runtime/log.ts";

/** One comparison with the carrier's list; any scheduler may invoke it, the event is not looked at. */
export function createHandler(reconcile: (requestId: string) => Promise<ReconcileResult>, log: Log) {
  return async (
    _event: unknown,
    { awsRequestId }: { readonly awsRequestId: string },
  ): Promise<ReconcileResult> => {
    const result = await reconcile(awsRequestId);
    log.info("OPT_OUTS_RECONCILED", { ...result });
    return result;
  };
}
