import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClockBuffer } from "#infra/local/aws/clock.ts";
import { createFunctionPool, type FunctionPool } from "#infra/local/functions/function-pool.ts";
import { readFunctions } from "#infra/local/functions/function-settings.ts";
import { FIXTURE_TEMPLATE_PATH } from "../../support/fixture-stack/template.ts";
import { type CallerHost, startCallerHost } from "./caller-stack.ts";
import { fixtureTemplate, PLACE } from "./fixture-api.ts";

describe("two queues of one function", () => {
  let host: CallerHost;
  beforeAll(async () => {
    host = await startCallerHost();
  }, 60_000);
  afterAll(() => host.stop());

  it("do not wait for each other, and the bulk queue keeps to its maximum", async () => {
    for (const key of ["bulk-1", "bulk-2", "bulk-3"]) await host.call(`bulk sleep 5000 ${key}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const from = await host.now();
    for (const key of ["urgent-1", "urgent-2", "urgent-3"]) await host.call(`urgent sleep 2000 ${key}`);
    await host.settled();

    const stored = await host.stored();
    const endOf = (key: string) => stored.get(key) ?? Number.NaN;
    // One after the other they would take six seconds, behind the bulk queue even longer.
    for (const key of ["urgent-1", "urgent-2", "urgent-3"]) expect(endOf(key) - from).toBeLessThan(5500);
    const [first, , third] = ["bulk-1", "bulk-2", "bulk-3"].map(endOf).toSorted((one, other) => one - other);
    expect((third ?? 0) - (first ?? 0)).toBeGreaterThan(4500);
  }, 30_000);
});

describe("a pool", () => {
  const started: string[] = [];
  let pool: FunctionPool;
  beforeAll(async () => {
    const [settings] = readFunctions(fixtureTemplate(), FIXTURE_TEMPLATE_PATH, PLACE, (value) => value);
    if (settings === undefined) throw new Error("no function");
    pool = createFunctionPool(
      { ...settings, timeoutMs: 10_000 },
      {
        clockBuffer: createClockBuffer(),
        gateway: { hostname: "127.0.0.1", port: 1 },
        region: PLACE.region,
        credentialsOf: (instanceId) => {
          started.push(instanceId);
          return { accessKeyId: `AKIA${randomUUID()}`, secretAccessKey: "secret" };
        },
        writeLog: () => undefined,
      },
    );
    await pool.warm();
  }, 30_000);
  afterAll(() => pool.stop());

  it("gives an event that waited for all instances a fresh one when one of them dies", async () => {
    const stuck = [1, 2, 3].map(() => pool.invoke({ behaviour: "late" }));
    while (started.length < 3) await new Promise((resolve) => setTimeout(resolve, 50));
    const waiting = pool.invoke({ behaviour: "count" });
    // Longer than an event waits before it may have an instance of its own.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(started).toHaveLength(3);

    await pool.kill(started[0] ?? "", () => "crashed");

    expect(await waiting).toMatchObject({ kind: "answered", payload: expect.stringContaining('calls\\":1') });
    expect(started).toHaveLength(4);
    expect(await Promise.race([...stuck])).toMatchObject({ kind: "failed", errorType: "Runtime.ExitError" });
  }, 20_000);
});
