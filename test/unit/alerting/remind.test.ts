import { describe, expect, it } from "vitest";
import { createHandler } from "#functions/remind/handler.ts";
import { put } from "#shared/adapters/dynamodb/items.ts";
import { anAlert } from "#test/support/builders.ts";
import { aWorldWithAlert, createWorld, type WorldChoices } from "#test/support/core-world.ts";
import { createTestLog } from "#test/support/proxy-event.ts";

/** A world with so many alerts that are due, besides none. */
async function aWorldWithDue(count: number, choices: WorldChoices = {}) {
  const world = createWorld(choices);
  const alerts = Array.from({ length: count }, (_, index) =>
    anAlert({
      id: `alr_01KAEV0000000000000000A${String(index).padStart(3, "0")}`,
      dueAt: world.clock.iso(-index),
      queue: index % 2 === 0 ? "bulk" : "urgent",
    }),
  );
  // One transaction holds a hundred writes.
  for (let from = 0; from < count; from += 20) {
    await world.put(...alerts.slice(from, from + 20).flatMap(world.messages.addAlert));
  }
  return { world, alerts };
}

describe("a sweep of the due index", () => {
  it("asks for every due alert on its own queue", async () => {
    const { world, alerts } = await aWorldWithDue(10);

    const result = await world.remind();

    expect(result).toEqual({ due: 10, requested: 10, expired: 0, left: 0, failed: 0 });
    expect(world.requests.map(({ queue, alertId }) => `${queue} ${alertId}`).sort()).toEqual(
      alerts.map(({ queue, id }) => `${queue} ${id}`).sort(),
    );
  });

  it("asks for nothing before it is due", async () => {
    const { world } = await aWorldWithAlert();
    world.clock.advance(119);

    expect(await world.remind()).toMatchObject({ due: 0, requested: 0 });
  });

  it("asks once when two run at the same time", async () => {
    const { world, alerts } = await aWorldWithDue(10);

    const results = await Promise.all([world.remind(), world.remind(), world.remind()]);

    expect(world.requests.map(({ alertId }) => alertId).sort()).toEqual(alerts.map(({ id }) => id).sort());
    expect(results.reduce((sum, { requested }) => sum + requested, 0)).toBe(10);
  });

  it("asks again after a quarter of an hour for what is still waiting", async () => {
    const { world } = await aWorldWithDue(1);
    await world.remind();
    world.clock.advance(15 * 60 - 1);
    const early = await world.remind();
    world.clock.advance(1);

    const again = await world.remind();

    expect(early.requested).toBe(0);
    expect(again.requested).toBe(1);
  });

  it("finds a sent alert again only when its next step is due, a day later", async () => {
    const { world, patientId, alertId } = await aWorldWithAlert();
    await world.sendAlert(patientId, alertId);
    world.clock.advance(24 * 3600 - 1);
    const before = await world.remind();
    world.clock.advance(1);

    expect(before).toMatchObject({ due: 0, requested: 0 });
    expect(await world.remind()).toMatchObject({ due: 1, requested: 1 });
  });

  it("goes on page by page until nothing is due", async () => {
    const { world } = await aWorldWithDue(112);

    expect(await world.remind()).toMatchObject({ requested: 112 });
    expect(await world.remind()).toMatchObject({ due: 0, requested: 0 });
  });

  it("says so where the queue does not answer, and the alert comes back", async () => {
    const { world } = await aWorldWithDue(1);
    world.state.queueFails = true;
    expect((await world.remind()).requested).toBe(0);
    expect(world.log.lines.join()).toContain("RECORD_FAILED");
    world.state.queueFails = false;
    world.clock.advance(15 * 60);

    expect((await world.remind()).requested).toBe(1);
  });

  it.each([
    ["a kind that nobody knows", { kind: "postcard" }],
    ["an end that is no time", { expiresAt: "soon" }],
    ["no queue", { queue: undefined }],
  ])("passes over an item with %s, and counts it as failed", async (_what, parts) => {
    const { world } = await aWorldWithDue(60);
    const broken = { ...anAlert({ id: "alr_01KAEV0000000000000000BAD0" }), ...parts };
    const key = { pk: broken.patientId, sk: `alert#${broken.id}` };
    const due = { dueShard: "due#0", dueAt: world.clock.iso(-3600) };
    await world.put(put("Messages", { ...broken, ...key, ...due }));

    const result = await world.remind();

    expect(result).toEqual({ due: 61, requested: 60, expired: 0, left: 0, failed: 1 });
    const [line] = world.log.lines.filter((each) => each.includes("RECORD_FAILED"));
    expect(line).toContain(broken.id);
    expect(line).not.toContain("postcard");
  });

  it("reads the index only, with a limit, and never scans", async () => {
    const { world } = await aWorldWithDue(1);
    const before = world.store.calls.length;

    await world.remind();

    const calls = world.store.calls.slice(before);
    const queries = calls.filter(({ action }) => action === "Query");
    expect(new Set(calls.map(({ action }) => action))).toEqual(new Set(["Query", "UpdateItem"]));
    expect(
      queries.every(({ input }) => input["IndexName"] === "due-work" && Number(input["Limit"]) > 0),
    ).toBe(true);
  });
});

describe("what comes back after an outage", () => {
  it("leaves, the longest due first, as many bulk alerts as go out in a minute, and all urgent ones", async () => {
    const { world, alerts } = await aWorldWithDue(300, { textsPerSecond: 1 });
    const bulk = alerts.filter(({ queue }) => queue === "bulk");
    const oldest = bulk.toSorted((one, other) => String(one.dueAt).localeCompare(String(other.dueAt)));

    const result = await world.remind();

    expect(result).toEqual({ due: 300, requested: 210, expired: 0, left: 90, failed: 0 });
    const asked = world.requests.filter(({ queue }) => queue === "bulk").map(({ alertId }) => alertId);
    expect(asked.toSorted()).toEqual(
      oldest
        .slice(0, 60)
        .map(({ id }) => id)
        .toSorted(),
    );
    // What was left is not claimed: the next run takes it at once.
    expect(await world.remind()).toMatchObject({ due: 90, requested: 60, left: 30 });
    expect(await world.remind()).toMatchObject({ due: 30, requested: 30, left: 0 });
    expect(new Set(world.requests.map(({ alertId }) => alertId)).size).toBe(300);
  });

  it("is as much as the caller says where it says so", async () => {
    const { world } = await aWorldWithDue(40, { textsPerSecond: 1 });

    expect(await world.remind(5)).toEqual({ due: 40, requested: 25, expired: 0, left: 15, failed: 0 });
  });

  it("is asked for once by several runs at once, each within its measure", async () => {
    const { world } = await aWorldWithDue(300, { textsPerSecond: 1 });

    const results = await Promise.all([world.remind(), world.remind()]);

    const ids = world.requests.map(({ alertId }) => alertId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(results.reduce((sum, { requested }) => sum + requested, 0)).toBe(ids.length);
  });
});

describe("the function that sweeps", () => {
  const NOTHING = { due: 0, requested: 0, expired: 0, left: 0, failed: 0 };
  const escalate = async () => 3;
  const invocation = { awsRequestId: "request-1" };

  it("logs only where something was due, and answers with its counts", async () => {
    const log = createTestLog();
    const found = { ...NOTHING, due: 2, requested: 1, failed: 1 };

    await createHandler({ remind: async () => NOTHING, escalate }, log)({}, invocation);
    const result = await createHandler({ remind: async () => found, escalate }, log)({}, invocation);

    expect(log.lines).toEqual([`info ALERT_REQUEUED ${JSON.stringify(found)}`]);
    expect(result).toEqual({ ...found, late: 3 });
  });

  const RULE = {
    version: "0",
    id: "1",
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: "111122223333",
    time: "2026-11-04T18:00:00Z",
    region: "us-east-1",
    resources: ["arn:aws:events:us-east-1:111122223333:rule/RemindSchedule"],
    detail: {},
  };

  it.each([
    ["nothing", undefined, undefined],
    ["null", null, undefined],
    ["an empty object", {}, undefined],
    ["an event of a rule", RULE, undefined],
    ["an event of EventBridge Scheduler", { ...RULE, source: "aws.scheduler", detail: "{}" }, undefined],
    ["a number of requests", { maxRequests: 10_000 }, 10_000],
  ])("takes %s", async (_name, event, wanted) => {
    const asked: unknown[] = [];
    const remind = async (maxRequests?: number) => {
      asked.push(maxRequests);
      return NOTHING;
    };

    await createHandler({ remind, escalate }, createTestLog())(event, invocation);

    expect(asked).toEqual([wanted]);
  });

  it.each([
    ["no requests", { maxRequests: 0 }],
    ["too many", { maxRequests: 10_001 }],
    ["half a request", { maxRequests: 1.5 }],
    ["something else", { maxRequest: 5 }],
    ["another event", { ...RULE, source: "aws.s3" }],
    ["a text", "canary-4711"],
    ["a list", []],
  ])("refuses %s with one line that repeats nothing of it", async (_name, event) => {
    const remind = async () => NOTHING;
    const call = createHandler({ remind, escalate }, createTestLog())(event, invocation);

    await expect(call).rejects.toThrow(
      /^remind takes \{\} or \{"maxRequests": 1 to 10000\}, and the scheduled/,
    );
    await expect(call).rejects.not.toThrow(/canary|maxRequest"/);
  });
});
