import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { AlertRequest } from "./alert-queue.ts";

/** SQS takes so many messages in one call, which costs as much as one. */
const BATCH_MAX = 10;

/** A request that did not reach its queue. */
export interface LostRequest {
  readonly alertId: string;
  readonly error: unknown;
}

/** Asks for many alerts at once on the alert queue at `queueUrl`; gives those that it did not take. */
export function createRequestAlerts(client: SQSClient, queueUrl: string) {
  async function requestBatch(requests: readonly AlertRequest[]): Promise<readonly LostRequest[]> {
    try {
      const { Failed = [] } = await client.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: requests.map(({ patientId, alertId }) => ({
            Id: alertId,
            MessageBody: JSON.stringify({ version: 1, patientId, alertId }),
          })),
        }),
      );
      return Failed.map(({ Id, Code }) => ({
        alertId: Id ?? "unknown",
        error: new Error(`the queue did not take a request: ${Code ?? "no reason"}`),
      }));
    } catch (error) {
      return requests.map(({ alertId }) => ({ alertId, error }));
    }
  }

  return async (requests: readonly AlertRequest[]): Promise<readonly LostRequest[]> => {
    const batches = Array.from({ length: Math.ceil(requests.length / BATCH_MAX) }, (_, index) =>
      requests.slice(index * BATCH_MAX, (index + 1) * BATCH_MAX),
    );
    return (await Promise.all(batches.map(requestBatch))).flat();
  };
}
