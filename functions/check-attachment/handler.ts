import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { readArrivals } from "#functions/queue/arrivals.ts";
import { createBatchHandler } from "#functions/queue/batch.ts";
import { type CheckPorts, createCheckAttachment } from "#shared/attachments/check.ts";
import { createSweepAttachments, type SweepPorts } from "#shared/attachments/erase.ts";
import type { Log } from "#shared/runtime/log.ts";

/** What the function is wired with. */
export type Dependencies = CheckPorts &
  Omit<SweepPorts, "onFailure"> & {
    /** The attachment that an upload's key names. */
    readonly idOf: (key: string) => string | undefined;
  };

/** Looks into what arrived; every other event, such as a schedule's, erases what is due and tells staff of what is late. */
export function createHandler({ idOf, ...ports }: Dependencies, log: Log) {
  const check = createCheckAttachment(ports);
  const sweep = createSweepAttachments({
    ...ports,
    onFailure: (attachmentId, error) => log.error("RECORD_FAILED", error, { attachmentId }),
  });
  const arrived = createBatchHandler(async ({ body, messageId }) => {
    for (const key of readArrivals(body)) {
      const attachmentId = idOf(key);
      if (attachmentId === undefined) throw new Error("an object has a key that nobody was given");
      const result = await check(attachmentId, messageId);
      log.info("ATTACHMENT_CHECKED", { attachmentId, result });
    }
  }, log);
  return async (
    event: SQSEvent | object,
    { awsRequestId }: Pick<Context, "awsRequestId">,
  ): Promise<SQSBatchResponse | { readonly due: number; readonly erased: number }> => {
    if ("Records" in event) return arrived(event);
    const result = await sweep(awsRequestId);
    if (result.due > 0) log.info("ATTACHMENTS_ERASED", { ...result });
    return result;
  };
}
