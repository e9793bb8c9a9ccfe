import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aWorldWithAlert, type WorldChoices } from "#test/support/core-world.ts";

async function aSentAlert(choices?: WorldChoices) {
  const made = await aWorldWithAlert(choices);
  const { world, patientId, alertId } = made;
  await world.sendAlert(patientId, alertId);
  const report = (eventType: string, parts: object = { context: { alertId } }) =>
    world.report({ eventType, messageId: "provider-1", destinationPhoneNumber: "+12065550142", ...parts });
  return { ...made, report };
}

/** An alert whose send got no answer, half an hour later, with the task that asks about it. */
async function anUnknownAlertWithTask() {
  const made = await aSentAlert({ provider: () => ({ kind: "unknown" }) });
  const { world, patientId, alertId, alert } = made;
  world.clock.advance(31 * 60);
  await world.sendAlert(patientId, alertId);
  const { taskId } = await alert();
  if (taskId === null) throw new Error("nobody was asked");
  const task = async () => (await world.read(world.tasks.task(taskId)))[0];
  return { ...made, task };
}

describe("a report on a text of which a person was asked whether it left", () => {
  it.each([
    ["TEXT_PENDING", "sent"],
    ["TEXT_DELIVERED", "delivered"],
    ["TEXT_INVALID", "failed"],
  ])("%s completes the task", async (eventType, status) => {
    const { alert, task, report } = await anUnknownAlertWithTask();
    expect(await task()).toMatchObject({ kind: "unknown-send", taskState: "open" });

    await report(eventType);

    expect(await alert()).toMatchObject({ status, taskId: null });
    expect(await task()).toMatchObject({ taskState: "done", completedBy: "function:record-delivery" });
  });

  it("gives a text that arrived its next steps again", async () => {
    const { world, alert, report } = await anUnknownAlertWithTask();

    await report("TEXT_DELIVERED");

    expect((await alert()).dueAt).toBe(world.clock.iso(120));
  });

  it("leaves a task that somebody has done as it is", async () => {
    const { world, alert, task, report } = await anUnknownAlertWithTask();
    const { taskId } = await alert();
    await world
      .journalOf("test")
      .commit({ action: "test.prepared", actor: "function:test", role: "function", requestId: "request-0" }, [
        world.tasks.completeTask(taskId ?? "", world.clock.iso(), "staff_1"),
      ]);

    await report("TEXT_DELIVERED");

    // Free for what may follow: nobody has read the message yet.
    expect(await alert()).toMatchObject({ status: "delivered", taskId: null });
    expect(await task()).toMatchObject({ taskState: "done", completedBy: "staff_1" });
  });
});

describe("a late success", () => {
  it("completes the call that its failure asked for", async () => {
    const { world, patientId, alertId, alert, report } = await aSentAlert();
    await report("TEXT_UNREACHABLE");
    await world.sendAlert(patientId, alertId);
    const { taskId } = await alert();
    expect((await world.read(world.tasks.task(taskId ?? "")))[0]).toMatchObject({
      kind: "call",
      taskState: "open",
    });

    await report("TEXT_DELIVERED");

    expect(await alert()).toMatchObject({ status: "delivered", reason: null, taskId: null });
    expect((await world.read(world.tasks.task(taskId ?? "")))[0]).toMatchObject({
      taskState: "done",
      completedBy: "function:record-delivery",
    });
  });
});

describe("a carrier's report", () => {
  it.each([
    ["TEXT_DELIVERED", "delivered", null],
    ["TEXT_SUCCESSFUL", "delivered", null],
    ["TEXT_BLOCKED", "failed", "blocked"],
    ["TEXT_INVALID", "failed", "invalid_number"],
    ["TEXT_TTL_EXPIRED", "failed", "expired"],
    ["TEXT_PROTECT_BLOCKED", "failed", "protect_blocked"],
    ["TEXT_UNKNOWN", "unknown", "no_word_from_carrier"],
  ])("%s makes the alert %s (%s), on record", async (eventType, status, reason) => {
    const { world, patientId, alertId, alert, report } = await aSentAlert();

    await report(eventType);

    expect(await alert()).toMatchObject({ status, reason, providerMessageId: "provider-1" });
    expect(world.entries(patientId).at(-1)).toMatchObject({
      action: `alert.${status}`,
      function: "record-delivery",
      details: { alertId, eventType, reason, providerMessageId: "provider-1" },
    });
  });

  it.each([
    ["TEXT_UNREACHABLE", "failed"],
    ["TEXT_UNKNOWN", "unknown"],
  ])("%s asks at once for what must follow, and again in two minutes", async (eventType) => {
    const { world, alertId, alert, report } = await aSentAlert();
    const before = world.requests.length;

    await report(eventType);

    expect((await alert()).dueAt).toBe(world.clock.iso(120));
    expect(world.requests.slice(before)).toEqual([{ queue: "bulk", alertId, delaySeconds: 0 }]);
  });

  it.each(["TEXT_DELIVERED", "TEXT_SUCCESSFUL"])(
    "%s leaves the next step when it was due",
    async (eventType) => {
      const { world, alert, report } = await aSentAlert();
      const { dueAt } = await alert();
      const before = world.requests.length;
      expect(dueAt).not.toBeNull();

      await report(eventType);

      expect((await alert()).dueAt).toBe(dueAt);
      expect(world.requests).toHaveLength(before);
    },
  );

  it("that fails is found again in two minutes where the queue does not answer", async () => {
    const { world, alert, report } = await aSentAlert();
    world.state.queueFails = true;

    const answer = await report("TEXT_UNREACHABLE");

    expect(answer.batchItemFailures).toHaveLength(1);
    expect(await alert()).toMatchObject({ status: "failed", dueAt: world.clock.iso(120) });
  });

  it.each(["TEXT_PENDING", "TEXT_QUEUED", "TEXT_SENT", "TEXT_SOMETHING_NEW"])(
    "%s says nothing new of a text that was sent",
    async (eventType) => {
      const { world, patientId, alert, report } = await aSentAlert();
      const before = world.entries(patientId).length;

      const answer = await report(eventType);

      expect(answer).toEqual({ batchItemFailures: [] });
      expect(await alert()).toMatchObject({ status: "sent" });
      expect(world.entries(patientId)).toHaveLength(before);
    },
  );

  it.each(["TEXT_PENDING", "TEXT_DELIVERED"])(
    "%s settles a send whose outcome nobody knew",
    async (eventType) => {
      const { alert, report } = await aSentAlert({ provider: () => ({ kind: "unknown" }) });

      await report(eventType);

      expect((await alert()).status).toBe(eventType === "TEXT_PENDING" ? "sent" : "delivered");
    },
  );

  it("is written once when it comes three times, also at the same time", async () => {
    const { world, patientId, report } = await aSentAlert();

    await Promise.all([report("TEXT_DELIVERED"), report("TEXT_DELIVERED")]);
    await report("TEXT_DELIVERED");

    expect(world.actions(patientId).filter((action) => action === "alert.delivered")).toHaveLength(1);
  });

  it("of success is believed after one of failure", async () => {
    const { alert, report } = await aSentAlert();

    await report("TEXT_UNREACHABLE");
    await report("TEXT_DELIVERED");

    expect(await alert()).toMatchObject({ status: "delivered", reason: null });
  });

  it("of failure is not believed after one of success", async () => {
    const { alert, report } = await aSentAlert();

    await report("TEXT_DELIVERED");
    await report("TEXT_UNREACHABLE");

    expect(await alert()).toMatchObject({ status: "delivered", reason: null });
  });

  it("of success wins in whatever order the reports come", async () => {
    const events = ["TEXT_QUEUED", "TEXT_PENDING", "TEXT_UNREACHABLE", "TEXT_DELIVERED", "TEXT_UNKNOWN"];

    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(events, { minLength: events.length }), async (order) => {
        const { alert, report } = await aSentAlert();

        for (const eventType of order) await report(eventType);

        expect((await alert()).status).toBe("delivered");
      }),
      { numRuns: 12 },
    );
  });

  it("of failure says nothing of a later try of the same alert", async () => {
    const { alert, report } = await aSentAlert();

    await report("TEXT_UNREACHABLE", { context: { alertId: (await alert()).id }, messageId: "provider-0" });

    expect(await alert()).toMatchObject({ status: "sent", providerMessageId: "provider-1" });
  });

  it.each(["TEXT_PENDING", "TEXT_DELIVERED"])(
    "%s of an alert that was put off keeps it from being sent twice",
    async (eventType) => {
      const { world, patientId, alertId, alert, report } = await aSentAlert({
        provider: () => ({ kind: "busy", reason: "throttled", retryAfterSeconds: 60 }),
      });
      expect(await alert()).toMatchObject({ status: "deferred", claimedAt: null });

      await report(eventType);
      world.clock.advance(120);
      await world.sendAlert(patientId, alertId);

      expect(world.texts).toHaveLength(1);
      expect(await alert()).toMatchObject({
        status: eventType === "TEXT_PENDING" ? "sent" : "delivered",
        providerMessageId: "provider-1",
        sentAt: expect.stringMatching(/^2026-11-04T17:0/),
      });
    },
  );

  it("of failure leaves an alert that was put off to be tried again", async () => {
    const { alert, report } = await aSentAlert({
      provider: () => ({ kind: "busy", reason: "throttled", retryAfterSeconds: 60 }),
    });

    await report("TEXT_UNREACHABLE");

    expect((await alert()).status).toBe("deferred");
  });

  it("finds its alert by the provider's id where it carries no context", async () => {
    const { alert, report } = await aSentAlert();

    await report("TEXT_DELIVERED", {});

    expect(await alert()).toMatchObject({ status: "delivered" });
  });

  it("may come from the event bus", async () => {
    const { world, alert } = await aSentAlert();
    const detail = { eventType: "TEXT_DELIVERED", messageId: "provider-1", eventVersion: "1.0" };

    const answer = await world.recordDeliveries({
      Records: [
        world.aRecord({
          source: "aws.sms-voice",
          "detail-type": "Text Message Delivery Status Updated",
          detail,
        }),
      ],
    });

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(await alert()).toMatchObject({ status: "delivered" });
  });

  it.each([
    ["another alert", { context: { alertId: "alr_01KAEV0000000000000000NEW1" } }],
    ["another text", { messageId: "provider-9", context: {} }],
  ])("of %s is ignored with a warning", async (_name, parts) => {
    const { world, report } = await aSentAlert();

    const answer = await report("TEXT_DELIVERED", parts);

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(world.log.lines.at(-1)).toContain("DELIVERY_IGNORED");
  });

  it("that greets a new topic is ignored", async () => {
    const { world } = await aSentAlert();
    const Message = "Successfully validated SNS topic for Amazon SES event publishing.";

    const answer = await world.recordDeliveries({
      Records: [world.aRecord({ Type: "Notification", Message })],
    });

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(world.log.lines.at(-1)).toContain("DELIVERY_IGNORED");
  });

  it("leaves the phone number where it is", async () => {
    const { world, report } = await aSentAlert();

    await report("TEXT_DELIVERED");

    const kept = JSON.stringify([world.store.items("Messages"), world.store.items("Audit"), world.log.lines]);
    expect(kept).not.toContain("2065550142");
  });

  it.each([
    ["no JSON", "{canary"],
    ["of another source", JSON.stringify({ source: "canary", detail: {} })],
    [
      "without an event type",
      JSON.stringify({ Type: "Notification", Message: JSON.stringify({ messageId: "canary" }) }),
    ],
    [
      "with a strange event type",
      JSON.stringify({
        Type: "Notification",
        Message: JSON.stringify({ eventType: "canary", messageId: "x" }),
      }),
    ],
  ])("that is %s goes back to its queue and is not repeated in the log", async (_name, body) => {
    const { world } = await aSentAlert();

    const answer = await world.recordDeliveries({ Records: [{ messageId: "bad", body } as never] });

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "bad" }] });
    expect(world.log.lines.join()).not.toContain("canary");
  });

  it("goes back to its queue where it cannot be recorded", async () => {
    const { world, alert, report } = await aSentAlert();
    world.store.setIntercept(({ action }) => {
      if (action === "TransactWriteItems") throw new Error("out of reach");
    });

    const answer = await report("TEXT_DELIVERED");

    expect(answer.batchItemFailures).toHaveLength(1);
    expect(await alert()).toMatchObject({ status: "sent" });
  });
});
