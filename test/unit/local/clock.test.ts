import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { createClockBuffer, installClock } from "#infra/local/aws/clock.ts";

const DAY_MS = 24 * 3600 * 1000;

describe("the local clock", () => {
  it("moves Date forward and never back", () => {
    const clock = installClock(createClockBuffer());
    const start = Date.now();

    clock.advanceTo(start + 40 * DAY_MS);

    expect(Date.now() - start).toBeGreaterThanOrEqual(40 * DAY_MS);
    const instant = new Date();
    expect(instant.getTime()).toBeGreaterThanOrEqual(start + 40 * DAY_MS);
    expect(() => clock.advanceTo(start)).toThrow(RangeError);
  });

  it("leaves everything else about Date as it is", () => {
    installClock(createClockBuffer());

    expect(new Date(0).toISOString()).toBe("1970-01-01T00:00:00.000Z");
    expect(new Date().constructor).toBe(Date);
    expect(structuredClone(new Date(5))).toBeInstanceOf(Date);
    expect(typeof Date()).toBe("string");
    expect(Date.UTC(2026, 0)).toBe(1767225600000);
  });

  it("is one clock for every thread", async () => {
    const clock = installClock(createClockBuffer());
    const source = `
      import { parentPort, workerData } from "node:worker_threads";
      const { installClock } = await import(workerData.module);
      installClock(workerData.buffer);
      parentPort.on("message", () => parentPort.postMessage(Date.now()));
      parentPort.postMessage("ready");`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
      workerData: {
        buffer: clock.buffer,
        module: new URL("../../../infra/local/aws/clock.ts", import.meta.url).href,
      },
    });
    const next = () => new Promise<unknown>((resolve) => worker.once("message", resolve));
    await next();

    const moved = Date.now() + DAY_MS;
    clock.advanceTo(moved);
    const answer = next();
    worker.postMessage("now");

    expect(Math.abs(Number(await answer) - moved)).toBeLessThan(5000);
    await worker.terminate();
  });
});
