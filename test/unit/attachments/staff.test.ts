import { describe, expect, it } from "vitest";
import { createWorld } from "#test/support/core-world.ts";
import { aPdf, aPng, PLACE, phonePhoto } from "#test/support/files.ts";

const FILE = { fileName: "Knee left.jpeg", contentType: "image/jpeg", sizeBytes: 100_000 };

/** A world with a patient who may be texted, and what is done with files in it. */
async function aWorld() {
  const world = createWorld();
  const patientId = await world.prepare();
  const ask = (fields: object = {}, options: object = {}) =>
    world.call("POST /attachments", { body: { ...FILE, ...fields }, ...options });
  const arrived = (id: string) =>
    world.checkAttachments({
      Records: [world.aRecord({ Records: [{ s3: { object: { key: `incoming/${id}` } } }] })],
    });
  return {
    ...world,
    patientId,
    ask,
    arrived,
    /** An upload that was looked into. */
    uploaded: async (content: Uint8Array = phonePhoto(), fields: object = {}) => {
      const { body } = await ask(fields);
      const id = String(body["id"]);
      world.bucket.upload(id, content);
      await arrived(id);
      return id;
    },
    look: (id: string, roles = "clinician") => world.call("GET /attachments/{id}", { roles, path: { id } }),
    record: async (id: string) => (await world.read(world.attachments.attachment(id)))[0],
    openTasks: () => world.store.items("Practice").filter(({ taskState }) => taskState === "open"),
  };
}

describe("asking for an upload", () => {
  it("gives a form for one key, one type and one length, on record before", async () => {
    const { ask, actions, entries } = await aWorld();
    const { status, body } = await ask();

    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^att_/),
      upload: {
        url: "https://attachments.example/",
        fields: { key: `incoming/${String(body["id"])}`, "Content-Type": "image/jpeg", max: "100000" },
      },
      expiresInSeconds: 60,
    });
    expect(actions()).toContain("attachment.requested");
    expect(JSON.stringify(entries())).not.toContain("Knee");
  });

  it("stores the name sealed", async () => {
    const { ask, store } = await aWorld();
    await ask();
    expect(JSON.stringify(store.items("Messages"))).not.toContain("Knee");
  });

  it("gives the same attachment and a form of its own to the same request", async () => {
    const { ask, actions } = await aWorld();
    const headers = { "Idempotency-Key": "key-a" };
    const first = await ask({}, { headers });
    const again = await ask({}, { headers });
    const other = await ask({ sizeBytes: 5 }, { headers });

    expect(again.body["id"]).toBe(first.body["id"]);
    expect(again.body["upload"]).toBeDefined();
    expect(other.status).toBe(409);
    expect(actions().filter((action) => action === "attachment.requested")).toHaveLength(2);
  });

  it.each([
    [{ contentType: "image/svg+xml" }],
    [{ contentType: "text/html" }],
    [{ sizeBytes: 0 }],
    [{ sizeBytes: 25 * 1024 * 1024 + 1 }],
    [{ sizeBytes: 1.5 }],
    [{ fileName: "" }],
    [{ fileName: "a\u0000b" }],
    [{ key: "checked/other" }],
  ])("refuses %j", async (fields) => {
    const { ask } = await aWorld();
    expect((await ask(fields)).status).toBe(400);
  });

  it("is for those who may send", async () => {
    const { ask } = await aWorld();
    for (const roles of ["frontdesk", "integration"]) expect((await ask({}, { roles })).status).toBe(201);
    for (const roles of ["admin", "compliance", "auditor"])
      expect((await ask({}, { roles })).status).toBe(403);
  });
});

describe("looking into an upload", () => {
  it("keeps a stripped copy, and nothing of what was uploaded", async () => {
    const { uploaded, bucket, look, actions } = await aWorld();
    const id = await uploaded();

    expect(bucket.keys()).toEqual([`checked/${id}`]);
    expect(Buffer.from(bucket.newest(`checked/${id}`) ?? []).includes(PLACE)).toBe(false);
    expect((await look(id)).body).toEqual({
      id,
      state: "ready",
      kind: "photo",
      sizeBytes: bucket.newest(`checked/${id}`)?.length,
      messageId: null,
      name: "Knee left.jpg",
      download: {
        url: `https://attachments.example/checked/${id}`,
        expiresInSeconds: 60,
      },
    });
    expect(
      actions()
        .filter((action) => action.startsWith("attachment."))
        .sort(),
    ).toEqual(["attachment.arrived", "attachment.checked", "attachment.opened", "attachment.requested"]);
  });

  it.each([
    ["another type", aPng(), "other-type"],
    ["a page", Buffer.from("<html><script>alert(1)</script>"), "unknown-type"],
    ["more bytes than were declared", Buffer.alloc(100_001, 1), "wrong-size"],
    ["half a photo", phonePhoto().subarray(0, 200), "damaged"],
  ])("refuses %s and keeps nothing of it", async (_what, content, refusal) => {
    const { uploaded, bucket, look, record } = await aWorld();
    const id = await uploaded(content);

    expect(bucket.keys()).toEqual([]);
    expect(await record(id)).toMatchObject({ state: "refused", refusal });
    const { body } = await look(id);
    expect(body).toMatchObject({ state: "refused" });
    expect(body).not.toHaveProperty("download");
  });

  it("changes nothing the second time, whatever was uploaded over it", async () => {
    const { uploaded, arrived, bucket, entries } = await aWorld();
    const id = await uploaded();
    const kept = bucket.newest(`checked/${id}`);
    const count = entries().length;

    bucket.upload(id, aPng());
    expect(await arrived(id)).toEqual({ batchItemFailures: [] });
    expect(await arrived(id)).toEqual({ batchItemFailures: [] });

    expect(bucket.newest(`checked/${id}`)).toBe(kept);
    expect(bucket.keys()).toEqual([`checked/${id}`]);
    expect(entries()).toHaveLength(count);
  });

  it("goes on wherever it was stopped, and shows nothing before it is done", async () => {
    for (const step of ["keep", "keptBytes", "forgetIncoming"] as const) {
      const { ask, arrived, bucket, look } = await aWorld();
      const id = String((await ask()).body["id"]);
      bucket.upload(id, phonePhoto());
      const right = bucket.objects[step];
      Object.assign(bucket.objects, { [step]: () => Promise.reject(new Error("stopped")) });

      expect(await arrived(id)).toMatchObject({ batchItemFailures: [{}] });
      if (step !== "forgetIncoming") expect((await look(id)).body).not.toHaveProperty("download");
      Object.assign(bucket.objects, { [step]: right });
      expect(await arrived(id)).toEqual({ batchItemFailures: [] });

      expect((await look(id)).body).toMatchObject({ state: "ready" });
      expect(bucket.keys()).toEqual([`checked/${id}`]);
    }
  });

  it("comes to one end where two look at once", async () => {
    const { ask, arrived, bucket, look, actions } = await aWorld();
    const id = String((await ask()).body["id"]);
    bucket.upload(id, phonePhoto());

    await Promise.all([arrived(id), arrived(id), arrived(id)]);

    expect((await look(id)).body).toMatchObject({ state: "ready" });
    expect(bucket.keys()).toEqual([`checked/${id}`]);
    expect(actions().filter((action) => action === "attachment.checked")).toHaveLength(1);
  });

  it("deletes what nobody asked for, and reports a key that nobody was given", async () => {
    const { arrived, bucket, checkAttachments, aRecord } = await aWorld();
    const stray = "att_00000000000000000000000000";
    bucket.upload(stray, phonePhoto());
    expect(await arrived(stray)).toEqual({ batchItemFailures: [] });
    expect(bucket.keys()).toEqual([]);
    const foreign = { Records: [aRecord({ Records: [{ s3: { object: { key: "checked/x" } } }] })] };
    expect(await checkAttachments(foreign)).toMatchObject({ batchItemFailures: [{}] });
  });

  it("takes the message that S3 tries a new queue with", async () => {
    const { checkAttachments, aRecord } = await aWorld();
    const tried = { Records: [aRecord({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "b" })] };
    expect(await checkAttachments(tried)).toEqual({ batchItemFailures: [] });
  });
});

describe("a message with files", () => {
  it("is tier 3, holds them, and shows them to those who may read it", async () => {
    const { uploaded, send, patientId, call, entries } = await aWorld();
    const photo = await uploaded();
    const document = await uploaded(aPdf(), { fileName: "plan.pdf", contentType: "application/pdf" });
    const sent = await send(patientId, { attachments: [photo, document] });

    expect(sent.status).toBe(202);
    expect(sent.body).toMatchObject({ tier: 3, reasons: [], receipt: { voices: ["attachment"] } });
    const path = { id: String(sent.body["threadId"]) };
    const clinician = await call("GET /threads/{id}", { roles: "clinician", path });
    expect(clinician.body).toMatchObject({
      messages: [
        {
          attachments: [
            { id: photo, name: "Knee left.jpg", kind: "photo", state: "ready" },
            { id: document, name: "plan.pdf", kind: "pdf", state: "ready" },
          ],
        },
      ],
    });
    expect(entries(patientId).at(-1)).toMatchObject({
      action: "thread.read",
      details: { attachmentIds: [photo, document] },
    });
    const frontdesk = await call("GET /threads/{id}", { roles: "frontdesk", path });
    expect(entries(patientId).at(-1)?.details).not.toHaveProperty("attachmentIds");
    expect(frontdesk.body).toMatchObject({
      messages: [
        {
          withheld: true,
          attachments: [
            { id: photo, name: null },
            { id: document, name: null },
          ],
        },
      ],
    });
    expect(JSON.stringify(entries())).not.toContain("Knee");
  });

  it("may go before its files were looked into; the thread changes when they were", async () => {
    const { ask, send, patientId, bucket, arrived, call, entries } = await aWorld();
    const id = String((await ask()).body["id"]);
    bucket.upload(id, phonePhoto());
    const sent = await send(patientId, { attachments: [id] });
    const path = { id: String(sent.body["threadId"]) };
    const version = async () =>
      (await call("GET /threads/{id}", { path, roles: "clinician" })).body["version"];
    const before = await version();

    await arrived(id);

    expect(Number(await version())).toBeGreaterThan(Number(before));
    expect(entries(patientId).map(({ action }) => action)).toContain("attachment.checked");
  });

  it.each([
    ["one that is not there", async () => ["att_00000000000000000000000000"]],
    [
      "one twice",
      async ({ uploaded }: Awaited<ReturnType<typeof aWorld>>) => Array(2).fill(await uploaded()),
    ],
    [
      "one of another message",
      async ({ uploaded, send, patientId }: Awaited<ReturnType<typeof aWorld>>) => {
        const id = await uploaded();
        await send(patientId, { attachments: [id] }, "key-0");
        return [id];
      },
    ],
    [
      "one that was refused",
      async ({ uploaded }: Awaited<ReturnType<typeof aWorld>>) => [await uploaded(aPng())],
    ],
  ])("cannot hold %s", async (_what, attachments) => {
    const world = await aWorld();
    const ids = await attachments(world);
    const fields = { attachments: ids };
    const pointer = `/attachments/${ids.length - 1}`;

    expect(await world.send(world.patientId, fields, "key-9")).toMatchObject({
      status: 422,
      body: { pointer },
    });
    const preview = { patientId: world.patientId, purpose: "scheduling", body: "Hello.", ...fields };
    expect(await world.call("POST /messages/preview", { body: preview })).toMatchObject({ status: 422 });
  });

  it("is previewed as what it would be, and binds nothing", async () => {
    const { uploaded, call, patientId, record } = await aWorld();
    const id = await uploaded();
    const body = { patientId, purpose: "scheduling", body: "Hello.", attachments: [id] };

    expect(await call("POST /messages/preview", { body })).toMatchObject({
      status: 200,
      body: { receipt: { tier: 3, voices: ["attachment"] } },
    });
    expect(await record(id)).toMatchObject({ messageId: null });
  });
});

describe("a file of a message that nobody will see", () => {
  const HOUR = 60 * 60;

  it("is a task for staff where it is refused, in one transaction with its entry", async () => {
    const { ask, send, patientId, bucket, arrived, openTasks, entries, record } = await aWorld();
    const id = String((await ask()).body["id"]);
    const sent = await send(patientId, { attachments: [id] });
    bucket.upload(id, aPng());
    await arrived(id);
    await arrived(id);

    const { id: messageId, threadId } = sent.body;
    expect(openTasks()).toMatchObject([
      { kind: "attachment-refused", reason: "other-type", patientId, messageId, threadId },
    ]);
    const [task] = openTasks();
    expect(entries(patientId).at(-1)).toMatchObject({
      action: "attachment.checked",
      details: { state: "refused", taskId: task?.["id"] },
    });
    expect(await record(id)).toMatchObject({ state: "refused", dueAt: null });
  });

  it("is none where whoever uploads it has not sent it", async () => {
    const { uploaded, openTasks, record } = await aWorld();
    const id = await uploaded(aPng());
    expect(await record(id)).toMatchObject({ state: "refused" });
    expect(openTasks()).toEqual([]);
  });

  it.each([
    ["has not come in", "not-arrived", false],
    ["has not been looked into", "not-checked", true],
  ])("is a task once where it %s after an hour, and can be ready yet", async (_what, reason, comes) => {
    const { ask, send, patientId, bucket, arrived, clock, checkAttachments, ...world } = await aWorld();
    const id = String((await ask()).body["id"]);
    const { body } = await send(patientId, { attachments: [id] });
    const { incoming } = bucket.objects;
    if (comes) {
      bucket.upload(id, phonePhoto());
      Object.assign(bucket.objects, { incoming: () => Promise.reject(new Error("stopped")) });
      expect(await arrived(id)).toMatchObject({ batchItemFailures: [{}] });
    }
    clock.advance(HOUR - 60);
    expect(await checkAttachments()).toEqual({ due: 0, erased: 0 });
    clock.advance(61);
    expect(await checkAttachments()).toEqual({ due: 1, erased: 0 });
    expect(await checkAttachments()).toEqual({ due: 0, erased: 0 });

    const about = { patientId, messageId: body["id"], threadId: body["threadId"] };
    expect(world.openTasks()).toMatchObject([{ kind: "attachment-refused", reason, ...about }]);
    expect(world.actions(patientId)).toContain("attachment.overdue");
    Object.assign(bucket.objects, { incoming });
    bucket.upload(id, phonePhoto());
    await arrived(id);
    clock.advance(25 * HOUR);
    expect(await checkAttachments()).toEqual({ due: 0, erased: 0 });
    expect((await world.look(id)).body).toMatchObject({ state: "ready" });
  });

  it("is no task where it was ready in time", async () => {
    const { ask, send, patientId, bucket, arrived, clock, checkAttachments, openTasks } = await aWorld();
    const id = String((await ask()).body["id"]);
    await send(patientId, { attachments: [id] });
    bucket.upload(id, phonePhoto());
    await arrived(id);
    clock.advance(2 * HOUR);

    expect(await checkAttachments()).toEqual({ due: 0, erased: 0 });
    expect(openTasks()).toEqual([]);
  });
});

describe("looking at a file", () => {
  it("shows the front desk that it is there, and neither its name nor its content", async () => {
    const { uploaded, look, actions } = await aWorld();
    const id = await uploaded();
    const { body } = await look(id, "frontdesk");

    expect(Object.keys(body).sort()).toEqual(["id", "kind", "messageId", "sizeBytes", "state"]);
    expect(actions()).not.toContain("attachment.opened");
    expect((await look(id, "integration")).status).toBe(403);
    expect((await look("att_00000000000000000000000000")).status).toBe(404);
    expect((await look("att_1")).status).toBe(404);
  });

  it("writes its entry before it signs anything", async () => {
    const world = await aWorld();
    const id = await world.uploaded();
    const { signDownload } = world.bucket.links;
    const before: boolean[] = [];
    Object.assign(world.bucket.links, {
      signDownload: async (download: Parameters<typeof signDownload>[0]) => {
        before.push(world.actions().includes("attachment.opened"));
        return signDownload(download);
      },
    });

    expect((await world.look(id)).status).toBe(200);
    expect(before).toEqual([true]);
  });
});

describe("erasing", () => {
  const A_DAY = 24 * 60 * 60 + 1;

  it("takes what nobody sent within a day, with every version, name and key", async () => {
    const { uploaded, clock, checkAttachments, bucket, look, record, store, actions } = await aWorld();
    const id = await uploaded();
    bucket.upload(id, phonePhoto());
    expect(await checkAttachments()).toEqual({ due: 0, erased: 0 });

    clock.advance(A_DAY);
    expect(await checkAttachments()).toEqual({ due: 1, erased: 1 });

    expect(bucket.keys()).toEqual([]);
    expect(await record(id)).toMatchObject({ state: "removed", name: null, dueAt: null });
    expect(store.items("ContentKeys").filter(({ pk }) => pk === id)).toEqual([]);
    expect((await look(id)).status).toBe(404);
    expect(actions()).toEqual(expect.arrayContaining(["attachment.removed", "attachment.erased"]));
    expect(await checkAttachments()).toEqual({ due: 0, erased: 0 });
  });

  it("leaves what is part of a message", async () => {
    const { uploaded, send, patientId, clock, checkAttachments, look } = await aWorld();
    const id = await uploaded();
    await send(patientId, { attachments: [id] });

    clock.advance(A_DAY);
    expect(await checkAttachments()).toEqual({ due: 0, erased: 0 });
    expect((await look(id)).body).toMatchObject({ state: "ready" });
  });

  it("goes on with what it could not finish, and does not hold up the others", async () => {
    const { uploaded, clock, checkAttachments, bucket, record } = await aWorld();
    const [first, second] = [await uploaded(), await uploaded()];
    clock.advance(A_DAY);
    const { forgetKept } = bucket.objects;
    Object.assign(bucket.objects, {
      forgetKept: (id: string) => (id === first ? Promise.reject(new Error("stopped")) : forgetKept(id)),
    });

    expect(await checkAttachments()).toEqual({ due: 2, erased: 1 });
    expect(await record(second)).toMatchObject({ name: null });
    expect(await record(first)).toMatchObject({ state: "removed" });
    Object.assign(bucket.objects, { forgetKept });
    expect(await checkAttachments()).toEqual({ due: 1, erased: 1 });
    expect(bucket.keys()).toEqual([]);
  });
});
