import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { readArrivals } from "#functions/queue/arrivals.ts";
import { createBatchHandler } from "#functions/queue/batch.ts";
import type { RunOutcome } from "#shared/imports/run.ts";
import type { Log } from "#shared/runtime/log.ts";

/** What the function is wired with. */
export type Dependencies = {
  /** Works through what was uploaded for an import, as far as the time allows. */
  readonly run: (importId: string, remainingMs: () => number) => Promise<RunOutcome>;
  /** The import that an upload's key names. */
  readonly idOf: (key: string) => string | undefined;
};

/** Works through the files that arrived; what the time does not suffice for goes back to the queue and is gone on with. */
export function createHandler({ idOf, run }: Dependencies, log: Log) {
  return (
    event: SQSEvent,
    { getRemainingTimeInMillis }: Pick<Context, "getRemainingTimeInMillis">,
  ): Promise<SQSBatchResponse> =>
    createBatchHandler(async ({ body }) => {
      for (const key of readArrivals(body)) {
        const importId = idOf(key);
        if (importId === undefined) throw new Error("an object has a key that nobody was given");
        const outcome = await run(importId, getRemainingTimeInMillis);
        const counts = outcome.kind === "done" ? outcome.counts : {};
        const reason = outcome.kind === "failed" ? { reason: outcome.code } : {};
        log.info("IMPORT_WORKED", { importId, result: outcome.kind, ...reason, ...counts });
        if (outcome.kind === "unfinished") throw new Error("the time was short; the next run goes on");
      }
    }, log)(event);
}
