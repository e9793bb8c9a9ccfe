import {
  DynamoDBClient,
  GetItemCommand,
  ThrottlingException,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import "aws-sdk-client-mock-vitest/extend";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { ABSENT, put } from "#shared/adapters/dynamodb/items.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { GENESIS_HASH, hashEntry, headShardOf } from "#shared/audit/chain.ts";
import type { AuditEntry } from "#shared/audit/journal.ts";
import { newId } from "#shared/runtime/ids.ts";
import { ASKING, PATIENT_ID } from "#test/support/builders.ts";
import { createTestClock } from "#test/support/clock.ts";
import { createStore } from "#test/support/store.ts";

const EVENT = { ...ASKING, action: "message.accepted", patientId: PATIENT_ID } as const;
const CHAIN_KEY = { pk: PATIENT_ID, sk: "head" };

function aJournal(store = createStore()) {
  const { now } = createTestClock();
  const read = createReadSnapshot(store.dynamodb);
  const journal = createJournal(store.dynamodb, { table: "Audit", function: "messages", read, newId, now });
  const entries = () =>
    store.items("Audit").filter(({ sk }) => sk !== "head") as unknown as (AuditEntry & {
      pk: string;
      sk: string;
    })[];
  return { store, read, journal, entries };
}

function aWrite(name: string) {
  return put("Messages", { pk: name, sk: "thing" }, ABSENT);
}

describe("the journal", () => {
  it("writes the entry with what it records", async () => {
    const { store, journal, entries } = aJournal();

    const outcome = await journal.commit(EVENT, [aWrite("one"), aWrite("two")]);

    expect(outcome.kind).toBe("committed");
    expect(store.items("Messages")).toHaveLength(2);
    expect(entries()).toEqual([expect.objectContaining({ ...EVENT, sequence: 1, sk: "000000000001" })]);
  });

  it("stores what hashes to the entry's own hash", async () => {
    const { journal, entries } = aJournal();
    await journal.record({ ...EVENT, details: { list: ["b", "a"], nested: { z: 1, a: null } } });

    const [entry] = entries();
    const { pk: _pk, sk: _sk, hash, ...rest } = entry as NonNullable<typeof entry>;

    expect(hashEntry(rest)).toBe(hash);
  });

  it("keeps one chain for each patient and one for each actor", async () => {
    const { journal, entries } = aJournal();
    await journal.record(EVENT);
    await journal.record({ ...ASKING, action: "practice.changed" });
    await journal.record({ ...ASKING, action: "practice.switched", actor: "staff_2" });

    const chains = entries().map(({ chain, sequence }) => [chain, sequence]);

    expect(chains).toEqual([
      ["actor#staff_1", 1],
      ["actor#staff_2", 1],
      [PATIENT_ID, 1],
    ]);
  });

  it("loses no entry and leaves no gap when twenty write to one chain at once", async () => {
    const { journal, entries } = aJournal();

    await Promise.all(
      Array.from({ length: 20 }, (_, index) => journal.record({ ...EVENT, requestId: `request-${index}` })),
    );

    const chain = entries();
    expect(chain.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    expect(new Set(chain.map(({ requestId }) => requestId)).size).toBe(20);
    expect(chain.map(({ previousHash }) => previousHash)).toEqual([
      GENESIS_HASH,
      ...chain.slice(0, -1).map(({ hash }) => hash),
    ]);
  });

  it("reads the head anew when the one it was given is old", async () => {
    const { read, journal, entries } = aJournal();
    const [head] = await read(journal.head(EVENT));
    await journal.record(EVENT);

    await journal.record(EVENT, head ?? null);

    expect(entries().map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it("writes nothing and names the writes whose condition does not hold", async () => {
    const { store, journal, entries } = aJournal();
    await journal.commit(EVENT, [aWrite("taken"), aWrite("also-taken")]);

    const outcome = await journal.commit(EVENT, [
      aWrite("free"),
      aWrite("taken"),
      aWrite("free-too"),
      aWrite("also-taken"),
    ]);

    expect(outcome).toEqual({ kind: "conflict", failed: [1, 3] });
    expect(store.items("Messages")).toHaveLength(2);
    expect(entries()).toHaveLength(1);
  });

  it("calls a failed condition a conflict also when the chain moved on", async () => {
    const { journal } = aJournal();
    await journal.commit(EVENT, [aWrite("taken")]);

    const outcome = await journal.commit(EVENT, [aWrite("taken")], null);

    expect(outcome).toEqual({ kind: "conflict", failed: [0] });
  });

  it("leaves nothing behind when the audit table does not answer", async () => {
    const store = createStore();
    const { journal, entries } = aJournal(store);
    store.setIntercept(({ action }) => {
      if (action === "TransactWriteItems") throw new Error("out of reach");
    });

    const commit = journal.commit(EVENT, [aWrite("one")]);

    await expect(commit).rejects.toThrow();
    expect(store.items("Messages")).toEqual([]);
    expect(entries()).toEqual([]);
  });
});

describe("the journal's transaction", () => {
  const client = new DynamoDBClient({ region: "us-east-1" });
  const dynamodb = mockClient(client);
  const { now } = createTestClock();
  const journal = createJournal(client, {
    table: "Audit",
    function: "messages",
    read: createReadSnapshot(client),
    newId: () => "aud_1",
    now,
  });
  const head = { sequence: 7, hash: "a".repeat(64) };
  const canceled = (...codes: string[]) =>
    new TransactionCanceledException({
      message: "canceled",
      $metadata: {},
      CancellationReasons: codes.map((Code) => ({ Code })),
    });

  beforeEach(() => {
    dynamodb.reset();
    dynamodb.on(GetItemCommand).resolves({});
  });

  it("carries the entry's id as its token, so that a repeated request writes once", async () => {
    dynamodb.on(TransactWriteItemsCommand).resolves({});

    await journal.record(EVENT, head);

    expect(dynamodb).toHaveReceivedCommandWith(TransactWriteItemsCommand, { ClientRequestToken: "aud_1" });
  });

  it("holds the head to the number and hash that were read", async () => {
    dynamodb.on(TransactWriteItemsCommand).resolves({});

    const entry = await journal.record(EVENT, head);

    expect(entry).toMatchObject({ sequence: 8, previousHash: head.hash });
    expect(dynamodb).toHaveReceivedCommandWith(TransactWriteItemsCommand, {
      TransactItems: [
        {
          Put: expect.objectContaining({
            TableName: "Audit",
            Item: expect.objectContaining({ pk: { S: PATIENT_ID }, sk: { S: "000000000008" } }),
            ConditionExpression: "attribute_not_exists(pk)",
          }),
        },
        {
          Put: {
            TableName: "Audit",
            Item: {
              pk: { S: PATIENT_ID },
              sk: { S: "head" },
              sequence: { N: "8" },
              hash: { S: entry.hash },
              at: { S: entry.at },
              headShard: { S: headShardOf(PATIENT_ID) },
            },
            ConditionExpression: "#sequence = :sequence AND #hash = :hash",
            ExpressionAttributeNames: { "#sequence": "sequence", "#hash": "hash" },
            ExpressionAttributeValues: { ":sequence": { N: "7" }, ":hash": { S: head.hash } },
          },
        },
      ],
    });
  });

  it("reads the head in a strongly consistent way", async () => {
    dynamodb.on(TransactWriteItemsCommand).resolves({});

    await journal.record(EVENT);

    expect(dynamodb).toHaveReceivedCommandWith(GetItemCommand, {
      TableName: "Audit",
      Key: { pk: { S: CHAIN_KEY.pk }, sk: { S: CHAIN_KEY.sk } },
      ConsistentRead: true,
    });
  });

  it("is tried again when another transaction held an item", async () => {
    dynamodb
      .on(TransactWriteItemsCommand)
      .rejectsOnce(canceled("TransactionConflict", "None", "None"))
      .resolves({});

    const outcome = await journal.commit(EVENT, [aWrite("one")], head);

    expect(outcome.kind).toBe("committed");
    expect(dynamodb).toHaveReceivedCommandTimes(TransactWriteItemsCommand, 2);
  });

  it.each([
    ["throttled", canceled("None", "ThrottlingError", "None")],
    ["refused as invalid", canceled("ValidationError", "None", "None")],
    ["not answered", new ThrottlingException({ message: "slow down", $metadata: {} })],
  ])("is not tried again and throws when it was %s", async (_name, error) => {
    dynamodb.on(TransactWriteItemsCommand).rejects(error);

    await expect(journal.commit(EVENT, [aWrite("one")], head)).rejects.toBe(error);

    expect(dynamodb).toHaveReceivedCommandTimes(TransactWriteItemsCommand, 1);
  });

  it("throws in the end when the chain stays contended", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    dynamodb.on(TransactWriteItemsCommand).rejects(canceled("None", "ConditionalCheckFailed"));

    await expect(journal.record(EVENT, head)).rejects.toThrow("nothing was written");
  });
});
