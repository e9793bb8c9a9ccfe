import { describe, expect, it } from "vitest";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createChainEnd } from "#shared/adapters/dynamodb/chain-end.ts";
import { createHeadsOfShard } from "#shared/adapters/dynamodb/chain-heads.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { HEAD_SHARDS, headShardOf } from "#shared/audit/chain.ts";
import { collectHeads } from "#shared/audit/moved-heads.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createTestClock } from "#test/support/clock.ts";
import { createStore } from "#test/support/store.ts";

function aLedger() {
  const store = createStore();
  const clock = createTestClock();
  const read = createReadSnapshot(store.dynamodb);
  const journal = createJournal(store.dynamodb, {
    table: "Audit",
    function: "test",
    read,
    newId,
    now: clock.now,
  });
  return {
    clock,
    headsOfShard: createHeadsOfShard(store.dynamodb, "Audit"),
    chainEnd: createChainEnd({ read, journal }, "Audit"),
    happens: (actor: string, details = {}) =>
      journal.record({ action: "test.happened", actor, role: "function", requestId: "request-1", details }),
  };
}

describe("the index of heads", () => {
  it("shows every chain once, at its newest entry", async () => {
    const { happens, headsOfShard, clock } = aLedger();
    for (let count = 0; count < 20; count += 1) {
      await happens(`function:${count}`);
      clock.advance(1);
    }
    const newest = await happens("function:0");
    const { heads, end } = await collectHeads(headsOfShard, null, 1000);
    expect(end).toBeNull();
    expect(heads.map(({ chain }) => chain).sort()).toEqual(
      Array.from({ length: 20 }, (_each, count) => `actor#function:${count}`).sort(),
    );
    expect(heads).toContainEqual({ chain: "actor#function:0", hash: newest.hash, sequence: 2 });
  });

  it("shows what moved at a time or later", async () => {
    const { happens, headsOfShard, clock } = aLedger();
    await happens("function:old");
    clock.advance(1);
    const from = clock.iso();
    await happens("function:new");
    const { heads } = await collectHeads(headsOfShard, from, 1000);
    expect(heads.map(({ chain }) => chain)).toEqual(["actor#function:new"]);
  });

  it("is cut off at the limit of a shard, and says so", async () => {
    const { happens, headsOfShard, clock } = aLedger();
    const shard = HEAD_SHARDS[0] ?? "";
    const names = Array.from({ length: 200 }, (_each, count) => `function:${count}`)
      .filter((name) => headShardOf(`actor#${name}`) === shard)
      .slice(0, 4);
    for (const name of names) {
      await happens(name);
      clock.advance(1);
    }
    expect(names).toHaveLength(4);
    const some = await headsOfShard(shard, null, 3);
    expect(some.heads.map(({ chain }) => chain)).toEqual(names.slice(0, 3).map((name) => `actor#${name}`));
    expect(some.more).toBe(true);
    expect((await headsOfShard(shard, null, 5)).more).toBe(false);
  });
});

describe("the end of an actor's chain", () => {
  it("is its newest entries, the newest first", async () => {
    const { happens, chainEnd } = aLedger();
    for (let count = 1; count <= 5; count += 1) await happens("function:x", { count });
    const entries = await chainEnd("function:x", 3);
    expect(entries.map(({ details }) => details["count"])).toEqual([5, 4, 3]);
    expect(await chainEnd("function:x", 100)).toHaveLength(5);
    expect(await chainEnd("function:y", 3)).toEqual([]);
  });
});
