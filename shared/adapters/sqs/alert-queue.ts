import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** What stands on an alert queue: ids and nothing else (DESIGN §3.1). */
export interface AlertRequest {
  readonly patientId: string;
  readonly alertId: string;
}

/** A queue that `send-alert` works from. */
export interface AlertQueue {
  /** Asks for an alert, no sooner than after `delaySeconds` (0–900, SQS limit). */
  request(request: AlertRequest, delaySeconds?: number): Promise<void>;
}

/** The alert queue at `queueUrl`. */
export function createAlertQueue(client: SQSClient, queueUrl: string): AlertQueue {
  return {
    async request({ patientId, alertId }, delaySeconds = 0) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: JSON.stringify({ version: 1, patientId, alertId }),
          DelaySeconds: delaySeconds,
        }),
      );
    },
  };
}
