import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Aws } from "#infra/local/aws/aws.ts";
import type { QueriedItems } from "#infra/local/aws/dynamodb/meter.ts";
import { clientOf, startSmallStack } from "./small-stack.ts";

let aws: Aws;
let stop: () => Promise<void>;
let client: DynamoDBClient;
let table: string;

beforeAll(async () => {
  ({ aws, stop } = await startSmallStack());
  client = new DynamoDBClient({ ...clientOf(aws, "worker"), maxAttempts: 1 });
  [table = ""] = aws.tables.names();
});
afterAll(async () => {
  client.destroy();
  await stop();
});

const KILOBYTE = 1024;
/** Bytes of the key's names and values for a name of two letters: pk + 2, sk + 4. */
const KEY_BYTES = 10;
const key = (pk: string, sk = "item") => ({ pk: { S: pk }, sk: { S: sk } });
/** An item of exactly so many bytes. */
const sized = (pk: string, bytes: number) => ({
  ...key(pk),
  body: { S: "x".repeat(bytes - KEY_BYTES - "body".length) },
});
const due = (dueAt: string, queue = "bulk") => ({
  dueShard: { S: "due#0" },
  dueAt: { S: dueAt },
  queue: { S: queue },
});
const lastUnits = () => aws.calls().at(-1)?.units;
const tableOnly = (units: { read?: number; write?: number; items: number }) => ({
  read: 0,
  write: 0,
  indexRead: 0,
  indexWrite: 0,
  ...units,
});
const put = async (item: Record<string, { S: string }>) => {
  await client.send(new PutItemCommand({ TableName: table, Item: item }));
  return lastUnits();
};
const indexUnitsOf = async (item: Record<string, { S: string }>) => (await put(item))?.indexWrite;

describe("units of reads", () => {
  it("are one for each 4 KB of a strongly consistent read, and half of that otherwise", async () => {
    await put(sized("r1", 4 * KILOBYTE));
    await put(sized("r2", 4 * KILOBYTE + 1));

    await client.send(new GetItemCommand({ TableName: table, Key: key("r1"), ConsistentRead: true }));
    expect(lastUnits()).toEqual(tableOnly({ read: 1, items: 1 }));
    await client.send(new GetItemCommand({ TableName: table, Key: key("r2"), ConsistentRead: true }));
    expect(lastUnits()).toEqual(tableOnly({ read: 2, items: 1 }));
    await client.send(new GetItemCommand({ TableName: table, Key: key("r2") }));
    expect(lastUnits()).toEqual(tableOnly({ read: 1, items: 1 }));
    await client.send(new GetItemCommand({ TableName: table, Key: key("no"), ConsistentRead: true }));
    expect(lastUnits()).toEqual(tableOnly({ read: 1, items: 1 }));
  });

  it("round each item of a batch up by itself, missing ones too", async () => {
    await put(sized("b1", 1_536));
    await put(sized("b2", 6_656));

    await client.send(
      new BatchGetItemCommand({
        RequestItems: { [table]: { Keys: [key("b1"), key("b2"), key("b3")], ConsistentRead: true } },
      }),
    );

    // 1.5 KB are 4, 6.5 KB are 8, nothing is 4.
    expect(lastUnits()).toEqual(tableOnly({ read: 4, items: 3 }));
  });

  it("are double inside a transaction", async () => {
    await put(sized("t1", 4 * KILOBYTE + 1));
    await client.send(
      new TransactGetItemsCommand({
        TransactItems: ["t1", "t0"].map((pk) => ({ Get: { TableName: table, Key: key(pk) } })),
      }),
    );

    expect(lastUnits()).toEqual(tableOnly({ read: 6, items: 2 }));
  });

  it("of a query are those of the sum of what it went through, also where a filter leaves less", async () => {
    for (const sk of ["1", "2", "3", "4", "5"]) {
      await put({ ...key("qq", sk), body: { S: "x".repeat(KILOBYTE) } });
    }
    const query = {
      TableName: table,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: "qq" } },
      ConsistentRead: true,
    };

    await client.send(new QueryCommand(query));
    // Five items of a little over 1 KB: 5.1 KB.
    expect(lastUnits()).toEqual(tableOnly({ read: 2, items: 5 }));
    await client.send(
      new QueryCommand({
        ...query,
        FilterExpression: "body = :other",
        ProjectionExpression: "sk",
        ExpressionAttributeValues: { ...query.ExpressionAttributeValues, ":other": { S: "y" } },
      }),
    );
    expect(lastUnits()).toEqual(tableOnly({ read: 2, items: 5 }));
    await client.send(new QueryCommand({ ...query, Limit: 2, ConsistentRead: false }));
    expect(lastUnits()).toEqual(tableOnly({ read: 0.5, items: 2 }));
    await client.send(new QueryCommand({ ...query, ExpressionAttributeValues: { ":pk": { S: "none" } } }));
    expect(lastUnits()).toEqual(tableOnly({ read: 1, items: 0 }));
  });

  it("of an index count what it projects, and whoever watches is told what was gone through", async () => {
    const seen: QueriedItems[] = [];
    aws.tables.watchQueries((queried) => seen.push(queried));
    for (const pk of ["i1", "i2"]) await put({ ...sized(pk, 20 * KILOBYTE), ...due("2030-01-01") });
    await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: "due",
        KeyConditionExpression: "dueShard = :shard AND dueAt <= :now",
        ExpressionAttributeValues: { ":shard": { S: "due#0" }, ":now": { S: "2031" } },
      }),
    );

    expect(lastUnits()).toEqual({ read: 0.5, write: 0, indexRead: 0.5, indexWrite: 0, items: 2 });
    expect(seen.map(({ index, items }) => [index, items.map(({ pk }) => pk?.["S"])])).toEqual([
      ["due", ["i1", "i2"]],
    ]);
  });
});

describe("units of writes", () => {
  it("are one for each KB of the larger of the item before and after", async () => {
    expect(await put(sized("w1", KILOBYTE))).toEqual(tableOnly({ write: 1, items: 1 }));
    expect(await put(sized("w1", KILOBYTE + 1))).toEqual(tableOnly({ write: 2, items: 1 }));
    expect(await put(sized("w1", KILOBYTE))).toEqual(tableOnly({ write: 2, items: 1 }));
    await client.send(new DeleteItemCommand({ TableName: table, Key: key("w1") }));
    expect(lastUnits()).toEqual(tableOnly({ write: 1, items: 1 }));
    await client.send(new DeleteItemCommand({ TableName: table, Key: key("w1") }));
    expect(lastUnits()).toEqual(tableOnly({ write: 1, items: 1 }));
  });

  it("are billed for a condition that does not hold, and not for a request that is no request", async () => {
    await put(sized("c1", 3 * KILOBYTE));
    const refused = (bytes: number) =>
      client.send(
        new PutItemCommand({
          TableName: table,
          Item: sized("c1", bytes),
          ConditionExpression: "attribute_not_exists(pk)",
        }),
      );

    await expect(refused(100)).rejects.toThrow(ConditionalCheckFailedException);
    expect(lastUnits()).toEqual(tableOnly({ write: 3, items: 1 }));
    await expect(refused(5 * KILOBYTE)).rejects.toThrow(ConditionalCheckFailedException);
    expect(lastUnits()).toEqual(tableOnly({ write: 5, items: 1 }));
    await expect(
      client.send(new PutItemCommand({ TableName: table, Item: { pk: { S: "c2" } } })),
    ).rejects.toThrow("key");
    expect(lastUnits()).toBeUndefined();
  });

  it("of a batch are those of its writes", async () => {
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [table]: [
            { PutRequest: { Item: sized("bw", 2 * KILOBYTE) } },
            { DeleteRequest: { Key: key("none") } },
          ],
        },
      }),
    );

    expect(lastUnits()).toEqual(tableOnly({ write: 3, items: 2 }));
  });

  it("are double in a transaction, checks and cancelled ones included, but not in its indexes", async () => {
    await put(sized("x1", 2 * KILOBYTE));
    const transact = (condition: string, token?: string) =>
      client.send(
        new TransactWriteItemsCommand({
          ...(token === undefined ? {} : { ClientRequestToken: token }),
          TransactItems: [
            { Put: { TableName: table, Item: { ...sized("x2", KILOBYTE - 200), ...due("2030-02-01") } } },
            { ConditionCheck: { TableName: table, Key: key("x1"), ConditionExpression: condition } },
          ],
        }),
      );

    await expect(transact("attribute_not_exists(pk)")).rejects.toThrow("ConditionalCheckFailed");
    expect(lastUnits()).toEqual(tableOnly({ write: 6, items: 2 }));
    await transact("attribute_exists(pk)", "token-1");
    expect(lastUnits()).toEqual({ read: 0, write: 7, indexRead: 0, indexWrite: 1, items: 2 });
    await transact("attribute_exists(pk)", "token-1");
    expect(lastUnits()).toEqual(tableOnly({ read: 4, items: 2 }));
  });
});

describe("units of index writes", () => {
  it("follow the entry: put, moved, changed, left alone, taken out", async () => {
    expect(await indexUnitsOf(sized("g1", 100))).toBe(0);
    expect(await indexUnitsOf({ ...sized("g1", 100), ...due("2030-03-01") })).toBe(1);
    expect(await indexUnitsOf({ ...sized("g1", 100), ...due("2030-03-02") })).toBe(2);
    expect(await indexUnitsOf({ ...sized("g1", 100), ...due("2030-03-02", "urgent") })).toBe(1);
    // Only something that the index does not keep.
    expect(await indexUnitsOf({ ...sized("g1", 300), ...due("2030-03-02", "urgent") })).toBe(0);
    await client.send(
      new UpdateItemCommand({ TableName: table, Key: key("g1"), UpdateExpression: "REMOVE dueShard" }),
    );
    expect(lastUnits()).toEqual({ read: 0, write: 2, indexRead: 0, indexWrite: 1, items: 1 });
  });

  it("are not billed where the condition does not hold", async () => {
    await put({ ...key("g2"), ...due("2030-04-01") });
    await expect(
      client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: key("g2"),
          UpdateExpression: "SET dueAt = :next",
          ConditionExpression: "dueAt = :seen",
          ExpressionAttributeValues: { ":next": { S: "2031" }, ":seen": { S: "2029" } },
        }),
      ),
    ).rejects.toThrow(ConditionalCheckFailedException);

    expect(lastUnits()).toEqual(tableOnly({ write: 1, items: 1 }));
  });
});
