import { describe, expect, it } from "vitest";
import { aPatientsWorld, aSharedWorld, createInboundWorld, PHONE, PRACTICE_PHONE } from "./world.ts";

const DAY = 24 * 60 * 60;
const STRANGER = "+12065550177";

/** A patient who got a text about a message. */
async function anAnsweringWorld(choices = {}) {
  const made = await aPatientsWorld(choices);
  const { body } = await made.world.send(made.patientId);
  await made.world.sendAlert(made.patientId, (body["alert"] as { id: string }).id);
  return { ...made, threadId: String(body["threadId"]) };
}

describe("a reply", () => {
  it("is kept sealed in the thread that it answers, with a task to answer it", async () => {
    const { world, patientId, threadId } = await anAnsweringWorld();
    await world.send(patientId, { body: "Another matter." }, "key-2");
    const words = "Can I come on Tuesday about my diabetes?";

    await world.text(words, { answers: "provider-1" });

    const message = world.messageRecords().find(({ sender }) => sender === `patient:${patientId}`);
    if (message === undefined) throw new Error("nothing was stored");
    const thread = world.threads().find(({ id }) => id === threadId);
    const [task] = world.openTasks();
    expect(message).toMatchObject({ threadId, tier: 3, purpose: "scheduling", alertId: null });
    expect(message.receipt).toEqual({
      tier: 3,
      classifierVersion: "test-1",
      reasonCount: 1,
      voices: ["lexicon"],
      minimumTier: null,
      consentId: null,
      template: null,
      channel: null,
    });
    expect(await world.wordsOf(message)).toMatchObject({ subject: null, body: words, tier: 3 });
    expect(thread).toMatchObject({ threadState: "waiting", highestTier: 3, replyTaskId: task?.id });
    // Wednesday, 9 o'clock in the morning: today at five.
    expect(task).toMatchObject({
      kind: "reply",
      patientId,
      messageId: message.id,
      threadId,
      dueAt: "2026-11-05T01:00:00.000Z",
    });
    expect(world.entries(patientId).at(-1)).toMatchObject({
      action: "text.received",
      purpose: "scheduling",
      details: { readAs: "reply", messageId: message.id, threadId, receipt: { tier: 3 } },
    });
    expect(
      JSON.stringify([world.entries(), world.log.lines, world.requests, world.openTasks()]),
    ).not.toContain("Tuesday");
  });

  it("without a text that it answers goes to the newest thread, or to a new one", async () => {
    const { world, patientId } = await aPatientsWorld();
    await world.text("Hello there");
    const [first] = world.threads();
    world.clock.advance(60);
    const { body } = await world.send(patientId, { body: "Another matter." });

    await world.text("And another thing");

    expect(first).toMatchObject({ patientId, threadState: "waiting" });
    expect(world.messageRecords().filter(({ sender }) => sender.startsWith("patient:"))).toMatchObject([
      { threadId: first?.id, purpose: "portal" },
      { threadId: body["threadId"] },
    ]);
  });

  it("is answered in general terms once in 24 hours", async () => {
    const { world } = await aPatientsWorld();

    await world.text("Hello there");
    world.clock.advance(DAY - 1);
    await world.text("Anybody?");
    world.clock.advance(2);
    await world.text("Hello?");

    expect(world.kinds()).toEqual(["received", "received"]);
  });

  it("is answered with the closed wording outside of office hours", async () => {
    const { world } = await aPatientsWorld();
    world.clock.advance(12 * 60 * 60);

    await world.text("Hello there");

    expect(world.kinds()).toEqual(["received-closed"]);
  });

  it("keeps one open task in a thread, and opens another once that is done", async () => {
    const { world } = await aPatientsWorld();
    await world.text("Hello there");
    await world.text("Anybody?");
    const [task, second] = world.openTasks();
    if (task === undefined) throw new Error("no task");
    expect(second).toBeUndefined();
    await world.call("POST /tasks/{id}/completion", { path: { id: task.id }, body: {} });

    await world.text("One more thing");

    expect(world.openTasks()).toMatchObject([{ kind: "reply" }]);
    expect(world.openTasks()[0]?.id).not.toBe(task.id);
    expect(world.threads()).toMatchObject([{ replyTaskId: world.openTasks()[0]?.id }]);
  });

  it.each(["", "   ", "👍", "x".repeat(1600)])("may be anything (%j)", async (words) => {
    const { world } = await aPatientsWorld();

    await world.text(words);

    expect(world.messageRecords()).toHaveLength(1);
    expect(world.taskKinds()).toEqual(["reply"]);
  });

  it.each(["YES", "no", "C", "2"])("is what %s is while nothing was asked", async (words) => {
    const { world } = await aPatientsWorld();

    await world.text(words);

    expect(world.messageRecords()).toHaveLength(1);
  });

  it("that cancels a visit is asked about, and ends nothing", async () => {
    const { world, patientId } = await aPatientsWorld();

    await world.text("cancel my 3pm");

    expect(world.kinds()).toEqual(["ask-cancel"]);
    expect(world.taskKinds()).toEqual(["reply"]);
    expect(world.states(patientId).map(({ decision }) => decision)).toEqual(["granted", "granted"]);
  });

  it("of a machine is kept and not answered", async () => {
    const { world } = await aPatientsWorld();

    await world.text("I'm driving right now and will get back to you later. (Auto reply)");

    expect(world.kinds()).toEqual([]);
    expect(world.messageRecords()).toHaveLength(1);
  });

  it.each([
    [
      "the number has stopped",
      async (world: Awaited<ReturnType<typeof aPatientsWorld>>["world"]) => world.text("STOP"),
    ],
    [
      "all that was agreed to has ended",
      async (world: Awaited<ReturnType<typeof aPatientsWorld>>["world"], patientId: string) => {
        for (const purpose of ["scheduling", "portal"]) {
          await world.grant(patientId, { purpose, decision: "revoked", acknowledgements: undefined });
        }
      },
    ],
    [
      "the patient is never to be texted",
      async (world: Awaited<ReturnType<typeof aPatientsWorld>>["world"], patientId: string) => {
        await world.call("PATCH /patients/{id}", {
          path: { id: patientId },
          body: { constraints: { neverText: true } },
        });
      },
    ],
  ])("is kept and not answered where %s", async (_why, prepare) => {
    const { world, patientId } = await aPatientsWorld();
    await prepare(world, patientId);
    const before = world.kinds();

    await world.text("Hello there");

    expect(world.kinds()).toEqual(before);
    expect(world.messageRecords()).toHaveLength(1);
    expect(world.taskKinds()).toContain("reply");
  });

  it("brought twice is kept once", async () => {
    const { world } = await aPatientsWorld();
    const record = world.record("Hello there");

    await world.handler({ Records: [record, record] });

    expect(world.messageRecords()).toHaveLength(1);
    expect(world.kinds()).toEqual(["received"]);
    expect(world.openTasks()).toHaveLength(1);
  });

  it("loses nothing when ten come at once", async () => {
    const { world } = await aPatientsWorld();

    await Promise.all(Array.from({ length: 10 }, (_each, index) => world.text(`Part ${index}`)));

    expect(world.messageRecords()).toHaveLength(10);
    expect(world.threads()).toHaveLength(1);
    expect(world.openTasks()).toHaveLength(1);
    expect(world.kinds()).toEqual(["received"]);
  });
});

describe("a text of distress", () => {
  it.each([
    ["I just want it all to end", "crisis"],
    ["chest pain right now", "emergency"],
  ])("%j is answered at once, read at once, and no opt-out", async (words, kind) => {
    const { world, patientId } = await aPatientsWorld();

    await world.text(words);

    expect(world.answers()).toMatchObject([{ kind, optOutList: null, queue: "urgent" }]);
    expect(world.openTasks()).toMatchObject([
      { kind: "urgent-reply", patientId, dueAt: world.clock.iso(300) },
    ]);
    expect(world.messageRecords()).toHaveLength(1);
    expect(world.states(patientId).map(({ decision }) => decision)).toEqual(["granted", "granted"]);
  });

  it("that also wants no more texts ends them, and gets the crisis answer in place of the confirmation", async () => {
    const { world, patientId } = await aPatientsWorld();

    await world.text("STOP texting me or I'll kill myself");

    expect(world.answers()).toMatchObject([
      { kind: "crisis", optOutList: "list", expiresAt: world.clock.iso(300) },
    ]);
    expect(world.states(patientId).map(({ decision }) => decision)).toEqual(["revoked", "revoked"]);
    expect((await world.number())?.stoppedAt).not.toBeNull();
    expect(world.taskKinds()).toEqual(["opt-out-review", "urgent-reply"]);
  });

  it("of a stopped number raises the task and is not answered", async () => {
    const { world } = await aPatientsWorld();
    await world.text("STOP");

    await world.text("I want to end my life");

    expect(world.kinds()).toEqual(["stopped"]);
    expect(world.taskKinds()).toEqual(["urgent-reply"]);
  });

  it("is answered three times a day at most, so that two machines do not go on for ever", async () => {
    const { world } = await aPatientsWorld();

    for (let count = 1; count <= 5; count += 1) await world.text("I want to end my life");

    expect(world.kinds()).toEqual(["crisis", "crisis", "crisis"]);
    expect(world.taskKinds()).toHaveLength(5);
  });
});

describe("a number of several patients", () => {
  it("is told apart by the text that is answered", async () => {
    const { world, patientId } = await aSharedWorld();
    const { body } = await world.send(patientId);
    await world.sendAlert(patientId, (body["alert"] as { id: string }).id);

    await world.text("Thank you", { answers: "provider-1" });

    expect(world.messageRecords().at(-1)).toMatchObject({ patientId, threadId: body["threadId"] });
    expect(world.openTasks()).toMatchObject([{ kind: "reply", patientId }]);
  });

  it("otherwise has a thread of its own, and staff are asked whose it is", async () => {
    const { world, patientId, otherId } = await aSharedWorld();

    await world.text("Thank you");
    await world.text("Are you there?");

    const number = await world.number();
    expect(world.messageRecords()).toMatchObject([
      { patientId: number?.id, sender: `number:${number?.id}` },
      { patientId: number?.id },
    ]);
    expect(world.openTasks()).toMatchObject([
      { kind: "shared-number", patientId: null, numberId: number?.id },
    ]);
    expect(world.kinds()).toEqual(["help"]);
    for (const id of [patientId, otherId]) {
      expect(world.actions(id)).not.toContain("text.received");
    }
  });
});

describe("a stranger", () => {
  it("has a thread that shows the number, a task, and the help wording at most once", async () => {
    const world = createInboundWorld();

    await world.text("Hola, ¿tienen citas?", { from: STRANGER });
    await world.text("¿Hola?", { from: STRANGER });

    const number = await world.number(STRANGER);
    const [message] = world.messageRecords();
    if (message === undefined) throw new Error("nothing was stored");
    expect(number?.id).toMatch(/^nbr_/);
    expect(world.threads()).toMatchObject([{ patientId: number?.id, threadState: "waiting" }]);
    expect(await world.wordsOf(message)).toMatchObject({
      subject: `Text from ${STRANGER}`,
      body: "Hola, ¿tienen citas?",
    });
    expect(world.openTasks()).toMatchObject([
      { kind: "unknown-sender", numberId: number?.id, patientId: null },
    ]);
    expect(world.answers()).toMatchObject([{ kind: "help", language: "es", numberIndex: number?.index }]);
    expect(world.entries("actor#function:receive-text")).toHaveLength(2);
    expect(JSON.stringify([world.store.items("Messages"), world.entries(), world.log.lines])).not.toContain(
      STRANGER.slice(1),
    );
  });

  it("is heard no more after 20 texts a day, but for a STOP", async () => {
    const world = createInboundWorld();
    for (let count = 1; count <= 21; count += 1) await world.text(`Buy now ${count}`, { from: STRANGER });

    expect(world.messageRecords()).toHaveLength(20);
    expect(world.log.lines.at(-1)).toBe('warn TEXT_IGNORED {"inboundId":"inbound-21","reason":"too-many"}');
    await world.text("STOP", { from: STRANGER });
    await world.text("START", { from: STRANGER });

    expect((await world.number(STRANGER))?.stoppedAt).not.toBeNull();
    world.clock.advance(DAY);
    await world.text("Hello", { from: STRANGER });
    expect(world.messageRecords()).toHaveLength(21);
  });

  it("who hints at self-harm is heard up to 60 texts a day", async () => {
    const world = createInboundWorld();
    for (let count = 1; count <= 20; count += 1) await world.text(`Buy now ${count}`, { from: STRANGER });

    for (let count = 1; count <= 41; count += 1)
      await world.text("I want to kill myself", { from: STRANGER });

    expect(world.taskKinds().filter((kind) => kind === "urgent-reply")).toHaveLength(40);
    expect(world.log.lines.at(-1)).toBe('warn TEXT_IGNORED {"inboundId":"inbound-61","reason":"too-many"}');
  });
});

describe("what no phone of a person sent", () => {
  it.each([
    ["a short code", "28777"],
    ["a short code with a plus sign", "+28777"],
    ["a name", "ACMEBANK"],
    ["the practice's own number", PRACTICE_PHONE],
  ])("%s is left alone", async (_what, from) => {
    const world = createInboundWorld();

    await world.text("STOP", { from });

    expect(world.store.items("Messages")).toEqual([]);
    expect(world.store.items("Audit")).toEqual([]);
    expect(world.log.lines.at(-1)).toContain("TEXT_IGNORED");
    expect(world.log.lines.at(-1)).not.toContain(from);
  });
});

describe("a record that cannot be read", () => {
  it.each([
    ["no JSON", "not json"],
    ["no notification", JSON.stringify({ Type: "SubscriptionConfirmation", Message: "{}" })],
    [
      "no text",
      JSON.stringify({ Type: "Notification", Timestamp: "2026-11-04T17:00:00.000Z", Message: "{}" }),
    ],
  ])("goes back to its queue and says nothing of what was in it: %s", async (_what, body) => {
    const world = createInboundWorld();
    const record = { ...world.record("Hello"), body };

    const answer = await world.handler({ Records: [record, world.record("Hello", { from: PHONE })] });

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: record.messageId }] });
    expect(world.messageRecords()).toHaveLength(1);
  });
});
