import { describe, expect, it } from "vitest";
import { createSendAlert } from "#shared/alerting/send-alert.ts";
import type { World } from "#test/support/core-world.ts";
import { accept, aWorldAt, HOUR, MINUTE, moveTo, setPractice, tasksOf } from "./days.ts";

const MORNING = "2026-11-05T18:00:00.000Z";
const NEXT_MORNING = "2026-11-06T16:00:00.000Z";

/** Tells that a text reached the phone, so that silence of the carrier brings nothing about. */
function arrived(world: World, count: number) {
  const alertId = world.texts[count - 1]?.alertId;
  return world.report({ eventType: "TEXT_DELIVERED", messageId: `provider-${count}`, context: { alertId } });
}

/** A message of which the patient reads at once, so that no nudge goes on about it. */
async function acceptAndRead(world: World, patientId: string, key: string, workOff: () => Promise<void>) {
  const message = await accept(world, patientId, {}, key);
  await workOff();
  await world.put(world.messages.markRead(patientId, message.threadId, world.clock.iso(1)));
  return message;
}

async function countedOf(world: World, patientId: string) {
  const [counted] = await world.read(world.messages.sentTexts(patientId, "visits"));
  return counted?.texts.map(({ alertId }) => alertId) ?? [];
}

describe("the second text of a class on one local day", () => {
  it("waits for the next morning, and a person is asked to call", async () => {
    const { world, patientId, workOff, passTo } = await aWorldAt(MORNING);
    await acceptAndRead(world, patientId, "key-1", workOff);
    const second = await accept(world, patientId, {}, "key-2");
    await workOff();
    const put = await second.alert();
    await passTo(NEXT_MORNING);

    expect(put).toMatchObject({
      status: "deferred",
      reason: "daily_cap",
      heldUntil: NEXT_MORNING,
      dueAt: NEXT_MORNING,
    });
    expect(tasksOf(world)).toMatchObject([
      {
        id: put.taskId,
        kind: "call",
        reason: "daily_cap",
        patientId,
        messageId: second.messageId,
        alertId: second.alertId,
      },
    ]);
    expect(world.texts.map(({ alertId }) => alertId).at(-1)).toBe(second.alertId);
    expect(world.texts).toHaveLength(2);
    expect(await second.alert()).toMatchObject({ status: "sent", reason: null });
  });

  it("opens one task, however often it is put off", async () => {
    const { world, patientId, workOff, passTo } = await aWorldAt(MORNING);
    await acceptAndRead(world, patientId, "key-1", workOff);
    const second = await accept(world, patientId, {}, "key-2");
    const third = await accept(world, patientId, {}, "key-3");
    await passTo(NEXT_MORNING);
    const between = [await second.alert(), await third.alert()].map(({ status }) => status);
    await passTo("2026-11-07T16:00:00.000Z");

    expect(between.toSorted()).toEqual(["deferred", "sent"]);
    expect([await second.alert(), await third.alert()]).toMatchObject([
      { status: "sent" },
      { status: "sent" },
    ]);
    expect(
      tasksOf(world)
        .map(({ alertId }) => String(alertId))
        .toSorted((one, other) => one.localeCompare(other)),
    ).toEqual([second.alertId, third.alertId].toSorted((one, other) => one.localeCompare(other)));
  });

  it("opens one task when it is asked for twice at once", async () => {
    const { world, patientId, workOff } = await aWorldAt(MORNING);
    await acceptAndRead(world, patientId, "key-1", workOff);
    const { alertId } = await accept(world, patientId, {}, "key-2");

    await Promise.all(Array.from({ length: 3 }, () => world.sendAlert(patientId, alertId)));

    expect(tasksOf(world)).toHaveLength(1);
  });

  it("asks for no call where it waits four hours at most", async () => {
    const { world, patientId, workOff } = await aWorldAt("2026-11-06T06:00:00.000Z");
    await setPractice(world, { quietHours: { from: "23:00", to: "02:30" } });
    await accept(world, patientId, {}, "key-1");
    await workOff();
    moveTo(world, "2026-11-06T06:30:00.000Z");
    const second = await accept(world, patientId, {}, "key-2");
    await workOff();

    expect(await second.alert()).toMatchObject({
      status: "deferred",
      reason: "daily_cap",
      heldUntil: "2026-11-06T10:30:00.000Z",
      taskId: null,
    });
    expect(tasksOf(world)).toEqual([]);
  });

  it("asks for a call where it waits a minute longer", async () => {
    const { world, patientId, workOff } = await aWorldAt("2026-11-06T06:29:00.000Z");
    await setPractice(world, { quietHours: { from: "23:00", to: "02:30" } });
    await accept(world, patientId, {}, "key-1");
    await accept(world, patientId, {}, "key-2");
    await workOff();

    expect(tasksOf(world)).toHaveLength(1);
  });

  it("leaves at once where the practice allows two a day, and the third waits", async () => {
    const { world, patientId, workOff } = await aWorldAt(MORNING);
    await setPractice(world, { caps: { perDay: 2, perWeek: 5 } });
    await accept(world, patientId, {}, "key-1");
    await accept(world, patientId, {}, "key-2");
    const third = await accept(world, patientId, {}, "key-3");
    await workOff();

    expect(world.texts).toHaveLength(2);
    expect(await third.alert()).toMatchObject({ reason: "daily_cap" });
  });

  it("leaves at once when it is of another class, or another patient's", async () => {
    const { world, patientId, workOff } = await aWorldAt(MORNING);
    await world.grant(patientId, { purpose: "billing" });
    const other = await world.prepare({ externalId: "MRN-2" });
    await accept(world, patientId, {}, "key-1");
    await accept(world, patientId, { purpose: "billing" }, "key-2");
    await accept(world, other, {}, "key-3");

    await workOff();

    expect(world.texts).toHaveLength(3);
  });

  it("waits though its purpose is another one of the same class", async () => {
    const { world, patientId, workOff } = await aWorldAt(MORNING);
    await world.grant(patientId, { purpose: "portal" });
    await world.grant(patientId, { purpose: "pharmacy" });
    await accept(world, patientId, { purpose: "portal" }, "key-1");
    const second = await accept(world, patientId, { purpose: "pharmacy" }, "key-2");
    await workOff();

    expect(await second.alert()).toMatchObject({ status: "deferred", reason: "daily_cap" });
  });

  it("goes by the patient's day: the next one may have begun", async () => {
    // 23:30 of the 5th in New York; half an hour later a new day, in the practice's zone still the same.
    const { world, patientId, workOff } = await aWorldAt(
      "2026-11-06T04:30:00.000Z",
      {},
      {
        timeZone: "America/New_York",
      },
    );
    await setPractice(world, { quietHours: { from: "23:59", to: "00:00" } });
    await accept(world, patientId, {}, "key-1");
    await workOff();
    world.clock.advance(HOUR);
    await accept(world, patientId, {}, "key-2");

    await workOff();

    expect(world.texts).toHaveLength(2);
  });
});

describe("the fourth text of a class in seven days", () => {
  async function afterThree() {
    const days = await aWorldAt("2026-11-05T18:00:00.000Z");
    const { world, patientId, workOff, passTo } = days;
    for (const [index, morning] of ["05", "06", "07"].entries()) {
      await passTo(`2026-11-${morning}T18:00:00.000Z`);
      await acceptAndRead(world, patientId, `key-${index}`, workOff);
      await arrived(world, index + 1);
    }
    return days;
  }

  it("waits until the first is seven days past", async () => {
    const { world, patientId, workOff, passTo } = await afterThree();
    await passTo("2026-11-10T18:00:00.000Z");
    const fourth = await accept(world, patientId, {}, "key-4");
    await workOff();
    const put = await fourth.alert();
    await passTo("2026-11-12T16:00:00.000Z");

    expect(put).toMatchObject({
      status: "deferred",
      reason: "weekly_cap",
      heldUntil: "2026-11-12T16:00:00.000Z",
    });
    expect(tasksOf(world)).toMatchObject([{ kind: "call", reason: "weekly_cap", alertId: fourth.alertId }]);
    expect(await fourth.alert()).toMatchObject({ status: "sent" });
    expect(world.texts).toHaveLength(4);
  });

  it("is never sent where that is more than three days off; the call is asked for at once", async () => {
    const { world, patientId, workOff, passTo } = await afterThree();
    await passTo("2026-11-08T18:00:00.000Z");
    const fourth = await accept(world, patientId, {}, "key-4");
    await workOff();
    const tasks = tasksOf(world);
    await passTo("2026-11-20T18:00:00.000Z");

    expect(tasks).toMatchObject([{ kind: "call", reason: "weekly_cap", alertId: fourth.alertId }]);
    expect(await fourth.alert()).toMatchObject({ status: "blocked", reason: "expired" });
    expect(tasksOf(world)).toEqual(tasks);
    expect(world.texts).toHaveLength(3);
  });
});

describe("a text that did not leave", () => {
  it.each([
    ["was not taken", { kind: "busy", reason: "throttled", retryAfterSeconds: 1800 }, "deferred"],
    ["was refused", { kind: "refused", reason: "invalid_number" }, "failed"],
  ] as const)("counts towards no cap when it %s", async (_name, answer, status) => {
    const { world, patientId, workOff } = await aWorldAt(MORNING, {
      provider: (_text, count) =>
        count === 1 ? answer : { kind: "accepted", providerMessageId: `provider-${count}` },
    });
    const first = await accept(world, patientId, {}, "key-1");
    await workOff();
    const afterFirst = await countedOf(world, patientId);
    const second = await accept(world, patientId, {}, "key-2");
    await workOff();

    expect(afterFirst).toEqual([]);
    expect(await first.alert()).toMatchObject({ status });
    expect(await second.alert()).toMatchObject({ status: "sent" });
    expect(await countedOf(world, patientId)).toEqual([second.alertId]);
  });

  it("waits for the next morning itself where another one left in the meantime", async () => {
    const { world, patientId, workOff, pass } = await aWorldAt(MORNING, {
      provider: (_text, count) =>
        count === 1
          ? { kind: "busy", reason: "throttled", retryAfterSeconds: 1800 }
          : { kind: "accepted", providerMessageId: `provider-${count}` },
    });
    const first = await accept(world, patientId, {}, "key-1");
    await workOff();
    await accept(world, patientId, {}, "key-2");
    await workOff();

    await pass(31 * MINUTE);

    expect(await first.alert()).toMatchObject({ status: "deferred", reason: "daily_cap" });
    expect(world.texts).toHaveLength(2);
  });

  it("counts where nobody knows whether it left", async () => {
    const { world, patientId, workOff } = await aWorldAt(MORNING, { provider: () => ({ kind: "unknown" }) });
    const { alertId } = await accept(world, patientId, {}, "key-1");

    await workOff();

    expect(await countedOf(world, patientId)).toEqual([alertId]);
  });
});

describe("the count of a class when several texts are on their way at once", () => {
  it("lets one of two leave, and puts the other one off", async () => {
    const { world, patientId } = await aWorldAt(MORNING);
    const first = await accept(world, patientId, {}, "key-1");
    const second = await accept(world, patientId, {}, "key-2");

    await Promise.all([first, second].map(({ alertId }) => world.sendAlert(patientId, alertId)));

    const states = [await first.alert(), await second.alert()].map(({ status, reason }) => [status, reason]);
    expect(states.toSorted(([one], [other]) => String(one).localeCompare(String(other)))).toEqual([
      ["deferred", "daily_cap"],
      ["sent", null],
    ]);
    expect(world.texts).toHaveLength(1);
    expect(await countedOf(world, patientId)).toHaveLength(1);
  });

  it.each([
    ["not taken", { kind: "busy", reason: "throttled", retryAfterSeconds: 1800 }, "deferred"],
    ["refused", { kind: "refused", reason: "unreachable" }, "failed"],
  ] as const)(
    "still ends as what it is for a text that is %s after another one left",
    async (_name, answer, status) => {
      const { world, patientId } = await aWorldAt(MORNING);
      await setPractice(world, { caps: { perDay: 2, perWeek: 5 } });
      const slow = await accept(world, patientId, {}, "key-1");
      const fast = await accept(world, patientId, {}, "key-2");
      const sendAlert = createSendAlert({
        ...world.alerting,
        sendText: async () => {
          await world.sendAlert(patientId, fast.alertId);
          return answer;
        },
      });

      await sendAlert({ patientId, alertId: slow.alertId }, "request-1");

      expect(await slow.alert()).toMatchObject({ status, reason: answer.reason });
      expect(await fast.alert()).toMatchObject({ status: "sent" });
      expect(await countedOf(world, patientId)).toEqual([fast.alertId]);
    },
  );

  it("is put right also where another one leaves in the very moment of that", async () => {
    const { world, patientId } = await aWorldAt(MORNING);
    await setPractice(world, { caps: { perDay: 2, perWeek: 5 } });
    const slow = await accept(world, patientId, {}, "key-1");
    const fast = await accept(world, patientId, {}, "key-2");
    let isMoment = false;
    world.store.setIntercept(async ({ action }) => {
      if (action !== "TransactWriteItems" || !isMoment) return;
      isMoment = false;
      await world.sendAlert(patientId, fast.alertId);
    });
    const sendAlert = createSendAlert({
      ...world.alerting,
      sendText: async () => {
        isMoment = true;
        return { kind: "busy", reason: "throttled", retryAfterSeconds: 1800 };
      },
    });

    await sendAlert({ patientId, alertId: slow.alertId }, "request-1");

    expect(await slow.alert()).toMatchObject({ status: "deferred", reason: "throttled" });
    expect(await fast.alert()).toMatchObject({ status: "sent" });
    expect(await countedOf(world, patientId)).toEqual([fast.alertId]);
  });

  it("forgets what is more than a week past", async () => {
    const { world, patientId, workOff, passTo } = await aWorldAt(MORNING);
    await acceptAndRead(world, patientId, "key-1", workOff);
    await passTo("2026-11-20T18:00:00.000Z");
    const { alertId } = await accept(world, patientId, {}, "key-2");

    await workOff();

    expect(await countedOf(world, patientId)).toEqual([alertId]);
  });
});
