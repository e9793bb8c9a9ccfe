import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import "aws-sdk-client-mock-vitest/extend";
import { describe, expect, it } from "vitest";
import { createAlertQueue } from "#shared/adapters/sqs/alert-queue.ts";
import { ALERT_ID, anAlert, PATIENT_ID } from "#test/support/builders.ts";

describe("an alert queue", () => {
  it.each([
    [undefined, 0],
    [5, 5],
  ])("gets ids and nothing else of an alert (delay %s)", async (delay, seconds) => {
    const client = new SQSClient({ region: "us-east-1" });
    const sqs = mockClient(client);
    sqs.on(SendMessageCommand).resolves({});

    await createAlertQueue(client, "https://queue.example/bulk").request(
      { ...anAlert(), alertId: ALERT_ID },
      delay,
    );

    expect(sqs).toHaveReceivedCommandExactlyOnceWith(SendMessageCommand, {
      QueueUrl: "https://queue.example/bulk",
      MessageBody: `{"version":1,"patientId":"${PATIENT_ID}","alertId":"${ALERT_ID}"}`,
      DelaySeconds: seconds,
    });
  });
});
