import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Aws } from "#infra/local/aws/aws.ts";
import type { Clock } from "#infra/local/aws/clock.ts";
import { clientOf, startSmallStack } from "./small-stack.ts";

let aws: Aws;
let clock: Clock;
let stop: () => Promise<void>;
let client: DynamoDBClient;
let table: string;

beforeAll(async () => {
  ({ aws, clock, stop } = await startSmallStack());
  client = new DynamoDBClient(clientOf(aws, "worker"));
  [table = ""] = aws.tables.names();
});
afterAll(async () => {
  client.destroy();
  await stop();
});

const key = (pk: string, sk = "item") => ({ pk: { S: pk }, sk: { S: sk } });
const put = (pk: string, more: Record<string, { S: string } | { N: string }> = {}) =>
  client.send(new PutItemCommand({ TableName: table, Item: { ...key(pk), ...more } }));
const get = async (pk: string) =>
  (await client.send(new GetItemCommand({ TableName: table, Key: key(pk), ConsistentRead: true }))).Item;

describe("transactions on the local tables", () => {
  it("write all items or none, and give the item that a condition failed on", async () => {
    await put("t1", { owner: { S: "someone" } });

    const refusal = client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: table, Item: key("t2") } },
          {
            ConditionCheck: {
              TableName: table,
              Key: key("t1"),
              ConditionExpression: "attribute_not_exists(pk)",
              ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            },
          },
        ],
      }),
    );

    const error = await refusal.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect((error as TransactionCanceledException).CancellationReasons).toEqual([
      { Code: "None" },
      {
        Code: "ConditionalCheckFailed",
        Message: "The conditional request failed",
        Item: { ...key("t1"), owner: { S: "someone" } },
      },
    ]);
    expect(await get("t2")).toBeUndefined();
  });

  it("undo earlier writes when a later one turns out to be impossible", async () => {
    await put("t3", { count: { S: "not a number" } });

    const refusal = client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: table, Item: key("t4") } },
          {
            Update: {
              TableName: table,
              Key: key("t3"),
              UpdateExpression: "SET #c = #c + :one",
              ExpressionAttributeNames: { "#c": "count" },
              ExpressionAttributeValues: { ":one": { N: "1" } },
            },
          },
        ],
      }),
    );

    await expect(refusal).rejects.toMatchObject({
      name: "TransactionCanceledException",
      CancellationReasons: [{ Code: "None" }, { Code: "ValidationError" }],
    });
    expect(await get("t4")).toBeUndefined();
  });

  it("let exactly one of fifty racing writers win", async () => {
    const attempts = Array.from({ length: 50 }, (_none, index) =>
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            {
              Put: {
                TableName: table,
                Item: { ...key("race"), winner: { N: String(index) } },
                ConditionExpression: "attribute_not_exists(pk)",
              },
            },
            { Put: { TableName: table, Item: key(`race-${index}`) } },
          ],
        }),
      ),
    );

    const outcomes = await Promise.allSettled(attempts);

    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(
      aws.tables.items(table).filter((item) => String(item["pk"]?.["S"]).startsWith("race-")),
    ).toHaveLength(1);
  });

  it("refuse two operations on one item, more than a hundred items, and a parameter that AWS does not take", async () => {
    const transact = (TransactItems: object[]) =>
      client.send(new TransactWriteItemsCommand({ TransactItems }));
    const check = { TableName: table, Key: key("t1"), ConditionExpression: "attribute_exists(pk)" };

    await expect(
      transact([{ Put: { TableName: table, Item: key("t1") } }, { ConditionCheck: check }]),
    ).rejects.toMatchObject({
      name: "ValidationException",
      message: "Transaction request cannot include multiple operations on one item",
    });
    await expect(
      transact(
        Array.from({ length: 101 }, (_none, index) => ({
          Put: { TableName: table, Item: key(`many-${index}`) },
        })),
      ),
    ).rejects.toThrow("less than or equal to 100");
    await expect(transact([{ ConditionCheck: { TableName: table, Key: key("t1") } }])).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  it("happen once for a client token within ten minutes, and refuse the token for another request", async () => {
    const add = (pk: string) =>
      client.send(
        new TransactWriteItemsCommand({
          ClientRequestToken: "token-1",
          TransactItems: [
            {
              Update: {
                TableName: table,
                Key: key(pk),
                UpdateExpression: "ADD #n :one",
                ExpressionAttributeNames: { "#n": "n" },
                ExpressionAttributeValues: { ":one": { N: "1" } },
              },
            },
          ],
        }),
      );

    await add("counter");
    await add("counter");

    expect(await get("counter")).toMatchObject({ n: { N: "1" } });
    await expect(add("other")).rejects.toMatchObject({ name: "IdempotentParameterMismatchException" });
    clock.advanceTo(clock.now() + 11 * 60 * 1000);
    await add("counter");
    expect(await get("counter")).toMatchObject({ n: { N: "2" } });
  });

  it("read several items at once", async () => {
    await put("t5");

    const { Responses } = await client.send(
      new TransactGetItemsCommand({
        TransactItems: [
          { Get: { TableName: table, Key: key("t5") } },
          { Get: { TableName: table, Key: key("none") } },
        ],
      }),
    );

    expect(Responses).toEqual([{ Item: key("t5") }, {}]);
  });
});

describe("single operations on the local tables", () => {
  it("give the item that a condition failed on when asked to", async () => {
    await put("s1", { version: { N: "1" } });

    const refusal = client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: key("s1"),
        UpdateExpression: "SET version = :next",
        ConditionExpression: "version = :seen",
        ExpressionAttributeValues: { ":next": { N: "3" }, ":seen": { N: "2" } },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );

    await expect(refusal).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
      Item: { version: { N: "1" } },
    });
  });

  it("query an index by its projection, in order and page by page", async () => {
    for (const [index, at] of ["2026-01-03", "2026-01-01", "2026-01-02"].entries()) {
      await put(`due-${index}`, {
        dueShard: { S: "0" },
        dueAt: { S: at },
        queue: { S: "bulk" },
        secret: { S: "not projected" },
      });
    }
    const page = (ExclusiveStartKey?: Record<string, { S: string }>) =>
      client.send(
        new QueryCommand({
          TableName: table,
          IndexName: "due",
          KeyConditionExpression: "dueShard = :shard AND dueAt <= :now",
          ExpressionAttributeValues: { ":shard": { S: "0" }, ":now": { S: "2026-01-03" } },
          Limit: 2,
          ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
        }),
      );

    const first = await page();
    const second = await page(first.LastEvaluatedKey as Record<string, { S: string }>);

    expect([...(first.Items ?? []), ...(second.Items ?? [])].map(({ dueAt }) => dueAt?.S)).toEqual([
      "2026-01-01",
      "2026-01-02",
      "2026-01-03",
    ]);
    expect(first.Items?.[0]).toEqual({
      ...key("due-1"),
      dueShard: { S: "0" },
      dueAt: { S: "2026-01-01" },
      queue: { S: "bulk" },
    });
    expect(second.LastEvaluatedKey).toBeUndefined();
  });

  it("keep a sparse index in step with updates, also for items of equal index keys", async () => {
    const due = { dueShard: { S: "sparse" }, dueAt: { S: "2026-01-01" } };
    for (const pk of ["sparse-1", "sparse-2", "sparse-3"]) await put(pk, due);
    const indexed = async () => {
      const { Items } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: "due",
          KeyConditionExpression: "dueShard = :shard",
          ExpressionAttributeValues: { ":shard": { S: "sparse" } },
        }),
      );
      return Items?.map(({ pk }) => pk?.S).toSorted();
    };
    expect(await indexed()).toEqual(["sparse-1", "sparse-2", "sparse-3"]);

    await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: key("sparse-2"),
        UpdateExpression: "REMOVE dueShard, dueAt",
      }),
    );

    expect(await indexed()).toEqual(["sparse-1", "sparse-3"]);
    expect(await get("sparse-2")).toEqual(key("sparse-2"));
  });

  it("update by every clause of an update expression at once", async () => {
    await put("u1", { count: { N: "9" }, old: { S: "x" } });

    const { Attributes } = await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: key("u1"),
        UpdateExpression:
          "SET #c = #c + :one, firstAt = if_not_exists(firstAt, :now), #l = list_append(if_not_exists(#l, :none), :entry) REMOVE #o ADD tags :tags",
        ConditionExpression: "#c BETWEEN :one AND :ten AND attribute_exists(#o) AND NOT contains(#o, :now)",
        ExpressionAttributeNames: { "#c": "count", "#l": "list", "#o": "old" },
        ExpressionAttributeValues: {
          ":one": { N: "1" },
          ":ten": { N: "10" },
          ":now": { S: "now" },
          ":none": { L: [] },
          ":entry": { L: [{ M: { a: { BOOL: true } } }] },
          ":tags": { SS: ["a"] },
        },
        ReturnValues: "ALL_NEW",
      }),
    );

    expect(Attributes).toEqual({
      ...key("u1"),
      count: { N: "10" },
      firstAt: { S: "now" },
      list: { L: [{ M: { a: { BOOL: true } } }] },
      tags: { SS: ["a"] },
    });
  });

  it("query backwards, by the start of the sort key, with a filter", async () => {
    for (const sk of ["msg#1", "msg#2", "msg#3", "thread#1"]) {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: { ...key("pat_q", sk), even: { BOOL: sk.endsWith("2") } },
        }),
      );
    }

    const { Items } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :start)",
        FilterExpression: "even = :no",
        ExpressionAttributeValues: { ":pk": { S: "pat_q" }, ":start": { S: "msg#" }, ":no": { BOOL: false } },
        ScanIndexForward: false,
      }),
    );

    expect(Items?.map(({ sk }) => sk?.S)).toEqual(["msg#3", "msg#1"]);
  });

  it("get and write in batches", async () => {
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: { [table]: [{ PutRequest: { Item: key("b1") } }, { PutRequest: { Item: key("b2") } }] },
      }),
    );

    const { Responses } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys: [key("b1"), key("b2"), key("b3")] } } }),
    );

    expect(Responses?.[table]?.map(({ pk }) => pk?.S).toSorted()).toEqual(["b1", "b2"]);
  });

  it("refuse an empty text as an index key and leave the item as it was", async () => {
    await put("e1", { dueShard: { S: "1" }, dueAt: { S: "2026-01-01" } });

    const refusal = client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: key("e1"),
        UpdateExpression: "SET dueShard = :none",
        ExpressionAttributeValues: { ":none": { S: "" } },
      }),
    );

    await expect(refusal).rejects.toMatchObject({ name: "ValidationException" });
    expect(await get("e1")).toMatchObject({ dueShard: { S: "1" } });
  });

  it("refuse unused expression values, unknown tables and reserved words", async () => {
    const read = (more: object) =>
      client.send(new GetItemCommand({ TableName: table, Key: key("s1"), ...more }));

    await expect(read({ ProjectionExpression: "size" })).rejects.toMatchObject({
      name: "ValidationException",
    });
    await expect(read({ ExpressionAttributeNames: { "#a": "a" } })).rejects.toMatchObject({
      name: "ValidationException",
    });
    const host = new DynamoDBClient({ ...clientOf(aws, "worker"), credentials: aws.hostCredentials });
    await expect(host.send(new GetItemCommand({ TableName: "Other", Key: key("s1") }))).rejects.toMatchObject(
      { name: "ResourceNotFoundException" },
    );
    await expect(host.send(new ScanCommand({ TableName: table }))).rejects.toMatchObject({
      name: "UnknownOperationException",
    });
    host.destroy();
  });

  it("expire items whose time to live is over at the local clock", async () => {
    const nowSeconds = Math.floor(clock.now() / 1000);
    await put("ttl-1", { expiresAtSeconds: { N: String(nowSeconds + 60) } });

    expect(aws.tables.expireItems()).toBe(0);
    clock.advanceTo(clock.now() + 61_000);
    expect(aws.tables.expireItems()).toBe(1);

    expect(await get("ttl-1")).toBeUndefined();
    const described = await client.send(new DescribeTimeToLiveCommand({ TableName: table }));
    expect(described.TimeToLiveDescription).toEqual({
      TimeToLiveStatus: "ENABLED",
      AttributeName: "expiresAtSeconds",
    });
  });
});
