import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CallerHost, startCallerHost } from "./caller-stack.ts";

let host: CallerHost;
beforeAll(async () => {
  host = await startCallerHost({ scheduled: true });
}, 60_000);
afterAll(() => host.stop());

const MINUTE_MS = 60_000;
const HOUR_SECONDS = 3600;
/** The schedule's runs: when each was for, and when the function ran. */
async function runs(): Promise<readonly { readonly forMs: number; readonly atMs: number }[]> {
  const found = [...(await host.stored())].filter(([key]) => key.startsWith("schedule "));
  return found
    .map(([key, atMs]) => ({ forMs: Date.parse(key.slice("schedule ".length)), atMs }))
    .toSorted((one, other) => one.atMs - other.atMs);
}

describe("a move of the clock", () => {
  it("works off what comes due on the way at its own time, the earlier first", async () => {
    await host.call("delayed 700,20,65,21");
    const from = await host.now();
    await host.advance(900);

    const stored = await host.stored();
    for (const seconds of [20, 21, 65, 700]) {
      const lateMs = (stored.get(String(seconds)) ?? Number.NaN) - from - seconds * 1000;
      expect(Math.abs(lateMs)).toBeLessThan(3000);
    }
    const order = ["20", "65", "700"].map((key) => stored.get(key) ?? Number.NaN);
    expect(order).toEqual(order.toSorted((one, other) => one - other));
  });

  it("fires a schedule at every full period of a short move", async () => {
    const from = await host.now();
    await host.advance(10 * 60);
    const passed = (await runs()).filter(({ atMs }) => atMs >= from);
    expect(passed.length).toBeGreaterThanOrEqual(9);
    expect(passed.length).toBeLessThanOrEqual(11);
    for (const { forMs, atMs } of passed) {
      expect(atMs - forMs).toBeGreaterThanOrEqual(0);
      expect(atMs - forMs).toBeLessThan(3000);
    }
  });

  it("of three days with fifty texts under way takes a few seconds, and fires the schedule all along it", async () => {
    for (let number = 100; number < 150; number += 1) await host.call(`text +12065550${String(number)}`);
    const from = await host.now();
    const startedMs = performance.now();
    await host.advance(72 * HOUR_SECONDS);
    expect(performance.now() - startedMs).toBeLessThan(10_000);

    const texts = await host.texts();
    expect(texts.filter(({ status }) => status === "DELIVERED")).toHaveLength(50);
    const times = (await runs()).filter(({ atMs }) => atMs >= from).map(({ atMs }) => atMs);
    expect(times.length).toBeGreaterThan(30);
    expect(times.length).toBeLessThan(60);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(2 * 3600 * 1000);
  }, 30_000);

  it("of thirty days is quick, too", async () => {
    const startedMs = performance.now();
    await host.advance(30 * 24 * HOUR_SECONDS);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  }, 30_000);

  it("waits for another that was asked for before it", async () => {
    const from = await host.now();
    await Promise.all([host.advance(5 * 60), host.advance(60)]);
    expect((await host.now()) - from).toBeGreaterThanOrEqual(5 * MINUTE_MS);
    expect((await host.local("GET", "/settled")).status).toBe(200);
  });
});
