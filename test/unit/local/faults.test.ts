import { DynamoDBClient, PutItemCommand, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { GenerateMacCommand, KMSClient } from "@aws-sdk/client-kms";
import { PinpointSMSVoiceV2Client, SendTextMessageCommand } from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createFaultInterceptor } from "#infra/local/aws/fault-interceptor.ts";
import { createFaults, throttlingError } from "#infra/local/aws/faults.ts";
import { clientOf, ORIGINATION_ARN, startSmallStack } from "./small-stack.ts";

let stack: Awaited<ReturnType<typeof startSmallStack>>;
const faults = createFaults();
beforeAll(async () => {
  stack = await startSmallStack();
  stack.aws.setInterceptor(
    createFaultInterceptor(faults, {
      endInstance: async ({ instance = "" }, _, atEnd) => {
        stack.aws.disconnect(instance);
        atEnd();
      },
      letPass: (milliseconds) => {
        stack.clock.catchUpTo(stack.clock.now() + milliseconds);
      },
      longestInvocationMs: () => 60_000,
    }),
  );
});
afterAll(() => stack.stop());
afterEach(() => {
  faults.clear();
});

const order = { skip: 0, times: 1, when: "before", kind: "throttle" } as const;
const item = (pk: string) => ({ pk: { S: pk }, sk: { S: "1" } });
const table = () => stack.aws.tables.names()[0] ?? "";
const instanceClient = (instance: string) =>
  new DynamoDBClient({
    ...clientOf(stack.aws, "worker"),
    credentials: stack.aws.credentialsFor("worker", instance),
  });
const put = (client: DynamoDBClient, pk: string) =>
  client.send(new PutItemCommand({ TableName: table(), Item: item(pk) }));
const isStored = (pk: string) => stack.aws.tables.items(table()).some((each) => each["pk"]?.["S"] === pk);

describe("a throttled call", () => {
  const settings = () => clientOf(stack.aws, "worker");
  it.each<[string, string, string, () => Promise<unknown>]>([
    [
      "dynamodb",
      "PutItem",
      "ProvisionedThroughputExceededException",
      () => put(new DynamoDBClient(settings()), "p"),
    ],
    [
      "dynamodb",
      "TransactWriteItems",
      "ThrottlingException",
      () =>
        new DynamoDBClient(settings()).send(
          new TransactWriteItemsCommand({
            TransactItems: [{ Put: { TableName: table(), Item: item("t") } }],
          }),
        ),
    ],
    [
      "kms",
      "GenerateMac",
      "ThrottlingException",
      () =>
        new KMSClient(settings()).send(
          new GenerateMacCommand({
            KeyId: "MacKey",
            Message: Buffer.from("m"),
            MacAlgorithm: "HMAC_SHA_256",
          }),
        ),
    ],
    [
      "sqs",
      "SendMessage",
      "ThrottlingException",
      () =>
        new SQSClient(settings()).send(
          new SendMessageCommand({
            QueueUrl: stack.aws.queues.list().find(({ logicalId }) => logicalId === "Work")?.url,
            MessageBody: "{}",
          }),
        ),
    ],
    [
      "sms-voice",
      "SendTextMessage",
      "ThrottlingException",
      () =>
        new PinpointSMSVoiceV2Client(settings()).send(
          new SendTextMessageCommand({
            DestinationPhoneNumber: "+12065550100",
            OriginationIdentity: ORIGINATION_ARN,
            MessageBody: "Something is waiting.",
          }),
        ),
    ],
  ])("of %s %s gets an error that the SDK knows: %s", async (service, action, name, call) => {
    faults.set({ ...order, service, action });
    await expect(call()).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
    expect(stack.aws.calls().at(-1)).toMatchObject({
      service,
      action,
      allowed: true,
      error: name,
      fault: { when: "before", kind: "throttle" },
    });
    await expect(call()).resolves.toBeDefined();
  });

  it("of SES is told in its own words", () => {
    expect(throttlingError("ses", "SendEmail")).toEqual({
      code: "TooManyRequestsException",
      statusCode: 429,
    });
  });
});

describe("an instance", () => {
  it("has its function's rights, and its death is not that of another", async () => {
    const [one, other] = [instanceClient("one"), instanceClient("other")];
    faults.set({ ...order, service: "DynamoDB", action: "dynamodb:putitem", kind: "crash" });

    await expect(put(one, "first")).rejects.toThrow();
    await expect(put(one, "after its death")).rejects.toThrow();
    await put(other, "second");

    expect([isStored("first"), isStored("after its death"), isStored("second")]).toEqual([
      false,
      false,
      true,
    ]);
    const mine = stack.aws.calls().filter(({ error }) => error === "InstanceCrashed");
    expect(mine).toHaveLength(1);
    expect(mine[0]?.function).toBe("worker");
  });
});

describe("a fault after a call", () => {
  it("also hides what the service refused", async () => {
    const client = new DynamoDBClient(clientOf(stack.aws, "worker"));
    await put(client, "taken");
    faults.set({ ...order, service: "dynamodb", action: "PutItem", when: "after" });
    const again = client.send(
      new PutItemCommand({
        TableName: table(),
        Item: item("taken"),
        ConditionExpression: "attribute_not_exists(pk)",
      }),
    );
    await expect(again).rejects.toMatchObject({ name: "ProvisionedThroughputExceededException" });
  });
});

describe("faults", () => {
  const call = { function: "send-alert", service: "kms", action: "Decrypt" };
  const fault = { ...order, ...call, when: "after", kind: "crash" } as const;

  it("count each call once, and leave it to the first that meets it", () => {
    faults.set({ ...fault, skip: 1 });
    faults.set({ ...fault, kind: "timeout" });
    const met = Array.from({ length: 4 }, () => faults.meet(call, "after"));
    expect(met).toEqual(["timeout", "crash", undefined, undefined]);
    expect(faults.list().map(({ passed, fired }) => [passed, fired])).toEqual([
      [1, 1],
      [0, 1],
    ]);
  });

  it("without a function meet every function, and only at their moment", () => {
    faults.set({ service: "kms", action: "Decrypt", when: "after", kind: "crash", skip: 0, times: 2 });
    expect(faults.meet(call, "before")).toBeUndefined();
    expect(faults.meet(call, "after")).toBe("crash");
    expect(faults.meet({ ...call, function: "messages" }, "after")).toBe("crash");
  });
});
