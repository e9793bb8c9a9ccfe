import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Aws } from "#infra/local/aws/aws.ts";
import type { Clock } from "#infra/local/aws/clock.ts";
import { clientOf, startSmallStack } from "./small-stack.ts";

describe("local queues", () => {
  let aws: Aws;
  let clock: Clock;
  let stop: () => Promise<void>;
  let sqs: SQSClient;
  let QueueUrl: string;
  beforeEach(async () => {
    ({ aws, clock, stop } = await startSmallStack());
    sqs = new SQSClient(clientOf(aws, "worker"));
    QueueUrl = aws.functions.find(({ name }) => name === "worker")?.environment["QUEUE_URL"] ?? "";
  });
  afterEach(async () => {
    sqs.destroy();
    await stop();
  });
  const state = (queue: string) => {
    const name = aws.queues.list().find(({ logicalId }) => logicalId === queue)?.name;
    const found = aws.queues.queueState().find((each) => each.name === name);
    return [found?.visible, found?.inFlight, found?.delayed];
  };
  const advance = (seconds: number) => clock.advanceTo(clock.now() + seconds * 1000);

  it("hold a delayed message back until the local clock reaches it", async () => {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "later", DelaySeconds: 900 }));

    expect(state("Work")).toEqual([0, 0, 1]);
    expect(aws.queues.receive("Work", 10)).toEqual([]);
    advance(901);
    expect(state("Work")).toEqual([1, 0, 0]);
    expect(aws.queues.receive("Work", 10)).toMatchObject([
      { body: "later", attributes: { ApproximateReceiveCount: "1" } },
    ]);
  });

  it("show a received message again after its visibility time, and move it to the dead letters after three receipts", async () => {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "poison" }));

    for (const count of ["1", "2", "3"]) {
      expect(aws.queues.receive("Work", 10)).toMatchObject([
        { body: "poison", attributes: { ApproximateReceiveCount: count } },
      ]);
      expect(aws.queues.receive("Work", 10)).toEqual([]);
      expect(state("Work")).toEqual([0, 1, 0]);
      advance(61);
    }
    expect(aws.queues.receive("Work", 10)).toEqual([]);

    expect(state("Work")).toEqual([0, 0, 0]);
    expect(state("WorkDeadLetters")).toEqual([1, 0, 0]);
    expect(aws.queues.bodiesSeen().map(({ body }) => body)).toEqual(["poison", "poison"]);
  });

  it("receive and delete through the SDK", async () => {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "one" }));
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 }),
    );
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle }));

    expect(Messages?.[0]?.Body).toBe("one");
    expect(state("Work")).toEqual([0, 0, 0]);
  });

  it("drop messages after their retention", async () => {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "old" }));
    advance(4 * 24 * 3600 + 1);
    expect(state("Work")).toEqual([0, 0, 0]);
  });

  it("answer each entry of a batch and refuse what SQS refuses", async () => {
    const { Successful, Failed } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "a", MessageBody: "a" },
          { Id: "b", MessageBody: "b", DelaySeconds: 901 },
        ],
      }),
    );

    expect([Successful?.map(({ Id }) => Id), Failed?.map(({ Id }) => Id)]).toEqual([["a"], ["b"]]);
    await expect(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "" }))).rejects.toMatchObject({
      name: "MissingParameter",
    });
    await expect(
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "bell \u0007" })),
    ).rejects.toMatchObject({ name: "InvalidMessageContents" });
    await expect(
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "x".repeat(262_145) })),
    ).rejects.toThrow("262144");
    await expect(
      sqs.send(
        new SendMessageCommand({
          QueueUrl,
          MessageBody: "x",
          MessageAttributes: { a: { DataType: "String", StringValue: "b" } },
        }),
      ),
    ).rejects.toThrow("MessageAttributes");
    const unknown = new SendMessageCommand({ QueueUrl: `${QueueUrl}x`, MessageBody: "x" });
    await expect(sqs.send(unknown)).rejects.toMatchObject({ name: "AccessDeniedException" });
    const host = new SQSClient({ ...clientOf(aws, "worker"), credentials: aws.hostCredentials });
    await expect(host.send(unknown)).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  });

  it("say whether a role may be fed from them", () => {
    expect(aws.queues.consumerRefusal("worker", "Work")).toBeUndefined();
    expect(aws.queues.consumerRefusal("reader", "Work")).toContain("sqs:ReceiveMessage");
  });
});
