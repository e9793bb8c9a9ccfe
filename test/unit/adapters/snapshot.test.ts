import { BatchGetItemCommand, DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import "aws-sdk-client-mock-vitest/extend";
import { beforeEach, describe, expect, it } from "vitest";
import { put } from "#shared/adapters/dynamodb/items.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import type { Lookup } from "#shared/audit/journal.ts";
import { createWorld } from "#test/support/core-world.ts";

function aLookup(table: string, pk: string): Lookup<unknown> {
  return { table, key: { pk, sk: "thing" }, parse: (item) => item["value"] };
}

function anItem(pk: string, value: string) {
  return { pk: { S: pk }, sk: { S: "thing" }, value: { S: value } };
}

function aKey(pk: string) {
  return { pk: { S: pk }, sk: { S: "thing" } };
}

describe("a snapshot", () => {
  const client = new DynamoDBClient({ region: "us-east-1" });
  const dynamodb = mockClient(client);
  const read = createReadSnapshot(client);

  beforeEach(() => {
    dynamodb.reset();
  });

  it("asks once for an item that is looked up twice, which DynamoDB refuses, and gives it twice", async () => {
    dynamodb.on(BatchGetItemCommand).resolves({ Responses: { Patients: [anItem("one", "value one")] } });

    const values = await read(aLookup("Patients", "one"), aLookup("Patients", "one"));

    expect(values).toEqual(["value one", "value one"]);
    expect(dynamodb).toHaveReceivedCommandWith(BatchGetItemCommand, {
      RequestItems: { Patients: { Keys: [aKey("one")], ConsistentRead: true } },
    });
  });

  it("of one item is a consistent GetItem", async () => {
    dynamodb.on(GetItemCommand).resolves({ Item: anItem("one", "value one") });

    const values = await read(aLookup("Patients", "one"));

    expect(values).toEqual(["value one"]);
    expect(dynamodb).toHaveReceivedCommandWith(GetItemCommand, {
      TableName: "Patients",
      Key: aKey("one"),
      ConsistentRead: true,
    });
  });

  it("of several items is one consistent BatchGetItem over their tables", async () => {
    dynamodb.on(BatchGetItemCommand).resolves({
      Responses: { Patients: [anItem("two", "second"), anItem("one", "first")], Consents: [] },
    });

    const values = await read(
      aLookup("Patients", "one"),
      aLookup("Consents", "one"),
      aLookup("Patients", "two"),
    );

    expect(values).toEqual(["first", undefined, "second"]);
    expect(dynamodb).toHaveReceivedCommandWith(BatchGetItemCommand, {
      RequestItems: {
        Patients: { Keys: [aKey("one"), aKey("two")], ConsistentRead: true },
        Consents: { Keys: [aKey("one")], ConsistentRead: true },
      },
    });
  });

  it("asks again for what was not processed", async () => {
    const rest = { Consents: { Keys: [aKey("one")], ConsistentRead: true } };
    dynamodb
      .on(BatchGetItemCommand)
      .resolvesOnce({ Responses: { Patients: [anItem("one", "first")] }, UnprocessedKeys: rest })
      .resolves({ Responses: { Consents: [anItem("one", "consent")] } });

    const values = await read(aLookup("Patients", "one"), aLookup("Consents", "one"));

    expect(values).toEqual(["first", "consent"]);
    expect(dynamodb).toHaveReceivedNthCommandWith(BatchGetItemCommand, 2, { RequestItems: rest });
  });

  it("never answers in part: a consent that could not be read is no absent consent", async () => {
    dynamodb.on(BatchGetItemCommand).resolves({
      Responses: { Patients: [anItem("one", "first")] },
      UnprocessedKeys: { Consents: { Keys: [aKey("one")] } },
    });

    const values = read(aLookup("Patients", "one"), aLookup("Consents", "one"));

    await expect(values).rejects.toThrow("did not answer in full");
  });

  it("of nothing asks nobody", async () => {
    const values = await read();

    expect(values).toEqual([]);
    expect(dynamodb).not.toHaveReceivedCommand(BatchGetItemCommand);
  });

  it("throws for an item that is not what was written", async () => {
    const world = createWorld();
    await world.put(put("Messages", { pk: "pat_1", sk: "alert#alr_1", status: "invented" }));

    await expect(world.read(world.messages.alert("pat_1", "alr_1"))).rejects.toThrow();
  });
});
