import { describe, expect, it } from "vitest";
import { createSendAlert } from "#shared/alerting/send-alert.ts";
import { anAlert } from "#test/support/builders.ts";
import { accept, aWorldAt, HOUR, setPractice, tasksOf } from "./days.ts";

describe("an alert that is accepted in quiet hours", () => {
  it.each([
    ["of the practice's zone", "2026-11-05T05:30:00.000Z", {}, "2026-11-05T16:00:00.000Z"],
    [
      "of the patient's zone, though it is day at the practice",
      "2026-11-05T02:30:00.000Z",
      { timeZone: "America/New_York" },
      "2026-11-05T13:00:00.000Z",
    ],
    [
      "of the patient's zone in the morning",
      "2026-11-05T17:30:00.000Z",
      { timeZone: "Pacific/Honolulu" },
      "2026-11-05T18:00:00.000Z",
    ],
    ["in the night of 23 hours", "2027-03-14T05:30:00.000Z", {}, "2027-03-14T15:00:00.000Z"],
    ["in the night of 25 hours", "2027-11-07T04:30:00.000Z", {}, "2027-11-07T16:00:00.000Z"],
    [
      "in a zone without summer time",
      "2027-03-14T05:30:00.000Z",
      { timeZone: "America/Phoenix" },
      "2027-03-14T15:00:00.000Z",
    ],
  ])("%s is put off until eight and sent then", async (_name, moment, patient, eight) => {
    const { world, patientId, workOff, passTo } = await aWorldAt(moment, {}, patient);
    const { alert } = await accept(world, patientId);
    await workOff();
    const put = await alert();
    await passTo(new Date(Date.parse(eight) - 1).toISOString());
    const textsBefore = world.texts.length;

    await passTo(eight);

    expect(put).toMatchObject({ status: "deferred", reason: "quiet_hours", dueAt: eight, heldUntil: eight });
    expect(textsBefore).toBe(0);
    expect(world.texts).toHaveLength(1);
    expect(await alert()).toMatchObject({ status: "sent", reason: null });
    // A night's rest is nothing that a person must know of.
    expect(tasksOf(world)).toEqual([]);
  });

  it("goes by day in the patient's zone, though it is night at the practice", async () => {
    const { world, patientId, workOff } = await aWorldAt(
      "2026-11-05T05:30:00.000Z",
      {},
      {
        timeZone: "Pacific/Guam",
      },
    );
    await accept(world, patientId);

    await workOff();

    expect(world.texts).toHaveLength(1);
  });

  it("keeps to the hours that the practice has set", async () => {
    const { world, patientId, workOff } = await aWorldAt("2026-11-05T02:30:00.000Z");
    await setPractice(world, { quietHours: { from: "18:00", to: "10:15" } });
    const { alert } = await accept(world, patientId);

    await workOff();

    expect(await alert()).toMatchObject({ reason: "quiet_hours", heldUntil: "2026-11-05T18:15:00.000Z" });
  });

  it("is not hurried by repeated requests, which leave no trace", async () => {
    const { world, patientId, workOff } = await aWorldAt("2026-11-05T05:30:00.000Z");
    const { alertId, alert } = await accept(world, patientId);
    await workOff();
    const put = await alert();
    const actions = world.actions();
    world.clock.advance(3 * HOUR);

    await world.sendAlert(patientId, alertId);
    await world.sendAlert(patientId, alertId);

    expect(await alert()).toEqual(put);
    expect(world.actions()).toEqual(actions);
    expect(world.texts).toEqual([]);
  });

  it("ends instead of leaving too late, and a person calls", async () => {
    const { world, patientId, workOff, passTo } = await aWorldAt("2026-11-05T05:30:00.000Z");
    const { alert, messageId, alertId } = await accept(world, patientId, {
      expiresAt: "2026-11-05T16:00:00.000Z",
    });
    await workOff();
    const ended = await alert();
    await passTo("2026-11-06T00:00:00.000Z");

    expect(ended).toMatchObject({ status: "blocked", reason: "expired", dueAt: null });
    expect(tasksOf(world)).toMatchObject([
      { id: ended.taskId, kind: "call", reason: "expired", patientId, messageId, alertId },
    ]);
    expect(world.texts).toEqual([]);
  });

  it("is judged again when its turn comes: it may be night by then", async () => {
    const { world, patientId } = await aWorldAt("2026-11-05T04:59:58.000Z");
    const { alertId, alert } = await accept(world, patientId);
    const claimAtMs = world.clock.now().getTime() + 4000;
    const sendAlert = createSendAlert({
      ...world.alerting,
      takeSlot: async () => ({ claimAtMs, sendAtMs: claimAtMs + 150, graceMs: 100 }),
    });

    const outcome = await sendAlert({ patientId, alertId }, "request-1");

    expect(outcome).toEqual({ kind: "deferred", reason: "quiet_hours" });
    expect(await alert()).toMatchObject({ status: "deferred", heldUntil: "2026-11-05T16:00:00.000Z" });
    expect(world.texts).toEqual([]);
  });

  it("and ends when its own end comes before its turn", async () => {
    const { world, patientId } = await aWorldAt("2026-11-04T20:00:00.000Z");
    const { alertId, alert } = await accept(world, patientId, { expiresAt: "2026-11-04T20:00:02.000Z" });
    const claimAtMs = world.clock.now().getTime() + 4000;
    const sendAlert = createSendAlert({
      ...world.alerting,
      takeSlot: async () => ({ claimAtMs, sendAtMs: claimAtMs + 150, graceMs: 100 }),
    });

    await sendAlert({ patientId, alertId }, "request-1");

    expect(await alert()).toMatchObject({ status: "blocked", reason: "expired" });
    expect(world.texts).toEqual([]);
  });
});

describe("an urgent alert", () => {
  it("leaves at night, whatever the patient got before", async () => {
    const { world, patientId, workOff } = await aWorldAt("2026-11-05T04:30:00.000Z");
    const { alertId } = await accept(world, patientId);
    await workOff();
    world.clock.advance(4 * HOUR);
    const first = await world.alert(patientId, alertId);
    const code = anAlert({
      ...first,
      id: "alr_01KAEV0000000000000000CDE1",
      kind: "code",
      status: "queued",
      queue: "urgent",
      template: "code@1",
      createdAt: world.clock.iso(),
      expiresAt: world.clock.iso(600),
      claimedAt: null,
      sentAt: null,
      providerMessageId: null,
    });
    await world.put(...world.messages.addAlert(code));

    await world.sendAlert(patientId, code.id);

    expect(world.texts).toHaveLength(2);
    expect(await world.alert(patientId, code.id)).toMatchObject({ status: "sent" });
    // It counts towards no cap either.
    const [counted] = await world.read(world.messages.sentTexts(patientId, "visits"));
    expect(counted?.texts.map(({ alertId: id }) => id)).toEqual([alertId]);
  });
});
