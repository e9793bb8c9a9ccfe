import { describe, expect, it } from "vitest";
import { createTasksWorld, taskId } from "./world.ts";

const NOTE = "Spoke with canary-name about the metformin.";

/** A world with a patient's thread and an open task to answer in it. */
async function aWorldWithReply() {
  const world = createTasksWorld();
  const patientId = await world.prepare();
  const { body } = await world.send(patientId, {}, "key-first");
  const threadId = String(body["threadId"]);
  await world.open(1, 3600, "reply", { patientId, threadId });
  const thread = async () => {
    const [found] = await world.read(world.messages.thread(patientId, threadId));
    if (found === undefined) throw new Error("no such thread");
    return found;
  };
  await world.put(
    world.messages.changeThread(await thread(), { threadState: "waiting", replyTaskId: taskId(1) }),
  );
  const notes = async () => {
    const { body: shown } = await world.call("GET /threads/{id}", {
      roles: "clinician",
      path: { id: threadId },
    });
    return (shown as unknown as { readonly notes: readonly Record<string, unknown>[] }).notes;
  };
  return { world, patientId, threadId, thread, notes };
}

describe("completing a task", () => {
  it("answers with the task and is on record in the patient's chain", async () => {
    const world = createTasksWorld();
    const patientId = await world.register();
    await world.open(1, 3600, "call", { patientId });

    const answer = await world.complete(1, { outcome: "not-reached" }, { actor: "staff_7" });

    expect(answer).toMatchObject({
      status: 200,
      body: {
        id: taskId(1),
        state: "done",
        late: false,
        completedAt: world.clock.iso(),
        completedBy: "staff_7",
        outcome: "not-reached",
      },
    });
    expect(world.entries(patientId).at(-1)).toMatchObject({
      action: "task.completed",
      actor: "staff_7",
      role: "frontdesk",
      details: { taskId: taskId(1), kind: "call", outcome: "not-reached", noteId: null },
    });
  });

  it("is on record in the actor's chain where no patient is concerned", async () => {
    const world = createTasksWorld();
    const numberId = "nbr_01KAEV0000000000000000NBR1";
    await world.open(1, 3600, "wrong-number", { numberId });

    await world.complete(1, {}, { roles: "auditor compliance" });

    expect(world.entries("actor#staff_1").at(-1)).toMatchObject({
      action: "task.completed",
      role: "compliance",
      details: { taskId: taskId(1), numberId },
    });
  });

  it("happens once: twice is a conflict, and the first answer stays", async () => {
    const world = createTasksWorld();
    await world.open(1, 3600);
    await world.complete(1, { outcome: "reached" });

    const again = await world.complete(1, { outcome: "not-reached" }, { actor: "staff_2" });

    expect(again).toMatchObject({ status: 409, body: { code: "version_conflict" } });
    expect(await world.stored(1)).toMatchObject({ outcome: "reached", completedBy: "staff_1" });
  });

  it("happens once however many try at a time", async () => {
    const world = createTasksWorld();
    await world.open(1, 3600);

    const answers = await Promise.all(
      [1, 2, 3, 4].map((number) => world.complete(1, {}, { actor: `staff_${number}` })),
    );

    expect(answers.map(({ status }) => status).sort((one, other) => one - other)).toEqual([
      200, 409, 409, 409,
    ]);
    expect(world.actions().filter((action) => action === "task.completed")).toHaveLength(1);
  });

  it("gives the same answer to the same key, and refuses another body under it", async () => {
    const { world, notes } = await aWorldWithReply();
    const first = await world.complete(1, { note: NOTE }, { key: "key-1" });
    world.clock.advance(60);

    const again = await world.complete(1, { note: NOTE }, { key: "key-1" });
    const other = await world.complete(1, { note: "Another." }, { key: "key-1" });

    expect(again.text).toBe(first.text);
    expect(other).toMatchObject({ status: 409, body: { code: "idempotency_conflict" } });
    expect(await notes()).toHaveLength(1);
  });

  it.each([
    ["compliance", "call"],
    ["clinician", "wrong-number"],
  ] as const)("of a kind beyond a caller's roles (%s, %s) finds nothing", async (roles, kind) => {
    const world = createTasksWorld();
    await world.open(1, 3600, kind);

    expect((await world.complete(1, {}, { roles })).status).toBe(404);
    expect(await world.stored(1)).toMatchObject({ taskState: "open" });
  });

  it.each(["admin", "auditor", "integration"])("is forbidden to %s", async (roles) => {
    const world = createTasksWorld();
    await world.open(1, 3600);

    expect((await world.complete(1, {}, { roles })).status).toBe(403);
  });

  it("that is not there is not found", async () => {
    expect((await createTasksWorld().complete(1)).status).toBe(404);
  });

  it.each([{ note: "" }, { note: "x".repeat(2001) }, { outcome: "maybe" }, { state: "done" }])(
    "refuses the body %j",
    async (body) => {
      const world = createTasksWorld();
      await world.open(1, 3600);

      expect((await world.complete(1, body)).status).toBe(400);
      expect(await world.stored(1)).toMatchObject({ taskState: "open" });
    },
  );
});

describe("the note of a completion", () => {
  it("is a note of the task's thread, and closes its open reply", async () => {
    const { world, thread, notes } = await aWorldWithReply();

    const answer = await world.complete(1, { note: NOTE });

    expect(answer.status).toBe(200);
    expect(await notes()).toEqual([expect.objectContaining({ author: "staff_1", text: NOTE })]);
    expect(await thread()).toMatchObject({ replyTaskId: null, threadState: "waiting" });
  });

  it.each(["call", "unknown-sender"] as const)(
    "is refused where a task of kind %s has no thread, and the task stays open",
    async (kind) => {
      const world = createTasksWorld();
      await world.open(1, 3600, kind, { patientId: await world.register() });

      const answer = await world.complete(1, { note: NOTE }, { key: "key-1" });

      expect(answer).toMatchObject({ status: 422, body: { code: "unprocessable", pointer: "/note" } });
      expect(await world.stored(1)).toMatchObject({ taskState: "open" });
      expect(world.store.items("Messages").filter(({ sk }) => String(sk).startsWith("note#"))).toEqual([]);
      expect((await world.complete(1, { outcome: "reached" }, { key: "key-2" })).status).toBe(200);
    },
  );

  it("is refused where the thread is not there any more", async () => {
    const world = createTasksWorld();
    await world.open(1, 3600, "call", { threadId: "thr_01KAEV0000000000000000THR9" });

    expect(await world.complete(1, { note: NOTE })).toMatchObject({
      status: 422,
      body: { pointer: "/note" },
    });
  });

  it("stands nowhere in the clear", async () => {
    const { world } = await aWorldWithReply();

    const answer = await world.complete(1, { note: NOTE }, { key: "key-1" });

    const stored = (["Messages", "Practice", "ContentKeys", "Audit"] as const).map(world.store.items);
    for (const place of [stored, world.log.lines, answer.text]) {
      expect(JSON.stringify(place)).not.toContain("canary-name");
    }
  });

  it("is sealed without a key being opened", async () => {
    const { world } = await aWorldWithReply();
    const before = world.store.calls.length;

    await world.complete(1, { note: NOTE });

    const actions = world.store.calls.slice(before).map(({ action }) => action);
    expect(actions).toContain("GenerateDataKey");
    expect(actions).not.toContain("Decrypt");
  });
});

describe("an answer to the patient", () => {
  it("closes the open reply of its thread, in the same transaction", async () => {
    const { world, patientId, threadId, thread } = await aWorldWithReply();

    const answer = await world.send(patientId, { threadId }, "key-2");

    expect(answer.status).toBe(202);
    expect(await world.stored(1)).toMatchObject({
      taskState: "done",
      completedBy: "staff_1",
      completedAt: world.clock.iso(),
      outcome: null,
    });
    expect(await thread()).toMatchObject({ replyTaskId: null, threadState: "open" });
    expect(world.entries(patientId).at(-1)).toMatchObject({
      action: "message.accepted",
      details: { taskId: taskId(1) },
    });
  });

  it("closes a reply that is late", async () => {
    const { world, patientId, threadId } = await aWorldWithReply();
    world.clock.advance(3601);
    await world.escalate("request-9");

    expect((await world.send(patientId, { threadId }, "key-2")).status).toBe(202);
    expect(await world.stored(1)).toMatchObject({ taskState: "done", escalatedAt: world.clock.iso() });
  });

  it("goes on without a reply that was completed by hand", async () => {
    const { world, patientId, threadId } = await aWorldWithReply();
    await world.complete(1, { outcome: "reached" }, { actor: "staff_2" });

    expect((await world.send(patientId, { threadId }, "key-2")).status).toBe(202);
    expect(await world.stored(1)).toMatchObject({ completedBy: "staff_2", outcome: "reached" });
    expect(world.entries(patientId).at(-1)?.details).not.toHaveProperty("taskId");
  });

  it("and a completion by hand at the same time both work, and one of them closed it", async () => {
    const { world, patientId, threadId } = await aWorldWithReply();

    const [answer, completion] = await Promise.all([
      world.send(patientId, { threadId }, "key-2"),
      world.complete(1, { note: NOTE }, { actor: "staff_2" }),
    ]);

    expect(answer.status).toBe(202);
    const byHand = completion.status === 200;
    expect(byHand || completion.status === 409).toBe(true);
    expect(await world.stored(1)).toMatchObject({
      taskState: "done",
      completedBy: byHand ? "staff_2" : "staff_1",
    });
  });
});
