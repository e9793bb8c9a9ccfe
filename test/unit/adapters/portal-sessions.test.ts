import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it } from "vitest";
import { createFeignMiss } from "#shared/adapters/dynamodb/feign-miss.ts";
import { createPortalSessions } from "#shared/adapters/dynamodb/portal-sessions.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createStore } from "#test/support/store.ts";

const NOW = new Date("2026-11-04T17:00:00.000Z");

describe("a session of an older release", () => {
  it("is read as one that proved no date, on no remembered device, in which nothing was written", async () => {
    const store = createStore();
    const session = {
      hash: "hash",
      stage: "open",
      patientId: "pat_1",
      threadId: "thr_1",
      linkLookup: "lookup",
      tier: 3,
      createdAt: NOW.toISOString(),
      lastSeenAt: NOW.toISOString(),
    };
    const Item = marshall({ pk: "session#hash", sk: "session", ...session });
    await store.dynamodb.send(new PutItemCommand({ TableName: "Messages", Item }));

    const [found] = await createReadSnapshot(store.dynamodb)(
      createPortalSessions("Messages").session("hash"),
    );

    expect(found).toEqual({
      ...session,
      birthDateProven: false,
      deviceHash: null,
      written: [],
      uploads: [],
    });
  });
});

describe("a feigned miss", () => {
  const feigning = (store: ReturnType<typeof createStore>) =>
    createFeignMiss(store.dynamodb, { table: "Messages", newId, now: () => NOW });

  it("is one transaction of four items with conditions, under no patient, link or chain", async () => {
    const store = createStore();

    await feigning(store)();

    const [call] = store.calls.filter(({ action }) => action === "TransactWriteItems");
    expect(call?.input["TransactItems"]).toHaveLength(4);
    expect(store.items("Messages").map(({ pk }) => String(pk))).toEqual(
      Array.from({ length: 4 }, () => expect.stringMatching(/^decoy#\d{1,3}$/)),
    );
    expect(store.items("Messages").every((item) => "expiresAtSeconds" in item)).toBe(true);
    expect(store.items("Audit")).toEqual([]);
  });

  it("fills no table however often it is made, also at once", async () => {
    const store = createStore();
    const feign = feigning(store);

    for (let round = 0; round < 6; round += 1) {
      await Promise.all(Array.from({ length: 100 }, () => feign()));
    }

    expect(store.items("Messages").length).toBeLessThanOrEqual(256 * 4);
    expect(store.items("Messages").length).toBeGreaterThan(0);
  });

  it("fails as a counted miss does when the store does not answer", async () => {
    const store = createStore();
    store.setIntercept(() => {
      throw new Error("broken connection");
    });

    await expect(feigning(store)()).rejects.toThrow();
  });
});
