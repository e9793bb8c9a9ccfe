import { describe, expect, it } from "vitest";
import { createHandler } from "#functions/remind/handler.ts";
import { createTasksWorld, taskId } from "./world.ts";

describe("late tasks", () => {
  it("are noted once, on record and with a line for who is on duty", async () => {
    const world = createTasksWorld();
    const patientId = await world.register();
    await world.open(1, -1, "reply", { patientId });
    await world.open(2, 0);
    await world.open(3, -1, "unknown-sender", { numberId: "nbr_01KAEV0000000000000000NBR1" });

    const counts = [await world.escalate("request-9"), await world.escalate("request-10")];

    expect(counts).toEqual([2, 0]);
    expect(await world.stored(1)).toMatchObject({ taskState: "late", escalatedAt: world.clock.iso() });
    expect(await world.stored(2)).toMatchObject({ taskState: "open", escalatedAt: null });
    expect(world.entries(patientId).at(-1)).toMatchObject({
      action: "task.escalated",
      actor: "function:remind",
      requestId: "request-9",
      details: { taskId: taskId(1), kind: "reply" },
    });
    expect(world.entries("actor#function:remind").map(({ action, details }) => [action, details])).toEqual([
      ["task.escalated", expect.objectContaining({ numberId: "nbr_01KAEV0000000000000000NBR1" })],
    ]);
    expect(world.log.lines).toEqual([
      `warn TASK_LATE {"taskId":"${taskId(1)}","kind":"reply"}`,
      `warn TASK_LATE {"taskId":"${taskId(3)}","kind":"unknown-sender"}`,
    ]);
  });

  it("are noted when their time comes, and not when they were done before", async () => {
    const world = createTasksWorld();
    await world.open(1, 60);
    await world.open(2, 60);
    await world.complete(2);
    expect(await world.escalate("request-1")).toBe(0);
    world.clock.advance(61);

    expect(await world.escalate("request-2")).toBe(1);
    expect(await world.stored(2)).toMatchObject({ taskState: "done", escalatedAt: null });
  });

  it("are noted once by several runs at a time", async () => {
    const world = createTasksWorld();
    for (let number = 0; number < 8; number += 1) await world.open(number, -1);

    const counts = await Promise.all([1, 2, 3].map((run) => world.escalate(`request-${run}`)));

    expect(counts.reduce((one, other) => one + other)).toBe(8);
    expect(world.log.lines).toHaveLength(8);
    expect(world.actions("actor#function:remind")).toHaveLength(8);
  });

  it("do not wait for one that cannot be noted", async () => {
    const world = createTasksWorld();
    for (let number = 0; number < 60; number += 1) await world.open(number, -1);
    const broken = (input: unknown) => JSON.stringify(input).includes(taskId(0));
    world.store.setIntercept(({ action, input }) => {
      if (action === "TransactWriteItems" && broken(input)) throw new Error("out of reach");
    });

    expect(await world.escalate("request-1")).toBe(59);
    expect(world.log.lines).toContain(`error TASK_NOT_NOTED {"name":"Error","taskId":"${taskId(0)}"}`);
    world.store.setIntercept(undefined);
    expect(await world.escalate("request-2")).toBe(1);
  });

  it("that were noted are not looked at again", async () => {
    const world = createTasksWorld();
    for (let number = 0; number < 30; number += 1) await world.open(number, -1);
    await world.escalate("request-1");
    const before = world.store.calls.length;

    await world.escalate("request-2");

    expect(world.store.calls.slice(before).map(({ action }) => action)).toEqual(["Query"]);
  });

  it("are completed like others, and were late", async () => {
    const world = createTasksWorld();
    await world.open(1, -1);
    await world.escalate("request-1");

    expect(await world.complete(1)).toMatchObject({
      status: 200,
      body: { state: "done", late: true, escalatedAt: world.clock.iso() },
    });
  });
});

describe("the function that sweeps", () => {
  const invocation = { awsRequestId: "request-7" };

  it("notes late tasks in the name of its request, also where alerts cannot be asked for", async () => {
    const world = createTasksWorld();
    await world.open(1, -1);
    const remind = async () => {
      throw new Error("out of reach");
    };

    const sweep = createHandler({ remind, escalate: world.escalate }, world.log)({}, invocation);

    await expect(sweep).rejects.toThrow("out of reach");
    expect(world.entries("actor#function:remind")).toEqual([
      expect.objectContaining({ requestId: "request-7", action: "task.escalated" }),
    ]);
  });

  it("tells how many it noted", async () => {
    const world = createTasksWorld();
    await world.open(1, -1);

    const sweeps = { remind: () => world.remind(), escalate: world.escalate };

    expect(await createHandler(sweeps, world.log)({}, invocation)).toMatchObject({ due: 0, late: 1 });
  });
});
