import { describe, expect, it } from "vitest";
import { createTakeSlot, intervalOf } from "#shared/adapters/dynamodb/pace.ts";
import { createPracticeTable } from "#shared/adapters/dynamodb/practice-table.ts";
import { createTestClock } from "#test/support/clock.ts";
import { createStore } from "#test/support/store.ts";

function aPace(perSecond: number | null = 1) {
  const store = createStore();
  const clock = createTestClock();
  const take = createTakeSlot(store.dynamodb, createPracticeTable("Practice"), {
    channel: "sms",
    perSecond,
    now: clock.now,
  });
  /** Takes a slot without having read; gives how far ahead it is. */
  const takeMs = async (queue: "urgent" | "bulk", known?: { readonly nextAtMs: number }, parts = 1) => {
    const slot = await take(known, queue, parts);
    return slot === undefined ? undefined : slot.claimAtMs - clock.now().getTime();
  };
  return { clock, takeMs };
}

describe("the pace of an originator", () => {
  it("hands out one slot after the other", async () => {
    const { takeMs } = aPace(4);

    const slots = [await takeMs("bulk"), await takeMs("bulk"), await takeMs("bulk")];

    expect(slots).toEqual([0, 300, 600]);
  });

  it("gives a text of two parts twice the time", async () => {
    const { takeMs } = aPace(4);

    expect([await takeMs("bulk", undefined, 2), await takeMs("bulk")]).toEqual([0, 600]);
  });

  it("never lets more parts than allowed into one second, be they late by the grace or not", () => {
    for (const perSecond of [1, 3, 10, 100]) {
      // The first as late as it may be, the last in time.
      expect(perSecond * intervalOf(perSecond) - 200).toBeGreaterThanOrEqual(1000);
    }
  });

  it("has every turn at once where the originator has no limit", async () => {
    const { takeMs } = aPace(null);

    expect([await takeMs("bulk"), await takeMs("bulk")]).toEqual([0, 0]);
  });

  it("gives no slot twice, however many ask at once", async () => {
    const { takeMs } = aPace();

    const slots = await Promise.all(Array.from({ length: 4 }, () => takeMs("urgent")));

    expect(slots.map(Number).sort((one, other) => one - other)).toEqual([0, 1200, 2400, 3600]);
  });

  it("lets bulk reserve four seconds ahead and no more, and urgent still take the next slot", async () => {
    const { takeMs } = aPace();
    const bulk: unknown[] = [];
    for (let count = 0; count < 5; count += 1) bulk.push(await takeMs("bulk"));

    expect(bulk).toEqual([0, 1200, 2400, 3600, undefined]);
    expect(await takeMs("urgent")).toBe(4800);
  });

  it("lets urgent wait half a minute and no more", async () => {
    const { takeMs } = aPace();
    const urgent: unknown[] = [];
    for (let count = 0; count < 27; count += 1) urgent.push(await takeMs("urgent"));

    expect(urgent.slice(-2)).toEqual([30_000, undefined]);
  });

  it("does not save up slots while nothing is sent", async () => {
    const { clock, takeMs } = aPace();
    await takeMs("bulk");
    clock.advance(3600);

    expect([await takeMs("bulk"), await takeMs("bulk")]).toEqual([0, 1200]);
  });

  it("is not misled by an old reading", async () => {
    const { clock, takeMs } = aPace();
    const old = { nextAtMs: clock.now().getTime() - 1 };
    await takeMs("bulk");

    expect(await takeMs("bulk", old)).toBe(1200);
  });
});
