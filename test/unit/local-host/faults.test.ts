import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  CALLER_TIMEOUT_SECONDS,
  type CallerHost,
  startCallerHost,
  URGENT_VISIBILITY_SECONDS,
} from "./caller-stack.ts";

let host: CallerHost;
beforeAll(async () => {
  host = await startCallerHost({ listens: true });
}, 60_000);
afterAll(() => host.stop());
afterEach(() => host.local("DELETE", "/faults"));

const PUT = { function: "caller", service: "dynamodb", action: "PutItem", times: 1 };
/** Sets a fault once nothing is at work any more that it could strike instead. */
const set = async (fault: Readonly<Record<string, unknown>>) => {
  await host.local("GET", "/settled");
  return host.local("POST", "/faults", fault);
};
const isStored = async (key: string) => (await host.stored()).has(key);
const lastCall = async () => (await host.calls()).at(-1);
const invocationsOf = (answer: { readonly body: unknown }) =>
  (answer.body as { readonly invocations: number }).invocations;

async function bodiesOnQueues(text: string): Promise<number> {
  const { body } = await host.local("GET", "/queues");
  return (body as { items: readonly { body: string }[] }).items.filter((item) => item.body === text).length;
}

describe("a crash", () => {
  it.each([
    ["before", false],
    ["after", true],
  ] as const)(
    "%s a call ends the instance and the request; the call took effect: %s",
    async (when, effect) => {
      const before = invocationsOf(await host.call("nothing"));
      await set({ ...PUT, when, kind: "crash" });

      const failed = await host.call(`put crash-${when}`);

      expect(failed).toMatchObject({ status: 500, body: { code: "internal" } });
      expect(await isStored(`crash-${when}`)).toBe(effect);
      expect(await lastCall()).toMatchObject({ error: "InstanceCrashed", fault: { when, kind: "crash" } });
      const next = await host.call(`put again-${when}`);
      expect(next).toMatchObject({ status: 200, body: { outcome: "done", invocations: 1 } });
      expect(before).toBeGreaterThan(0);
      const { body } = await host.local("GET", "/logs");
      expect(JSON.stringify(body)).toContain("Runtime exited with error");
    },
  );

  it("leaves what another instance does at the same time alone", async () => {
    const sleeping = host.call("sleep 1500 survivor");
    await new Promise((resolve) => setTimeout(resolve, 300));
    await set({ ...PUT, when: "before", kind: "crash" });
    expect(await host.call("put victim")).toMatchObject({ status: 500 });
    expect(await sleeping).toMatchObject({ status: 200, body: { outcome: "done" } });
    const stored = await host.stored();
    expect([stored.has("victim"), stored.has("survivor")]).toEqual([false, true]);
  }, 15_000);

  it("lets nothing more of the instance through: a call beside the one that it met has no effect", async () => {
    await set({ ...PUT, when: "before", kind: "crash" });
    expect(await host.call("both pair")).toMatchObject({ status: 500 });
    const stored = await host.stored();
    expect([stored.has("pair-1"), stored.has("pair-2")]).toEqual([false, false]);
  });

  it("brings a queue's message back when its visibility is over", async () => {
    await set({ ...PUT, when: "before", kind: "crash" });
    await host.call("urgent put from-queue");
    await host.settled();
    expect(await isStored("from-queue")).toBe(false);

    await host.advance(URGENT_VISIBILITY_SECONDS - 10);
    expect(await isStored("from-queue")).toBe(false);
    await host.advance(11);
    expect(await isStored("from-queue")).toBe(true);
  });
});

describe("a throttle", () => {
  it("is answered in the service's own words, and the SDK's next attempt is a call of its own", async () => {
    const from = (await host.calls()).length;
    await set({ ...PUT, when: "before", kind: "throttle" });
    expect(await host.call("put throttled")).toMatchObject({ status: 200, body: { outcome: "done" } });
    const rows = (await host.calls()).slice(from);
    expect(rows.map(({ error }) => error)).toEqual(["ProvisionedThroughputExceededException", undefined]);
    expect(rows[0]?.fault).toEqual({ when: "before", kind: "throttle" });
  });

  it.each([
    ["before", 0],
    ["after", 1],
  ] as const)("%s a text is accepted reaches a client that tries once; texts: %i", async (when, sent) => {
    const to = `+120655501${String(30 + sent)}`;
    await set({ service: "sms-voice", action: "SendTextMessage", when, kind: "throttle", times: 1 });
    expect(await host.call(`text ${to}`)).toMatchObject({ body: { outcome: "ThrottlingException" } });
    expect(await host.texts(to)).toHaveLength(sent);
  });

  it("after a queue took a message puts it there once more", async () => {
    const from = await bodiesOnQueues("put doubled");
    await set({ service: "sqs", action: "SendMessage", when: "after", kind: "throttle", times: 1 });
    expect(await host.call("urgent put doubled")).toMatchObject({ body: { outcome: "done" } });
    expect((await bodiesOnQueues("put doubled")) - from).toBe(2);
  });
});

describe("a time-out", () => {
  it.each([
    ["before", false],
    ["after", true],
  ] as const)("%s a call uses up the invocation on the local clock at once", async (when, effect) => {
    const from = await host.now();
    await set({ ...PUT, when, kind: "timeout" });
    const startedMs = performance.now();

    const answer = await host.call(`put late-${when}`);

    expect(performance.now() - startedMs).toBeLessThan(2000);
    expect(answer).toMatchObject({ status: 500, body: { code: "internal" } });
    const passedMs = (await host.now()) - from;
    expect(passedMs).toBeGreaterThanOrEqual(CALLER_TIMEOUT_SECONDS * 1000);
    expect(passedMs).toBeLessThan(CALLER_TIMEOUT_SECONDS * 1000 + 2000);
    expect(await isStored(`late-${when}`)).toBe(effect);
    expect(await lastCall()).toMatchObject({ error: "FunctionTimedOut", fault: { when, kind: "timeout" } });
    const { body } = await host.local("GET", "/logs");
    expect(JSON.stringify(body)).toContain("Task timed out after 7.00 seconds");
  });

  it.each([
    ["before", 0],
    ["after", 1],
  ] as const)(
    "%s a text is sent ends the client's wait after ten seconds, and the function goes on",
    async (when, sent) => {
      const to = `+120655501${String(10 + sent)}`;
      const from = await host.now();
      await set({ service: "SMS-Voice", action: "sendtextmessage", when, kind: "timeout", times: 1 });
      const answer = await host.call(`text ${to}`);
      expect(answer.status).toBe(200);
      expect(answer.body).not.toMatchObject({ outcome: "done" });
      const passedMs = (await host.now()) - from;
      expect(passedMs).toBeGreaterThanOrEqual(10_000);
      expect(passedMs).toBeLessThan(12_000);
      expect(await host.texts(to)).toHaveLength(sent);
    },
  );

  it("brings a queue's message back after its visibility, counted from when it was received", async () => {
    await set({ ...PUT, when: "before", kind: "timeout" });
    await host.call("urgent put slow-queue");
    await host.settled();
    expect(await isStored("slow-queue")).toBe(false);
    await host.advance(URGENT_VISIBILITY_SECONDS - CALLER_TIMEOUT_SECONDS - 5);
    expect(await isStored("slow-queue")).toBe(false);
    await host.advance(6);
    expect(await isStored("slow-queue")).toBe(true);
  });

  it("fires what becomes due by the time that it takes", async () => {
    await host.call("text +12065550120");
    await host.advance(25);
    expect((await host.texts("+12065550120"))[0]?.status).toBe("ACCEPTED");
    await set({ ...PUT, when: "before", kind: "timeout" });
    await host.call("put anything");
    await host.settled();
    expect((await host.texts("+12065550120"))[0]?.status).toBe("DELIVERED");
  });

  it("while the clock is being moved does not hold the move up", async () => {
    await host.call("delayed 20,40");
    await set({ ...PUT, when: "before", kind: "timeout" });
    await host.advance(90);
    const stored = await host.stored();
    expect([stored.has("20"), stored.has("40")]).toEqual([true, true]);
  });
});

describe("the faults that are set", () => {
  it("let some matching calls pass, then meet as many as they were told to, then nothing", async () => {
    await set({ ...PUT, action: "dynamodb:PutItem", when: "before", kind: "crash", skip: 1, times: 2 });
    const statuses: number[] = [];
    for (const key of ["1", "2", "3", "4"]) statuses.push((await host.call(`put counted-${key}`)).status);
    expect(statuses).toEqual([200, 500, 500, 200]);
    const { body } = await host.local("GET", "/faults");
    expect(body).toMatchObject({
      items: [{ function: "caller", service: "dynamodb", when: "before", passed: 1, fired: 2, times: 2 }],
    });
  });

  it("meet no other function, service, action or moment, and none once they are deleted", async () => {
    await set({ ...PUT, function: "echo", when: "before", kind: "crash" });
    await set({ ...PUT, service: "sqs", when: "before", kind: "crash" });
    await set({ ...PUT, action: "GetItem", when: "before", kind: "crash" });
    expect((await host.call("put untouched")).status).toBe(200);
    expect((await host.local("DELETE", "/faults")).status).toBe(200);
    expect((await host.call("get untouched")).status).toBe(200);
    expect((await host.local("GET", "/faults")).body).toEqual({ items: [] });
  });

  it.each([
    [{ function: "nobody" }, "/function"],
    [{ function: 1 }, "/function"],
    [{ service: "ec2" }, "/service"],
    [{ service: undefined }, "/service"],
    [{ action: "" }, "/action"],
    [{ when: "during" }, "/when"],
    [{ kind: "fire" }, "/kind"],
    [{ skip: -1 }, "/skip"],
    [{ skip: 1.5 }, "/skip"],
    [{ times: 0 }, "/times"],
    [{ times: undefined }, "/times"],
    [{ times: "2" }, "/times"],
  ])("are refused where nothing could come of them: %j", async (more, pointer) => {
    const answer = await set({ ...PUT, when: "before", kind: "crash", ...more });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.body).toMatchObject({ code: "invalid_request", pointer });
    expect(JSON.stringify(answer.body)).not.toMatch(/nobody|during|fire/);
  });
});
