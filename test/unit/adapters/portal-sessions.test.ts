import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it } from "vitest";
import { createPortalSessions } from "#shared/adapters/dynamodb/portal-sessions.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
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
      pinSince: null,
      deviceHash: null,
      written: [],
      uploads: [],
    });
  });
});
