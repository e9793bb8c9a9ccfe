import { describe, expect, it } from "vitest";
import { TASK_KINDS, type TaskKind } from "#shared/domain/task-kinds.ts";
import { createTasksWorld, taskId } from "./world.ts";

const HOUR = 3600;

describe("the list of tasks", () => {
  it("shows open tasks, the first due first, with what applies and nothing else", async () => {
    const world = createTasksWorld();
    const patientId = await world.register();
    const dueAt = world.clock.iso(2 * HOUR);
    await world.open(1, 2 * HOUR, "call", { patientId, reason: "carrier_blocked" });
    await world.open(2, HOUR, "unknown-sender");

    const { items, nextCursor } = await world.list();

    expect(nextCursor).toBeNull();
    expect(items.map(({ id }) => id)).toEqual([taskId(2), taskId(1)]);
    expect(items[1]).toEqual({
      id: taskId(1),
      kind: "call",
      patientId,
      reason: "carrier_blocked",
      createdAt: world.clock.iso(),
      dueAt,
      late: false,
      state: "open",
    });
  });

  it("says which are late, noted or not, and still goes by due time", async () => {
    const world = createTasksWorld();
    await world.open(1, -60);
    await world.escalate("request-9");
    await world.open(2, -120);
    await world.open(3, 60);

    const { items } = await world.list();

    expect(items.map(({ id, late, state }) => [id, late, state])).toEqual([
      [taskId(2), true, "open"],
      [taskId(1), true, "open"],
      [taskId(3), false, "open"],
    ]);
    expect(items.map(({ escalatedAt }) => escalatedAt)).toEqual([undefined, world.clock.iso(), undefined]);
  });

  it("shows those that are done when asked, the last due first", async () => {
    const world = createTasksWorld();
    for (const number of [1, 2, 3]) await world.open(number, number * HOUR);
    await world.complete(1);
    await world.complete(3, { outcome: "reached" });

    const done = await world.list({ state: "done" });

    expect(done.items.map(({ id, outcome }) => [id, outcome])).toEqual([
      [taskId(3), "reached"],
      [taskId(1), undefined],
    ]);
    expect((await world.walk({ state: "done", limit: "1" })).flat()).toEqual([taskId(3), taskId(1)]);
    expect((await world.list()).items.map(({ id }) => id)).toEqual([taskId(2)]);
  });

  it.each<[string, readonly TaskKind[]]>([
    ["frontdesk", TASK_KINDS],
    [
      "clinician",
      [
        ...(["reply", "urgent-reply", "call", "unknown-send", "unknown-sender", "shared-number"] as const),
        "attachment-refused",
        "visit-change",
      ],
    ],
    [
      "compliance",
      ["urgent-reply", "wrong-number", "opt-out-review", "number-not-lifted", "text-refused", "proof-failed"],
    ],
    ["compliance clinician", TASK_KINDS],
  ])("shows %s the kinds of its roles", async (roles, kinds) => {
    const world = createTasksWorld();
    for (const [index, kind] of TASK_KINDS.entries()) await world.open(index, index, kind);

    const { items } = await world.list({}, roles);

    expect(items.map(({ kind }) => kind)).toEqual(kinds);
  });

  it("shows one kind when asked, and nothing of a kind that is beyond the caller", async () => {
    const world = createTasksWorld();
    await world.open(1, 1, "call");
    await world.open(2, 2, "wrong-number");

    expect((await world.list({ kind: "call" })).items.map(({ id }) => id)).toEqual([taskId(1)]);
    expect((await world.list({ kind: "call" }, "compliance")).items).toEqual([]);
  });

  it.each(["admin", "auditor", "integration"])("is forbidden to %s", async (roles) => {
    expect((await createTasksWorld().list({}, roles)).status).toBe(403);
  });

  it.each([
    { kind: "gone" },
    { state: "late" },
    { limit: "0" },
    { limit: "101" },
    { cursor: "tsk_1" },
    { cursor: taskId(1) },
  ])("refuses the query %j", async (query) => {
    expect((await createTasksWorld().list(query)).status).toBe(400);
  });

  it("is on record once, in the reader's own chain", async () => {
    const world = createTasksWorld();
    await world.open(1, 1);

    await world.list({ kind: "call" });

    const entries = world.entries("actor#staff_1");
    expect(entries.map(({ action, role, details }) => ({ action, role, details }))).toEqual([
      { action: "tasks.listed", role: "frontdesk", details: { state: "open", kinds: ["call"], count: 1 } },
    ]);
  });
});

describe("the pages of the list", () => {
  it("hold every task once, though many fall due together and some are late", async () => {
    const world = createTasksWorld();
    const all = Array.from({ length: 25 }, (_, index) => index);
    for (const number of all) await world.open(number, number < 10 ? -HOUR : HOUR);
    // Some of those that are due together are noted, others not yet.
    for (const number of [2, 3, 7]) {
      await world.put(world.tasks.escalateTask(await world.stored(number), world.clock.iso()));
    }

    const pages = await world.walk({ limit: "4" });

    expect(pages.flat()).toEqual(all.map(taskId));
    expect(pages.map(({ length }) => length)).toEqual([4, 4, 4, 4, 4, 4, 1]);
  });

  it("neither skip nor repeat a task while others are completed and noted", async () => {
    const world = createTasksWorld();
    for (let number = 0; number < 12; number += 1) await world.open(number, number - 5);
    let next = 0;

    const pages = await world.walk({ limit: "3" }, async () => {
      // What was shown last is done, and everything that is late is noted.
      await world.complete(next + 2);
      next += 3;
      await world.escalate("request-9");
    });

    expect(pages.flat()).toEqual(Array.from({ length: 12 }, (_, number) => taskId(number)));
  });

  it("find the few of a kind behind many others", async () => {
    const world = createTasksWorld();
    for (let number = 0; number < 40; number += 1) await world.open(number, number, "call");
    await world.open(40, 40, "wrong-number");
    await world.open(41, 41, "wrong-number");

    const pages = await world.walk({ kind: "wrong-number", limit: "2" });

    expect(pages.flat()).toEqual([taskId(40), taskId(41)]);
    expect(Math.max(...pages.map(({ length }) => length))).toBe(2);
  });

  it("read the index with a limit, and never scan", async () => {
    const world = createTasksWorld();
    for (let number = 0; number < 40; number += 1) await world.open(number, number, "call");
    const before = world.store.calls.length;

    await world.list({ kind: "wrong-number", limit: "2" });

    const queries = world.store.calls.slice(before).filter(({ action }) => action === "Query");
    expect(queries).toHaveLength(10);
    expect(queries.every(({ input }) => input["IndexName"] === "tasks" && input["Limit"] === 2)).toBe(true);
    expect(world.store.calls.some(({ action }) => action === "Scan")).toBe(false);
  });
});
