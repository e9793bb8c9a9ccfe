import { describe, expect, it } from "vitest";
import { createOpenContent } from "#shared/adapters/content-seal.ts";
import { createOpenDataKey } from "#shared/adapters/kms/data-keys.ts";
import { aWorldWithAlert, createWorld, type World } from "#test/support/core-world.ts";

const CLINICAL = "Your diabetes result is here.";
const UNKNOWN_THREAD = "thr_01KAEV0000000000000000NEW1";

describe("an accepted message", () => {
  it("is answered with its tier, its reasons, its alert and the receipt", async () => {
    const world = createWorld();
    const patientId = await world.prepare();

    const answer = await world.send(patientId, { body: CLINICAL, minimumTier: 1 });

    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^msg_/),
      threadId: expect.stringMatching(/^thr_/),
      tier: 3,
      reasons: [{ rule: "word-diabetes", category: "condition", start: 5, end: 13, explanation: "A word." }],
      alert: { id: expect.stringMatching(/^alr_/), channel: "sms", status: "queued", reason: null },
      receipt: {
        tier: 3,
        classifierVersion: "test-1",
        reasonCount: 1,
        voices: ["lexicon"],
        minimumTier: 1,
        consentId: expect.stringMatching(/^con_/),
        template: "message@1",
        channel: "sms",
      },
    });
  });

  it("may be raised to a higher tier by its sender", async () => {
    const world = createWorld();
    const patientId = await world.prepare();

    const answer = await world.send(patientId, { minimumTier: 3 });

    expect(answer.body).toMatchObject({ tier: 3, receipt: { tier: 3, minimumTier: 3, reasonCount: 0 } });
  });

  it("asks for its alert with ids only, after everything is written", async () => {
    const { world, patientId, alertId, alert } = await aWorldWithAlert();

    expect(world.requests).toEqual([{ queue: "bulk", alertId, delaySeconds: 0 }]);
    expect(await alert()).toMatchObject({ patientId, status: "queued", queue: "bulk", tier: 1 });
  });

  it("is due again after two minutes, in case its request was lost", async () => {
    const { world, alert } = await aWorldWithAlert();

    expect(await alert()).toMatchObject({ dueAt: world.clock.iso(120) });
  });

  it("keeps its words, its reasons and the sender's reference sealed", async () => {
    const { world, patientId, messageId } = await aWorldWithAlert(
      {},
      { body: CLINICAL, subject: "canary-subject", reference: "canary-reference" },
    );
    const [message, key] = await world.read(
      world.messages.message(patientId, messageId),
      world.contentKeys.wrappedKey(patientId, messageId),
    );
    if (message === undefined || key === undefined) throw new Error("not stored");

    const open = createOpenContent(createOpenDataKey(world.store.kms, world.store.keyArn("ContentKey")));
    const content = await open(message, key.wrapped);

    expect(content).toEqual({
      tier: 3,
      subject: "canary-subject",
      body: CLINICAL,
      reference: "canary-reference",
      reasons: [{ rule: "word-diabetes", category: "condition", start: 5, end: 13 }],
    });
  });

  it("leaves nothing clinical outside its sealed content", async () => {
    const { world } = await aWorldWithAlert(
      {},
      { body: CLINICAL, subject: "diabetes canary", reference: "canary-reference" },
    );

    const kept = JSON.stringify([
      world.store.items("Messages"),
      world.store.items("Audit"),
      world.store.items("ContentKeys"),
      world.requests,
      world.log.lines,
    ]);
    const clinical = ["diabetes", "condition", "canary", "notification", "See you"];
    expect(clinical.filter((word) => kept.includes(word))).toEqual([]);
  });

  it("opens a thread, and raises its tier but never lowers it", async () => {
    const world = createWorld();
    const patientId = await world.prepare();
    const first = await world.send(patientId, { body: CLINICAL });
    const threadId = String(first.body["threadId"]);

    const second = await world.send(patientId, { threadId }, "key-2");
    const [thread] = await world.read(world.messages.thread(patientId, threadId));

    expect(second.body).toMatchObject({ threadId, tier: 1 });
    expect(thread).toMatchObject({ highestTier: 3, threadState: "open", version: 2 });
  });

  it("is taken beside another one in the same thread at the same time", async () => {
    const world = createWorld();
    const patientId = await world.prepare();
    const threadId = String((await world.send(patientId)).body["threadId"]);

    const answers = await Promise.all(
      ["key-2", "key-3"].map((key) => world.send(patientId, { threadId }, key)),
    );

    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(world.actions(patientId).filter((action) => action === "message.accepted")).toHaveLength(3);
  });

  it("stays accepted when the queue does not answer, and its alert is asked for later", async () => {
    const world = createWorld();
    const patientId = await world.prepare();
    world.state.queueFails = true;
    const answer = await world.send(patientId);
    world.state.queueFails = false;
    world.clock.advance(120);

    const swept = await world.remind();

    expect(answer.status).toBe(202);
    expect(swept).toMatchObject({ due: 1, requested: 1 });
    expect(world.requests).toHaveLength(1);
  });
});

describe("a message that stays in the portal", () => {
  it("needs no consent and alerts nobody", async () => {
    const world = createWorld();
    const patientId = await world.register();

    const answer = await world.send(patientId, { deliver: "portal-only", body: CLINICAL });

    expect(answer).toMatchObject({
      status: 202,
      body: { alert: null, tier: 3, receipt: { consentId: null, template: null, channel: null } },
    });
    expect(world.requests).toEqual([]);
    expect(world.store.items("Messages").filter(({ sk }) => String(sk).startsWith("alert#"))).toEqual([]);
  });
});

describe("a refused message", () => {
  it.each([
    ["consent_required", async () => undefined],
    [
      "consent_revoked",
      async (world: World, id: string) => {
        await world.grant(id);
        await world.grant(id, { decision: "revoked" });
      },
    ],
    ["vendor_without_baa", async (world: World, id: string) => world.grant(id)],
    [
      "constraint_violation",
      async (world: World, id: string) => {
        await world.grant(id);
        await world.signVendor();
        await world.call("PATCH /patients/{id}", {
          path: { id },
          body: { constraints: { neverText: true } },
        });
      },
    ],
  ])("for %s is on record with its reason and leaves nothing else", async (code, arrange) => {
    const world = createWorld();
    const patientId = await world.register();
    await arrange(world, patientId);

    const answer = await world.send(patientId, { body: CLINICAL });

    expect(answer).toMatchObject({ status: 409, body: { code } });
    expect(world.entries(patientId).at(-1)).toMatchObject({
      action: "message.refused",
      purpose: "scheduling",
      details: { reason: code, tier: 3, channel: "sms" },
    });
    expect(world.store.items("Messages")).toEqual([]);
    expect(world.requests).toEqual([]);
  });

  it("for another purpose than the one consented to is refused", async () => {
    const world = createWorld();
    const patientId = await world.prepare();

    expect(await world.send(patientId, { purpose: "billing" })).toMatchObject({
      status: 409,
      body: { code: "consent_required" },
    });
  });

  it("is not remembered: the same key works once consent is there", async () => {
    const world = createWorld();
    const patientId = await world.register();
    await world.signVendor();
    await world.send(patientId);
    await world.grant(patientId);

    expect((await world.send(patientId)).status).toBe(202);
  });

  it("fails when the refusal cannot be recorded", async () => {
    const world = createWorld();
    const patientId = await world.register();
    world.store.setIntercept(({ action }) => {
      if (action === "TransactWriteItems") throw new Error("out of reach");
    });

    expect((await world.send(patientId)).status).toBe(500);
  });

  it("is marketing, whatever else holds", async () => {
    const world = createWorld();
    const patientId = await world.prepare();

    expect(await world.send(patientId, { purpose: "marketing" })).toMatchObject({
      status: 409,
      body: { code: "marketing_refused", pointer: "/purpose" },
    });
  });

  it.each([
    ["an unknown patient", { patientId: "pat_01KAEV0000000000000000NEW1" }, 404, "/patientId"],
    ["an unknown thread", { threadId: UNKNOWN_THREAD }, 404, "/threadId"],
    ["a time that is over", { expiresAt: "2026-11-04T17:00:00.000Z" }, 422, "/expiresAt"],
    ["an attachment that is not there", { attachments: ["att_1"] }, 422, "/attachments/0"],
    ["an empty body", { body: " \n " }, 400, "/body"],
    ["a body that is too long", { body: "a".repeat(20_001) }, 400, "/body"],
    ["a subject that is too long", { subject: "a".repeat(201) }, 400, "/subject"],
    ["a tier that does not exist", { minimumTier: 4 }, 400, "/minimumTier"],
  ])("with %s names the field", async (_name, fields, status, pointer) => {
    const world = createWorld();
    const patientId = await world.prepare();

    expect(await world.send(patientId, fields)).toMatchObject({ status, body: { pointer } });
  });

  it("does not reach into another patient's thread", async () => {
    const world = createWorld();
    const patientId = await world.prepare();
    const threadId = String((await world.send(patientId)).body["threadId"]);
    const other = await world.prepare({ externalId: "MRN-2" });

    expect((await world.send(other, { threadId }, "key-2")).status).toBe(404);
  });

  it("has no idempotency key", async () => {
    const world = createWorld();
    const patientId = await world.prepare();

    const answer = await world.call("POST /messages", {
      body: { patientId, purpose: "scheduling", body: "Hello." },
    });

    expect(answer).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  });

  it.each(["admin", "compliance", "auditor"])("comes from %s", async (roles) => {
    const world = createWorld();

    expect((await world.call("POST /messages", { roles, body: {} })).status).toBe(403);
  });
});

describe("a repeated message", () => {
  it("is answered as the first time and stored once", async () => {
    const world = createWorld();
    const patientId = await world.prepare();
    const first = await world.send(patientId, { body: CLINICAL });
    world.clock.advance(3600);

    const second = await world.send(patientId, { body: CLINICAL });

    expect(second).toEqual(first);
    expect(world.requests).toHaveLength(1);
    expect(world.actions(patientId).filter((action) => action === "message.accepted")).toHaveLength(1);
  });

  it("is answered as the first time even after consent went", async () => {
    const world = createWorld();
    const patientId = await world.prepare();
    const first = await world.send(patientId);
    await world.grant(patientId, { decision: "revoked" });

    expect(await world.send(patientId)).toEqual(first);
  });

  it("is stored once when it comes five times at the same time", async () => {
    const world = createWorld();
    const patientId = await world.prepare();

    const answers = await Promise.all(Array.from({ length: 5 }, () => world.send(patientId)));

    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.status).toBe(202);
    expect(world.requests).toHaveLength(1);
  });

  it("may not change under its key", async () => {
    const world = createWorld();
    const patientId = await world.prepare();
    await world.send(patientId);

    expect(await world.send(patientId, { body: "Something else." })).toMatchObject({
      status: 409,
      body: { code: "idempotency_conflict" },
    });
  });

  it("is a new one after 24 hours", async () => {
    const world = createWorld();
    const patientId = await world.prepare();
    const first = await world.send(patientId);
    world.clock.advance(24 * 3600);

    const second = await world.send(patientId);

    expect(second.status).toBe(202);
    expect(second.body["id"]).not.toBe(first.body["id"]);
  });

  it("leaves neither its key nor a digest of its body behind", async () => {
    const { world } = await aWorldWithAlert();

    const memory = world.store.items("Messages").filter(({ sk }) => sk === "request");

    expect(memory).toHaveLength(1);
    expect(JSON.stringify(memory)).not.toContain("key-1");
    expect(memory[0]).toMatchObject({ expiresAtSeconds: world.clock.now().getTime() / 1000 + 86_400 });
  });
});
