import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { Log } from "#shared/runtime/log.ts";

/**
 * Works through a batch one record after the other. A record that throws goes back to its queue and,
 * after too many times, to the dead-letter queue; the others are done.
 */
export function createBatchHandler(processRecord: (record: SQSRecord) => Promise<void>, log: Log) {
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const record of event.Records) {
      try {
        await processRecord(record);
      } catch (error) {
        log.error("RECORD_FAILED", error, { recordId: record.messageId });
        batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    }
    return { batchItemFailures };
  };
}
