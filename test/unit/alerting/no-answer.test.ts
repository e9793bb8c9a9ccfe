import { describe, expect, it } from "vitest";
import type { WorldChoices } from "#test/support/core-world.ts";
import { accept, aWorldAt, HOUR, MINUTE, tasksOf } from "./days.ts";

const MORNING = "2026-11-04T18:00:00.000Z";

async function aTried(choices: WorldChoices) {
  const days = await aWorldAt(MORNING, choices);
  const accepted = await accept(days.world, days.patientId);
  await days.workOff();
  const report = (eventType: string) =>
    days.world.report({
      eventType,
      messageId: "provider-late",
      context: { alertId: accepted.alertId },
    });
  return { ...days, ...accepted, report };
}

const UNKNOWN: WorldChoices = { provider: () => ({ kind: "unknown" }) };
const THROTTLED: WorldChoices = {
  provider: (_text, count) =>
    count === 1
      ? { kind: "busy", reason: "throttled", retryAfterSeconds: 30 * MINUTE }
      : { kind: "accepted", providerMessageId: `provider-${count}` },
};

describe("a send whose outcome nobody knows", () => {
  it("becomes a task after half an hour that names the message, and no second text", async () => {
    const { world, patientId, pass, alert, alertId, messageId, threadId } = await aTried(UNKNOWN);
    const tried = await alert();
    await pass(30 * MINUTE - 1);
    const before = tasksOf(world);
    await pass(MINUTE);

    expect(tried).toMatchObject({ status: "unknown", reason: "no_answer", taskId: null });
    expect(before).toEqual([]);
    expect(tasksOf(world)).toMatchObject([
      { kind: "unknown-send", patientId, messageId, threadId, alertId, reason: "no_answer" },
    ]);
    expect(await alert()).toMatchObject({ status: "unknown", taskId: tasksOf(world)[0]?.id, dueAt: null });
    expect(world.texts).toHaveLength(1);
  });

  it("becomes one task, whoever asks and however often", async () => {
    const { world, patientId, pass, alertId } = await aTried(UNKNOWN);
    world.clock.advance(31 * MINUTE);
    await Promise.all(Array.from({ length: 3 }, () => world.sendAlert(patientId, alertId)));

    await world.sendAlert(patientId, alertId);
    await pass(240 * HOUR);

    expect(tasksOf(world)).toHaveLength(1);
    expect(world.texts).toHaveLength(1);
  });

  it("becomes none where the carrier reports the text before", async () => {
    const { world, pass, alert, report } = await aTried(UNKNOWN);
    await pass(10 * MINUTE);
    await report("TEXT_DELIVERED");

    await pass(HOUR);

    expect(await alert()).toMatchObject({ status: "delivered", providerMessageId: "provider-late" });
    expect(tasksOf(world)).toEqual([]);
    expect(world.texts).toHaveLength(1);
  });
});

describe("a throttled text", () => {
  it("is tried again after half an hour", async () => {
    const { world, pass, alert } = await aTried(THROTTLED);
    const put = await alert();
    await pass(30 * MINUTE - 1);
    const before = world.texts.length;
    await pass(1);

    expect(put).toMatchObject({ status: "deferred", reason: "throttled", claimedAt: null });
    expect(before).toBe(1);
    expect(world.texts).toHaveLength(2);
    expect(await alert()).toMatchObject({ status: "sent", providerMessageId: "provider-2" });
  });

  it.each(["TEXT_DELIVERED", "TEXT_QUEUED"])(
    "is not tried again once a report (%s) proves that it had been taken after all",
    async (eventType) => {
      const { world, patientId, pass, alert, alertId, report } = await aTried(THROTTLED);
      await pass(10 * MINUTE);
      await report(eventType);

      await pass(HOUR);
      await world.sendAlert(patientId, alertId);

      expect(world.texts).toHaveLength(1);
      expect((await alert()).status).toBe(eventType === "TEXT_DELIVERED" ? "delivered" : "sent");
      expect(tasksOf(world)).toEqual([]);
    },
  );

  it("that was taken after all is repeated as any other that nobody follows", async () => {
    const { world, pass, report } = await aTried(THROTTLED);
    await pass(10 * MINUTE);
    await report("TEXT_DELIVERED");

    await pass(25 * HOUR);

    expect(world.texts).toHaveLength(2);
    expect(world.texts[1]?.alertId).not.toBe(world.texts[0]?.alertId);
  });
});
