import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { GenerateDataKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { PinpointSMSVoiceV2Client, SendTextMessageCommand } from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Aws } from "#infra/local/aws/aws.ts";
import { assertKnownCondition, conditionHolds } from "#infra/local/aws/policy-conditions.ts";
import { evaluateIdentityPolicy, parsePolicyDocument } from "#infra/local/aws/policy-document.ts";
import { clientOf, ORIGINATION_ARN, smallTemplate, startSmallStack } from "./small-stack.ts";

const DENIED = { name: "AccessDeniedException" };
const statement = (more: object) => ({
  Statement: [{ Effect: "Allow", Action: "dynamodb:GetItem", Resource: "*", ...more }],
});

describe("calls through the gateway", () => {
  let aws: Aws;
  let stop: () => Promise<void>;
  let table: string;
  beforeAll(async () => {
    ({ aws, stop } = await startSmallStack());
    [table = ""] = aws.tables.names();
  });
  afterAll(() => stop());
  const read = (who: string, pk: string) =>
    new DynamoDBClient(clientOf(aws, who)).send(
      new GetItemCommand({ TableName: table, Key: { pk: { S: pk }, sk: { S: "a" } } }),
    );

  it("are allowed by the leading keys of a condition, and denied for others", async () => {
    await expect(read("reader", "pat_1")).resolves.toBeDefined();
    await expect(read("reader", "link#1")).rejects.toMatchObject(DENIED);
  });

  it("are denied for an action that the role was not given, also inside a transaction or a batch", async () => {
    const reader = new DynamoDBClient(clientOf(aws, "reader"));
    const item = { pk: { S: "pat_1" }, sk: { S: "a" } };

    await expect(reader.send(new PutItemCommand({ TableName: table, Item: item }))).rejects.toMatchObject(
      DENIED,
    );
    await expect(
      reader.send(
        new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: table, Item: item } }] }),
      ),
    ).rejects.toMatchObject(DENIED);
    await expect(
      reader.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: [item] } } })),
    ).rejects.toMatchObject(DENIED);
  });

  it("are denied where the role lacks the key that the table or the queue is encrypted with", async () => {
    const url = aws.queues.list().find(({ logicalId }) => logicalId === "Work")?.url;

    await expect(read("keyless", "pat_1")).rejects.toThrow("kms:Decrypt");
    await expect(
      new SQSClient(clientOf(aws, "keyless")).send(
        new SendMessageCommand({ QueueUrl: url, MessageBody: "x" }),
      ),
    ).rejects.toThrow("kms:GenerateDataKey");
  });

  it("are judged by every key of the encryption context", async () => {
    const kms = new KMSClient(clientOf(aws, "reader"));
    const generate = (EncryptionContext?: Record<string, string>) =>
      kms.send(
        new GenerateDataKeyCommand({
          KeyId: "ContentKey",
          KeySpec: "AES_256",
          ...(EncryptionContext === undefined ? {} : { EncryptionContext }),
        }),
      );

    await expect(generate({ purpose: "content" })).resolves.toBeDefined();
    await expect(generate({ purpose: "other" })).rejects.toMatchObject(DENIED);
    await expect(generate({ purpose: "content", more: "x" })).rejects.toMatchObject(DENIED);
    await expect(generate()).rejects.toMatchObject(DENIED);
  });

  it("are denied by an explicit deny whatever else allows them", async () => {
    const sms = new PinpointSMSVoiceV2Client(clientOf(aws, "reader"));
    await expect(
      sms.send(
        new SendTextMessageCommand({
          DestinationPhoneNumber: "+14254147755",
          OriginationIdentity: ORIGINATION_ARN,
          MessageBody: "x",
        }),
      ),
    ).rejects.toMatchObject({ ...DENIED, message: expect.stringContaining("explicit deny") });
  });

  it("are refused for an access key that is nobody's", async () => {
    const stranger = new DynamoDBClient({
      ...clientOf(aws, "worker"),
      credentials: { accessKeyId: "AKIASTRANGER", secretAccessKey: "none" },
    });
    await expect(
      stranger.send(new GetItemCommand({ TableName: table, Key: { pk: { S: "a" }, sk: { S: "a" } } })),
    ).rejects.toMatchObject({
      name: "UnrecognizedClientException",
    });
  });

  it("are recorded with caller, role, action and resource, and nothing of their content", async () => {
    const since = new Date().toISOString();
    await read("reader", "pat_recorded");
    await read("reader", "link#recorded").catch(() => undefined);

    const records = aws.calls(since).filter((record) => record.function === "reader");

    expect(records).toMatchObject([
      {
        role: "Small-ReaderRole",
        service: "dynamodb",
        action: "GetItem",
        resource: `arn:aws:dynamodb:us-east-1:000000000000:table/${table}`,
        allowed: true,
      },
      {
        action: "GetItem",
        resource: `arn:aws:dynamodb:us-east-1:000000000000:table/${table}`,
        allowed: false,
        error: "AccessDeniedException",
      },
    ]);
    expect(JSON.stringify(records)).not.toContain("recorded");
  });

  it("fail as a fault asks for, before or after they took effect", async () => {
    const writer = new DynamoDBClient(clientOf(aws, "worker"));
    const write = (pk: string) =>
      writer.send(new PutItemCommand({ TableName: table, Item: { pk: { S: pk }, sk: { S: "a" } } }));
    const stored = (pk: string) => aws.tables.items(table).some((item) => item["pk"]?.["S"] === pk);

    aws.setInterceptor({
      before: ({ action }) =>
        action === "PutItem" ? { kind: "error", code: "ThrottlingException" } : undefined,
    });
    await expect(write("fault-before")).rejects.toMatchObject({ name: "ThrottlingException" });
    aws.setInterceptor({ after: () => ({ kind: "drop" }) });
    await expect(write("fault-after")).rejects.toThrow();
    aws.setInterceptor(undefined);

    expect([stored("fault-before"), stored("fault-after")]).toEqual([false, true]);
  });

  it("cannot start where SNS could not deliver to a queue", async () => {
    const { EventQueuesPolicy: _without, ...Resources } = smallTemplate.Resources;
    await expect(startSmallStack({ Resources })).rejects.toThrow("SNS could not deliver");
  });
});

describe("policies", () => {
  const request = (action: string, resource: string) => ({ action, resource, context: {} });

  it("compare actions without regard to case and resources with it", () => {
    const statements = parsePolicyDocument({
      Statement: {
        Effect: "Allow",
        Action: "DynamoDB:get*",
        Resource: "arn:aws:dynamodb:*:*:table/Items/index/?",
      },
    });

    expect(
      evaluateIdentityPolicy(
        statements,
        request("dynamodb:GetItem", "arn:aws:dynamodb:r:a:table/Items/index/x"),
      ).allowed,
    ).toBe(true);
    expect(
      evaluateIdentityPolicy(
        statements,
        request("dynamodb:GetItem", "arn:aws:dynamodb:r:a:table/items/index/x"),
      ).allowed,
    ).toBe(false);
    expect(
      evaluateIdentityPolicy(
        statements,
        request("dynamodb:PutItem", "arn:aws:dynamodb:r:a:table/Items/index/x"),
      ).allowed,
    ).toBe(false);
  });

  it.each([
    ["NotAction", { Action: undefined, NotAction: "s3:*" }],
    ["NotResource", { NotResource: "*" }],
    ["NotPrincipal", { NotPrincipal: "*" }],
    ["an unknown operator", { Condition: { DateLessThan: { "aws:SourceArn": "x" } } }],
    ["an unknown key", { Condition: { StringEquals: { "aws:userid": "x" } } }],
    ["a policy variable", { Condition: { StringEquals: { "aws:PrincipalArn": "${aws:username}" } } }],
  ])("are refused with %s", (_what, more) => {
    expect(() => parsePolicyDocument(statement(more))).toThrow();
  });

  it.each([
    ["StringEquals", ["a"], ["a"], true],
    ["StringEquals", ["a"], [], false],
    ["StringEqualsIfExists", ["a"], [], true],
    ["StringNotEquals", ["a"], [], true],
    ["StringNotEquals", ["a"], ["a"], false],
    ["StringLike", ["pat_*"], ["pat_1"], true],
    ["ForAllValues:StringLike", ["pat_*"], ["pat_1", "link"], false],
    ["ForAllValues:StringLike", ["pat_*"], [], true],
    ["ForAnyValue:StringLike", ["pat_*"], ["pat_1", "link"], true],
    ["ForAnyValue:StringLike", ["pat_*"], [], false],
    ["Null", ["false"], [], false],
    ["Null", ["true"], [], true],
    ["ArnLike", ["arn:aws:sns:*:1:topic*"], ["arn:aws:sns:us-east-1:1:topic-a"], true],
    ["ArnLike", ["arn:aws:sns:*:topic"], ["arn:aws:sns:us-east-1:1:topic"], false],
    ["Bool", ["true"], ["TRUE"], true],
    ["NumericLessThan", ["1.2"], ["1.3"], false],
    ["NumericLessThan", ["1.2"], ["1.1"], true],
    ["NumericLessThan", ["1.2"], [], false],
    ["NumericGreaterThan", ["10"], ["9"], false],
    ["NumericEquals", ["10"], ["10.0"], true],
  ])("%s of %j holds for %j: %s", (operator, values, actual, expected) => {
    const condition = { operator, key: "aws:SourceArn", values };
    assertKnownCondition(condition);
    expect(conditionHolds(condition, { "aws:sourceArn": actual })).toBe(expected);
  });
});
