import { describe, expect, it } from "vitest";
import { createHandler } from "#functions/remind/handler.ts";
import { anAlert } from "#test/support/builders.ts";
import { aWorldWithAlert, createWorld } from "#test/support/core-world.ts";
import { createTestLog } from "#test/support/proxy-event.ts";

/** A world with so many alerts that are due, besides none. */
async function aWorldWithDue(count: number) {
  const world = createWorld();
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

    expect(result).toEqual({ due: 10, requested: 10 });
    expect(world.requests.map(({ queue, alertId }) => `${queue} ${alertId}`).sort()).toEqual(
      alerts.map(({ queue, id }) => `${queue} ${id}`).sort(),
    );
  });

  it("asks for nothing before it is due", async () => {
    const { world } = await aWorldWithAlert();
    world.clock.advance(119);

    expect(await world.remind()).toEqual({ due: 0, requested: 0 });
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

    expect(before).toEqual({ due: 0, requested: 0 });
    expect(await world.remind()).toEqual({ due: 1, requested: 1 });
  });

  it("goes on page by page until nothing is due", async () => {
    const { world } = await aWorldWithDue(112);

    expect(await world.remind()).toMatchObject({ requested: 112 });
    expect(await world.remind()).toEqual({ due: 0, requested: 0 });
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

  it("reads the index only, with a limit, and never scans", async () => {
    const { world } = await aWorldWithDue(1);
    const before = world.store.calls.length;

    await world.remind();

    const calls = world.store.calls.slice(before);
    const queries = calls.filter(({ action }) => action === "Query");
    expect(new Set(calls.map(({ action }) => action))).toEqual(new Set(["Query", "UpdateItem"]));
    expect(queries.every(({ input }) => input["IndexName"] === "due" && Number(input["Limit"]) > 0)).toBe(
      true,
    );
  });
});

describe("the function that sweeps", () => {
  it("logs only where it asked for something", async () => {
    const log = createTestLog();

    const escalate = async () => 0;
    const invocation = { awsRequestId: "request-1" };

    await createHandler({ remind: async () => ({ due: 0, requested: 0 }), escalate }, log)({}, invocation);
    await createHandler({ remind: async () => ({ due: 2, requested: 1 }), escalate }, log)({}, invocation);

    expect(log.lines).toEqual(['info ALERT_REQUEUED {"due":2,"requested":1}']);
  });
});
