import { describe, expect, it } from "vitest";
import { createRequestMemory } from "#shared/adapters/dynamodb/request-memory.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { keyedRequest } from "#shared/idempotency/idempotency.ts";
import { ASKING } from "#test/support/builders.ts";
import { createWorld } from "#test/support/core-world.ts";

const DAY_SECONDS = 24 * 3600;
const REQUEST = { fingerprint: "print", answer: '{"id":"msg_1"}' };

function aMemory() {
  const { store, clock, journalOf } = createWorld();
  const memory = createRequestMemory("Messages", clock.now);
  const read = createReadSnapshot(store.dynamodb);
  return {
    store,
    clock,
    remember: () =>
      journalOf("messages").commit({ ...ASKING, action: "test.done" }, [
        memory.remember("slot", REQUEST, clock.now()),
      ]),
    remembered: async () => (await read(memory.remembered("slot")))[0],
  };
}

describe("the memory of a request", () => {
  it("lasts until a second before 24 hours are over", async () => {
    const { clock, remember, remembered } = aMemory();
    await remember();
    clock.advance(DAY_SECONDS - 1);

    expect(await remembered()).toEqual(REQUEST);
  });

  it("is over after 24 hours, though the item may still be there", async () => {
    const { store, clock, remember, remembered } = aMemory();
    await remember();
    clock.advance(DAY_SECONDS);

    expect(await remembered()).toBeNull();
    expect(store.items("Messages")).toHaveLength(1);
  });

  it("is never overwritten while it lasts", async () => {
    const { clock, remember } = aMemory();
    await remember();
    clock.advance(DAY_SECONDS - 1);

    expect(await remember()).toEqual({ kind: "conflict", failed: [0] });
  });

  it("gives its place to a new request once it is over", async () => {
    const { clock, remember } = aMemory();
    await remember();
    clock.advance(DAY_SECONDS);

    expect((await remember()).kind).toBe("committed");
  });

  it("of nothing is undefined", async () => {
    expect(await aMemory().remembered()).toBeUndefined();
  });
});

describe("a keyed request", () => {
  const { store } = createWorld();
  const mac = createMac(store.kms, store.keyArn("IndexKey"));
  const base = {
    caller: "staff_1",
    route: "POST /messages",
    key: "key-1",
    body: { a: 1, b: [2, { c: 3, d: 4 }] },
  };

  it("has one slot and one fingerprint however its body is ordered", async () => {
    const one = await keyedRequest(mac, base);
    const other = await keyedRequest(mac, { ...base, body: { b: [2, { d: 4, c: 3 }], a: 1 } });

    expect(other).toEqual(one);
  });

  it.each([
    ["caller", { caller: "staff_2" }],
    ["route", { route: "POST /patients" }],
    ["key", { key: "key-2" }],
  ])("has another slot for another %s", async (_name, parts) => {
    const one = await keyedRequest(mac, base);
    const other = await keyedRequest(mac, { ...base, ...parts });

    expect(other.slot).not.toBe(one.slot);
    expect(other.fingerprint).not.toBe(one.fingerprint);
  });

  it("has the same slot and another fingerprint for another body", async () => {
    const one = await keyedRequest(mac, base);
    const other = await keyedRequest(mac, { ...base, body: { a: 2 } });

    expect(other.slot).toBe(one.slot);
    expect(other.fingerprint).not.toBe(one.fingerprint);
  });

  it("does not mistake one field for another", async () => {
    const one = await keyedRequest(mac, { ...base, caller: "a", route: "bc" });
    const other = await keyedRequest(mac, { ...base, caller: "ab", route: "c" });

    expect(other.slot).not.toBe(one.slot);
  });
});
