import { describe, expect, it } from "vitest";
import type { World, WorldChoices } from "#test/support/core-world.ts";
import { accept, alertsOf, aWorldAt, HOUR, setPractice, tasksOf } from "./days.ts";

const MORNING = "2026-11-04T18:00:00.000Z";
const DAY = 24 * HOUR;

/** A world in which a text about one message reached the phone. */
async function aDelivered(message: object = {}, choices: WorldChoices = {}) {
  const days = await aWorldAt(MORNING, choices);
  const accepted = await accept(days.world, days.patientId, message);
  await days.workOff();
  await report(days.world, 1);
  return { ...days, ...accepted };
}

/** The carrier says of a text that it arrived, or something else. */
function report(world: World, count: number, eventType = "TEXT_DELIVERED") {
  const alertId = world.texts[count - 1]?.alertId;
  return world.report({ eventType, messageId: `provider-${count}`, context: { alertId } });
}

const callsOf = (world: World) => tasksOf(world).filter(({ kind }) => kind === "call");

describe("a text that nobody follows", () => {
  it("is repeated after one and three days, and a person calls after four", async () => {
    const { world, patientId, pass, messageId, alertId, alert } = await aDelivered();
    const counts: number[] = [];
    for (const hours of [24, 1, 47, 1, 22]) {
      await pass(hours * HOUR - 1);
      counts.push(world.texts.length);
      await pass(1);
    }
    const before = tasksOf(world);
    await pass(HOUR);

    // Just before 24, 25, 72, 73 and 95 hours: each nudge once, soon after its time.
    expect(counts).toEqual([1, 2, 2, 3, 3]);
    expect(before).toEqual([]);
    expect(callsOf(world)).toMatchObject([{ reason: "unread", patientId, messageId, alertId }]);
    expect(await alert()).toMatchObject({
      status: "delivered",
      nudges: 2,
      dueAt: null,
      taskId: callsOf(world)[0]?.id,
    });
    const [, ...nudges] = await alertsOf(world, patientId);
    expect(nudges).toMatchObject([
      { kind: "nudge", messageId, nudges: 1, queue: "bulk" },
      { kind: "nudge", messageId, nudges: 2, queue: "bulk" },
    ]);
    expect(new Set(world.texts.map(({ body }) => body)).size).toBe(3);
  });

  it("brings nothing more about in the weeks after", async () => {
    const { world, pass } = await aDelivered();
    await pass(5 * DAY);
    const texts = world.texts.length;

    await pass(30 * DAY);

    expect(world.texts).toHaveLength(texts);
    expect(tasksOf(world)).toHaveLength(1);
    expect(world.store.items("Messages").filter(({ dueAt }) => dueAt !== undefined)).toEqual([]);
  });

  it("is repeated by one text, however often it is asked for at that time", async () => {
    const { world, patientId, pass, alertId } = await aDelivered();
    await setPractice(world, { caps: { perDay: 10, perWeek: 50 } });
    await pass(DAY - 1);
    world.clock.advance(1);

    await Promise.all(Array.from({ length: 3 }, () => world.sendAlert(patientId, alertId)));
    await world.sendAlert(patientId, alertId);
    await pass(HOUR);

    expect(world.texts).toHaveLength(2);
  });

  it.each([
    ["the patient read the thread", "read"],
    ["its message was revoked", "revoked"],
    ["its message is over", "over"],
  ])("stays alone after %s, and nobody is asked to call", async (_name, how) => {
    const message = how === "over" ? { expiresAt: "2026-11-05T17:00:00.000Z" } : {};
    const { world, patientId, pass, messageId, threadId, alert } = await aDelivered(message);
    await pass(HOUR);
    if (how === "read") await world.put(world.messages.markRead(patientId, threadId, world.clock.iso()));
    if (how === "revoked") {
      await world.call("POST /messages/{id}/revocation", {
        path: { id: messageId },
        body: { reason: "wrong" },
      });
    }

    await pass(10 * DAY);

    expect(world.texts).toHaveLength(1);
    expect(tasksOf(world)).toEqual([]);
    expect(await alert()).toMatchObject({ status: "delivered", nudges: 0, dueAt: null });
  });

  it("is followed by nothing more once the patient reads it between two nudges", async () => {
    const { world, patientId, pass, threadId } = await aDelivered();
    await pass(2 * DAY);
    await world.put(world.messages.markRead(patientId, threadId, world.clock.iso()));

    await pass(10 * DAY);

    expect(world.texts).toHaveLength(2);
    expect(tasksOf(world)).toEqual([]);
  });

  it("goes on where what the patient read was read before it", async () => {
    const days = await aWorldAt(MORNING);
    const { world, patientId, workOff, pass } = days;
    const first = await accept(world, patientId);
    await world.put(world.messages.markRead(patientId, first.threadId, "2026-11-04T17:00:00.000Z"));
    await workOff();

    await pass(DAY);

    expect(world.texts).toHaveLength(2);
  });

  it("leaves a nudge that waits unsent when the patient reads it in the meantime", async () => {
    const { world, patientId, pass, workOff, threadId } = await aDelivered();
    await pass(DAY - 60);
    // The day's one text is another one's.
    const other = await accept(world, patientId, {}, "key-2");
    await workOff();
    await world.put(world.messages.markRead(patientId, other.threadId, world.clock.iso(1)));
    await pass(HOUR);
    const [waiting] = (await alertsOf(world, patientId)).filter(({ kind }) => kind === "nudge");
    await world.put(world.messages.markRead(patientId, threadId, world.clock.iso()));
    await pass(DAY);

    const [nudge] = (await alertsOf(world, patientId)).filter(({ kind }) => kind === "nudge");
    expect(waiting).toMatchObject({ status: "deferred", reason: "daily_cap" });
    expect(nudge).toMatchObject({ status: "blocked", reason: "read", dueAt: null });
    expect(world.texts).toHaveLength(2);
  });

  it("is not repeated to who takes no texts any more; a person calls all the same", async () => {
    const { world, patientId, pass } = await aDelivered();
    await world.grant(patientId, { decision: "revoked" });

    await pass(5 * DAY);

    expect(world.texts).toHaveLength(1);
    expect((await alertsOf(world, patientId)).slice(1)).toMatchObject([
      { kind: "nudge", status: "blocked", reason: "consent_revoked" },
      { kind: "nudge", status: "blocked", reason: "consent_revoked" },
    ]);
    expect(callsOf(world)).toHaveLength(1);
  });
});

describe("a carrier that never says a word", () => {
  it("makes the text unknown after 73 hours, and a person calls", async () => {
    const { world, patientId, workOff, pass } = await aWorldAt(MORNING);
    const { alert, messageId, alertId } = await accept(world, patientId);
    await workOff();
    await pass(73 * HOUR - 1);
    const before = [(await alert()).status, tasksOf(world).length];
    await pass(60);
    const after = await alert();
    await pass(30 * DAY);

    expect(before).toEqual(["sent", 0]);
    expect(after).toMatchObject({ status: "unknown", reason: "no_word_from_carrier" });
    expect(tasksOf(world)).toMatchObject([
      { id: after.taskId, kind: "call", reason: "no_word_from_carrier", messageId, alertId },
    ]);
    // Nobody could find out whether its nudges arrived: they end as unknown without a task.
    const nudges = (await alertsOf(world, patientId)).slice(1);
    expect(nudges.map(({ status, reason, taskId }) => [status, reason, taskId])).toEqual([
      ["unknown", "no_word_from_carrier", null],
      ["unknown", "no_word_from_carrier", null],
    ]);
  });

  it("asks for no call about what the patient has read", async () => {
    const { world, patientId, workOff, pass } = await aWorldAt(MORNING);
    const { alert, threadId } = await accept(world, patientId);
    await workOff();
    await world.put(world.messages.markRead(patientId, threadId, world.clock.iso(1)));

    await pass(10 * DAY);

    expect(await alert()).toMatchObject({ status: "unknown", reason: "no_word_from_carrier", dueAt: null });
    expect(tasksOf(world)).toEqual([]);
  });

  it("or says that it does not know, which comes to the same", async () => {
    const { world, pass, alert } = await aDelivered();
    const { world: other, patientId, workOff } = await aWorldAt(MORNING);
    const sent = await accept(other, patientId);
    await workOff();
    await report(other, 1, "TEXT_UNKNOWN");
    await workOff();
    await report(world, 1, "TEXT_UNKNOWN");
    await pass(60);

    expect(await sent.alert()).toMatchObject({ status: "unknown", reason: "no_word_from_carrier" });
    expect(tasksOf(other)).toMatchObject([{ kind: "call", reason: "no_word_from_carrier" }]);
    // What arrived has arrived.
    expect(await alert()).toMatchObject({ status: "delivered" });
    expect(tasksOf(world)).toEqual([]);
  });
});
