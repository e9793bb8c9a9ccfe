import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FixtureApi, startFixtureApi } from "./fixture-api.ts";

let api: FixtureApi;
beforeAll(async () => {
  api = await startFixtureApi();
}, 30_000);
afterAll(() => api.stop());

async function run(behaviour: string): Promise<unknown> {
  const outcome = await api.pool("Echo").invoke({ behaviour });
  return outcome.kind === "answered" ? JSON.parse(JSON.parse(outcome.payload).body) : outcome;
}

describe("a function's instance", () => {
  it("sees its own environment and nothing of the host's", async () => {
    process.env["SECRET_OF_THE_HOST"] = "visible";
    const environment = (await run("environment")) as Record<string, string>;
    expect(environment).toMatchObject({
      GREETING: "hello",
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "AKIAECHO",
      AWS_LAMBDA_FUNCTION_NAME: "Fixture-Echo",
      AWS_ENDPOINT_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    expect(Object.keys(environment)).not.toContain("SECRET_OF_THE_HOST");
    expect(Object.keys(environment)).not.toContain("PATH");
  });

  it("follows the shared clock at once", async () => {
    api.clockOffsetMs[0] = 40 * 86_400_000;
    const { now, sameConstructor } = (await run("date")) as { now: number; sameConstructor: boolean };
    api.clockOffsetMs[0] = 0;
    expect(Math.abs(now - Date.now() - 40 * 86_400_000)).toBeLessThan(5000);
    expect(sameConstructor).toBe(true);
  });

  it("reaches the gateway and nothing else", async () => {
    expect(await run("socket")).toEqual({
      message: "This host lets functions connect to the AWS gateway only.",
    });
    expect(await run("fetch")).toEqual({
      message: "This host lets functions connect to the AWS gateway only.",
    });
    expect(await run("https")).toEqual({ text: "cognito-idp.us-east-1.amazonaws.com /pool/keys?a=1" });
  });

  it("keeps its module between events and loses it with a crash", async () => {
    const first = (await run("count")) as { calls: number };
    expect(await run("count")).toEqual({ calls: first.calls + 1 });
    expect(await run("exit")).toMatchObject({ kind: "failed", errorType: "Runtime.ExitError" });
    expect(await run("count")).toEqual({ calls: 1 });
  });

  it("fails as Lambda does: thrown error, time-out, out of memory", async () => {
    expect(await run("throw")).toEqual({
      kind: "failed",
      errorType: "TypeError",
      errorMessage: "broken on purpose",
    });
    expect(await run("loop")).toEqual({ kind: "timedOut" });
    expect(await run("late")).toEqual({ kind: "timedOut" });
    expect(await run("memory")).toMatchObject({ kind: "failed" });
    expect(api.logs.some((line) => line.includes("Task timed out after 2.00 seconds"))).toBe(true);
  }, 20_000);

  it("writes its log lines as they would stand in CloudWatch", async () => {
    await run("log");
    await run("count");
    expect(api.logs).toContain('{"level":"INFO"}');
    expect(api.logs.some((line) => /^\S+Z\t[\w-]{36}\tINFO\tthrough console { a: 1 }$/.test(line))).toBe(
      true,
    );
    expect(api.logs.some((line) => line.startsWith("START RequestId: "))).toBe(true);
  });
});

describe("a pool", () => {
  it("runs one event at a time on each instance and starts more only under load", async () => {
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => run("slow")));
    expect(outcomes).toEqual(Array.from({ length: 6 }, () => ({ together: 1 })));
  }, 20_000);
});
