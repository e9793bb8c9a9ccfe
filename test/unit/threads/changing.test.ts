import { describe, expect, it } from "vitest";
import { createWorld } from "#test/support/core-world.ts";

const UNKNOWN = "thr_01KAEV0000000000000000NEW1";

async function aWorldWithThread() {
  const world = createWorld();
  const patientId = await world.prepare();
  const { body } = await world.send(patientId);
  const threadId = String(body["threadId"]);
  const change = (fields: object, headers: Record<string, string> = {}) =>
    world.call("PATCH /threads/{id}", { path: { id: threadId }, body: fields, headers });
  return { world, patientId, threadId, change };
}

describe("changing a thread", () => {
  it("assigns it and moves it to another state, on record", async () => {
    const { world, patientId, threadId, change } = await aWorldWithThread();
    world.clock.advance(60);

    const answer = await change({ assignee: "staff_00000000-0000-4000-8000-000000000007", state: "closed" });

    expect(answer).toMatchObject({
      status: 200,
      headers: { ETag: '"2"' },
      body: {
        id: threadId,
        assignee: "staff_00000000-0000-4000-8000-000000000007",
        state: "closed",
        stateSince: world.clock.iso(),
      },
    });
    expect(world.entries(patientId).at(-1)).toMatchObject({
      action: "thread.changed",
      details: { threadId, state: "closed", assignee: "staff_00000000-0000-4000-8000-000000000007" },
    });
  });

  it("keeps the time since when it is in a state that does not change", async () => {
    const { world, change } = await aWorldWithThread();
    const since = world.clock.iso();
    world.clock.advance(60);

    const answer = await change({ state: "open", assignee: "staff_00000000-0000-4000-8000-000000000007" });

    expect(answer.body).toMatchObject({ state: "open", stateSince: since });
  });

  it("takes an assignee away with null", async () => {
    const { change } = await aWorldWithThread();
    await change({ assignee: "staff_00000000-0000-4000-8000-000000000007" });

    expect((await change({ assignee: null })).body).toMatchObject({ assignee: null });
  });

  it("refuses a change of another version", async () => {
    const { change } = await aWorldWithThread();

    expect((await change({ state: "closed" }, { "If-Match": '"2"' })).status).toBe(409);
    expect((await change({ state: "closed" }, { "If-Match": '"1"' })).status).toBe(200);
  });

  it("lets one of two changes at once through", async () => {
    const { change } = await aWorldWithThread();

    const answers = await Promise.all([
      change({ assignee: "staff_00000000-0000-4000-8000-000000000007" }),
      change({ assignee: "staff_00000000-0000-4000-8000-000000000008" }),
    ]);

    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409]);
  });

  it.each([
    {},
    { assignee: "somebody" },
    { state: "gone" },
    { assignee: "staff_00000000-0000-4000-8000-000000000007", other: 1 },
  ])("refuses %j", async (fields) => {
    const { change } = await aWorldWithThread();

    expect((await change(fields)).status).toBe(400);
  });

  it("that is not there is not found", async () => {
    const answer = await createWorld().call("PATCH /threads/{id}", {
      path: { id: UNKNOWN },
      body: { state: "open" },
    });

    expect(answer.status).toBe(404);
  });
});

describe("a note", () => {
  it("is kept sealed and on record without its words", async () => {
    const { world, patientId, threadId } = await aWorldWithThread();

    const answer = await world.call("POST /threads/{id}/notes", {
      path: { id: threadId },
      body: { text: "canary note" },
    });

    const kept = JSON.stringify([world.store.items("Messages"), world.store.items("Audit")]);
    expect(answer).toMatchObject({
      status: 201,
      body: { id: expect.stringMatching(/^not_/), createdAt: world.clock.iso() },
    });
    expect(kept).not.toContain("canary");
    expect(world.entries(patientId).at(-1)).toMatchObject({
      action: "note.added",
      details: { threadId, noteId: answer.body["id"] },
    });
  });

  it("in a thread that is not there is not found", async () => {
    const answer = await createWorld().call("POST /threads/{id}/notes", {
      path: { id: UNKNOWN },
      body: { text: "A note." },
    });

    expect(answer.status).toBe(404);
  });
});
