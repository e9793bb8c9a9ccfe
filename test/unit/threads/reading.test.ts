import { describe, expect, it } from "vitest";
import { createWorld } from "#test/support/core-world.ts";

interface ThreadBody {
  readonly messages: readonly Record<string, unknown>[];
  readonly notes: readonly Record<string, unknown>[];
}

/** A thread with a message of every tier and a note. */
async function aWorldWithThread() {
  const world = createWorld();
  const patientId = await world.prepare();
  const first = await world.send(patientId, { body: "See you on Monday.", subject: "Visit" });
  const threadId = String(first.body["threadId"]);
  world.clock.advance(1);
  await world.send(patientId, { threadId, body: "Your result is here." }, "key-2");
  world.clock.advance(1);
  await world.send(patientId, { threadId, body: "About diabetes." }, "key-3");
  world.clock.advance(1);
  await world.call("POST /threads/{id}/notes", {
    path: { id: threadId },
    body: { text: "Called the patient." },
  });
  const open = (roles: string) => world.call("GET /threads/{id}", { roles, path: { id: threadId } });
  return { world, patientId, threadId, open };
}

describe("reading a thread", () => {
  it("shows a clinician everything, oldest first", async () => {
    const { threadId, open } = await aWorldWithThread();

    const answer = await open("clinician");

    const { messages, notes } = answer.body as unknown as ThreadBody;
    expect(answer).toMatchObject({ status: 200, body: { id: threadId, highestTier: 3, state: "open" } });
    expect(messages.map(({ tier, subject, body, withheld }) => [tier, subject, body, withheld])).toEqual([
      [1, "Visit", "See you on Monday.", false],
      [2, null, "Your result is here.", false],
      [3, null, "About diabetes.", false],
    ]);
    expect(notes).toEqual([expect.objectContaining({ author: "staff_1", text: "Called the patient." })]);
  });

  it("withholds tier 3 and notes from the front desk, and decrypts nothing of them", async () => {
    const { world, open } = await aWorldWithThread();
    const before = world.store.calls.length;

    const answer = await open("frontdesk");

    const { messages, notes } = answer.body as unknown as ThreadBody;
    const opened = world.store.calls.slice(before).filter(({ action }) => action === "Decrypt");
    expect(messages.map(({ body, withheld }) => [body, withheld])).toEqual([
      ["See you on Monday.", false],
      ["Your result is here.", false],
      [null, true],
    ]);
    expect(notes).toMatchObject([{ withheld: true, text: null }]);
    expect(opened).toHaveLength(2);
  });

  it("is on record with what is about to be shown, before anything is opened", async () => {
    const { world, patientId, threadId, open } = await aWorldWithThread();
    const before = world.store.calls.length;

    await open("frontdesk");

    const actions = world.store.calls.slice(before).map(({ action }) => action);
    expect(actions.indexOf("TransactWriteItems")).toBeLessThan(actions.indexOf("Decrypt"));
    expect(world.entries(patientId).at(-1)).toMatchObject({
      action: "thread.read",
      role: "frontdesk",
      details: { threadId, withheld: 1, noteIds: [], messageIds: [expect.any(String), expect.any(String)] },
    });
  });

  it("opens nothing where the reading cannot be recorded", async () => {
    const { world, open } = await aWorldWithThread();
    world.store.setIntercept(({ action }) => {
      if (action === "TransactWriteItems") throw new Error("out of reach");
    });

    const answer = await open("clinician");

    expect(answer.status).toBe(500);
    expect(world.store.calls.some(({ action }) => action === "Decrypt")).toBe(false);
  });

  it("shows nothing of a message whose key is gone", async () => {
    const { world, open } = await aWorldWithThread();
    const keys = world.store.items("ContentKeys").filter(({ sk }) => String(sk).startsWith("key#msg_"));
    for (const { pk, sk } of keys) {
      await world.put({
        item: { Delete: { TableName: "ContentKeys", Key: { pk: { S: pk }, sk: { S: sk } } } },
      });
    }

    const answer = await open("clinician");

    const { messages } = answer.body as unknown as ThreadBody;
    expect(messages.every(({ withheld, body }) => withheld === true && body === null)).toBe(true);
  });

  it("leaves other threads of the patient out", async () => {
    const { world, patientId, open } = await aWorldWithThread();
    await world.send(patientId, { body: "Another matter." }, "key-9");

    const answer = await open("clinician");

    expect((answer.body as unknown as ThreadBody).messages).toHaveLength(3);
  });

  it.each(["admin", "compliance", "auditor", "integration"])("is forbidden to %s", async (roles) => {
    const { open } = await aWorldWithThread();

    expect((await open(roles)).status).toBe(403);
  });

  it("that is not there is not found", async () => {
    const answer = await createWorld().call("GET /threads/{id}", {
      path: { id: "thr_01KAEV0000000000000000NEW1" },
    });

    expect(answer.status).toBe(404);
  });
});

describe("listing threads", () => {
  async function aWorldWithThreads() {
    const world = createWorld();
    const patientId = await world.prepare();
    for (let count = 1; count <= 5; count += 1) {
      world.clock.advance(1);
      await world.send(patientId, { body: `canary ${count}` }, `key-${count}`);
    }
    const list = async (query: Record<string, string>) =>
      (await world.call("GET /threads", { query })).body as {
        readonly items: readonly { readonly id: string; readonly stateSince: string }[];
        readonly nextCursor: string | null;
      };
    return { world, list };
  }

  it("shows the longest in a state first, page by page", async () => {
    const { world, list } = await aWorldWithThreads();

    const first = await list({ state: "open", limit: "2" });
    const second = await list({ state: "open", limit: "2", cursor: String(first.nextCursor) });
    const third = await list({ state: "open", limit: "2", cursor: String(second.nextCursor) });

    const since = [first, second, third].flatMap(({ items }) => items.map(({ stateSince }) => stateSince));
    expect(since).toEqual([-4, -3, -2, -1, 0].map(world.clock.iso));
  });

  it("shows waiting threads unless asked for others", async () => {
    const { list } = await aWorldWithThreads();

    expect(await list({})).toEqual({ items: [], nextCursor: null });
  });

  it("shows only those of an assignee", async () => {
    const { world, list } = await aWorldWithThreads();
    const { items } = await list({ state: "open" });
    const id = String(items[2]?.id);
    await world.call("PATCH /threads/{id}", {
      path: { id },
      body: { assignee: "staff_00000000-0000-4000-8000-000000000007" },
    });

    const found = await list({ state: "open", assignee: "staff_00000000-0000-4000-8000-000000000007" });

    expect(found.items.map((thread) => thread.id)).toEqual([id]);
  });

  it("is on record in the reader's own chain, without content", async () => {
    const { world, list } = await aWorldWithThreads();

    const answer = await list({ state: "open" });

    expect(JSON.stringify(answer)).not.toContain("canary");
    expect(world.entries("actor#staff_1").at(-1)).toMatchObject({
      action: "threads.listed",
      details: { state: "open", count: 5 },
    });
  });

  it.each([
    { state: "gone" },
    { limit: "0" },
    { limit: "101" },
    { cursor: "thr_1" },
    { cursor: "thr_01KAEV0000000000000000NEW1" },
  ])("refuses the query %j", async (query) => {
    const { world } = await aWorldWithThreads();

    expect((await world.call("GET /threads", { query })).status).toBe(400);
  });
});
