import { describe, expect, it } from "vitest";
import {
  createQueueConsumer,
  failedMessages,
  type QueueMessage,
} from "#infra/local/events/queue-consumer.ts";
import type { FunctionOutcome } from "#infra/local/functions/function-outcome.ts";

const aMessage = (messageId: string): QueueMessage => ({
  messageId,
  receiptHandle: `handle-${messageId}`,
  body: "{}",
  md5OfBody: "",
  attributes: { ApproximateReceiveCount: "1" },
});
const answered = (answer: unknown): FunctionOutcome => ({
  kind: "answered",
  payload: JSON.stringify(answer) ?? "null",
});
const failures = (...ids: readonly unknown[]) =>
  answered({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

describe("what stays on the queue after an invocation", () => {
  const messages = [aMessage("a"), aMessage("b"), aMessage("c")];

  it.each<[string, FunctionOutcome, boolean, readonly string[]]>([
    ["nothing after an empty answer", answered(null), true, []],
    ["nothing after an empty list", failures(), true, []],
    ["the reported messages", failures("b"), true, ["b"]],
    ["everything where an unknown message is reported", failures("x"), true, ["a", "b", "c"]],
    ["everything where an empty id is reported", failures(""), true, ["a", "b", "c"]],
    ["everything where the list is none", answered({ batchItemFailures: "b" }), true, ["a", "b", "c"]],
    [
      "everything after a fault",
      { kind: "failed", errorType: "Error", errorMessage: "" },
      true,
      ["a", "b", "c"],
    ],
    ["everything after a time-out", { kind: "timedOut" }, true, ["a", "b", "c"]],
    ["nothing where reports are not asked for", failures("b"), false, []],
  ])("is %s", (_, outcome, partialResponses, expected) => {
    expect([...failedMessages(messages, outcome, partialResponses)]).toEqual(expected);
  });
});

describe("a queue consumer", () => {
  it("takes batches, removes what succeeded and runs no more batches at once than it may", async () => {
    const waiting = Array.from({ length: 25 }, (_, index) => aMessage(String(index)));
    const removed: string[] = [];
    const faults: unknown[] = [];
    let together = 0;
    let most = 0;
    const consumer = createQueueConsumer(
      {
        queueArn: "arn:aws:sqs:us-east-1:000000000000:work",
        region: "us-east-1",
        batchSize: 4,
        partialResponses: true,
        concurrencyMax: 2,
      },
      {
        receive: async (max) => waiting.splice(0, max),
        remove: async (handles) => void removed.push(...handles),
      },
      async (event) => {
        together += 1;
        most = Math.max(most, together);
        await new Promise((resolve) => setTimeout(resolve, 5));
        together -= 1;
        const { Records } = event as { Records: { messageId: string; eventSource: string }[] };
        return failures(
          ...Records.filter(({ messageId }) => messageId === "7").map(({ messageId }) => messageId),
        );
      },
      (fault) => faults.push(fault),
    );

    consumer.poke();
    while (!consumer.isIdle()) await new Promise((resolve) => setTimeout(resolve, 5));
    await consumer.stop();

    expect(removed).toHaveLength(24);
    expect(removed).not.toContain("handle-7");
    expect(most).toBe(2);
    expect(faults).toEqual([]);
  });
});
