import { describe, expect, it } from "vitest";
import { createDays, moveTo, tasksOf } from "../alerting/days.ts";
import { putVisit, visitOf } from "../alerting/visits.ts";
import { createInboundWorld, PHONE } from "./world.ts";

/** Friday, noon in Los Angeles, where the practice is. */
const FRIDAY = "2026-11-13T20:00:00Z";
/** Wednesday, half past nine there. */
const VISIT = "2026-11-18T17:30:00Z";

/** A patient whom a reminder has asked on Tuesday about a visit on Wednesday. */
async function anAskedWorld() {
  const world = createInboundWorld();
  moveTo(world, FRIDAY);
  const patientId = await world.prepare();
  const days = createDays(world);
  await putVisit(world, patientId, "visit-1", { startsAt: VISIT, reminderOffsets: [24] });
  await days.passTo("2026-11-17T18:00:00Z");
  return { world, patientId, ...days, state: async (id = "visit-1") => (await visitOf(world, id))["state"] };
}

const received = (world: ReturnType<typeof createInboundWorld>) =>
  world.entries().filter(({ action }) => action === "text.received");

describe("C after a reminder", () => {
  it.each(["C", "c.", "1", "Confirm", "YES", "si"])("confirms the visit when it is %s", async (words) => {
    const { world, patientId, state } = await anAskedWorld();

    await world.text(words);

    expect(await state()).toBe("confirmed");
    expect(world.kinds().at(-1)).toBe("visit-confirmed");
    expect(received(world)).toMatchObject([
      { patientId, purpose: "scheduling", details: { readAs: "confirm", visitDay: "2026-11-18" } },
    ]);
    // A keyword is no message.
    expect(world.messageRecords()).toEqual([]);
    expect(tasksOf(world)).toEqual([]);
  });

  it("confirms all visits of the day, and of no other", async () => {
    const { world, patientId, state } = await anAskedWorld();
    await putVisit(world, patientId, "other-day", { startsAt: "2026-12-02T18:00:00Z", reminderOffsets: [] });
    await putVisit(world, patientId, "visit-2", { startsAt: "2026-11-18T22:00:00Z", reminderOffsets: [] });
    // The second visit was not told of yet: nothing is asked until a reminder speaks of both.
    await world.text("C");
    expect(await state()).toBe("unconfirmed");
    await putVisit(world, patientId, "visit-2", { startsAt: "2026-11-18T22:00:00Z", reminderOffsets: [1] });
    const [day] = await world.read(world.appointments.visitDay(patientId, "2026-11-18"));
    if (day === undefined) throw new Error("no day");
    const asked = { alertId: "alr_01KAEV0000000000000000A000", at: world.clock.iso() };
    await world.put(world.appointments.setVisitDay({ ...day, asked }));

    await world.text("C");

    expect([await state(), await state("visit-2"), await state("other-day")]).toEqual([
      "confirmed",
      "confirmed",
      "unconfirmed",
    ]);
  });

  it("is dealt with once, however often it comes, and answered once", async () => {
    const { world, state } = await anAskedWorld();
    await world.text("C", { id: "one" });
    const { body } = await world.call("GET /appointments/{externalId}", { path: { externalId: "visit-1" } });

    await world.text("C", { id: "one" });
    await world.text("C", { id: "two" });

    expect(await state()).toBe("confirmed");
    const again = await world.call("GET /appointments/{externalId}", { path: { externalId: "visit-1" } });
    expect(again.body["version"]).toBe(body["version"]);
    expect(world.kinds().filter((kind) => kind === "visit-confirmed")).toHaveLength(1);
  });

  it("answers the reminder that it came to, where the provider tells which", async () => {
    const { world, patientId, passTo } = await anAskedWorld();
    await putVisit(world, patientId, "visit-3", { startsAt: "2026-11-19T18:00:00Z", reminderOffsets: [24] });
    await world.call("PUT /practice", {
      roles: "admin",
      body: { timeZone: "America/Los_Angeles", officeHours: {}, caps: { perDay: 5, perWeek: 9 } },
    });
    await passTo("2026-11-18T17:00:00Z");
    const [day] = await world.read(world.appointments.visitDay(patientId, "2026-11-18"));
    const alert = await world.alert(patientId, day?.asked?.alertId ?? "");

    await world.text("C", { answers: alert.providerMessageId ?? "none" });

    expect((await visitOf(world, "visit-1"))["state"]).toBe("confirmed");
    expect((await visitOf(world, "visit-3"))["state"]).not.toBe("confirmed");
  });

  it("is the opt-in's YES where that was asked and is open", async () => {
    const { world, patientId, state } = await anAskedWorld();
    await world.ask(patientId);

    await world.text("YES");

    expect(await state()).toBe("no-reply");
    expect(world.kinds().at(-1)).toBe("opt-in-confirmed");
  });

  it("meets a visit that is moved at the same time, and confirms nothing that was not asked", async () => {
    const { world, patientId, state } = await anAskedWorld();
    let isMoved = false;
    world.store.setIntercept(async ({ action, input }) => {
      const isAnswer = action === "TransactWriteItems" && JSON.stringify(input).includes("text.received");
      if (!isAnswer || isMoved) return;
      isMoved = true;
      await putVisit(world, patientId, "visit-1", {
        startsAt: "2026-11-18T21:00:00Z",
        reminderOffsets: [24],
      });
    });

    await world.text("C");

    expect(await state()).toBe("unconfirmed");
  });
});

describe("2 after a reminder", () => {
  it.each(["2", "reschedule", "cambiar"])(
    "asks for another time when it is %s, and a person sees to it",
    async (words) => {
      const { world, patientId, state } = await anAskedWorld();

      await world.text(words);

      expect(await state()).toBe("change-requested");
      expect(world.kinds().at(-1)).toBe("change-asked");
      const [task] = tasksOf(world);
      expect(task).toMatchObject({ kind: "visit-change", patientId, taskState: "open" });
      expect(Date.parse(task?.dueAt ?? "")).toBeLessThan(Date.parse(VISIT));
      expect(received(world)).toMatchObject([{ details: { readAs: "change", taskId: task?.id } }]);
    },
  );

  it("opens one task, which C after it closes", async () => {
    const { world, state } = await anAskedWorld();
    await world.text("2");
    await world.text("2");
    await world.text("C");

    expect(tasksOf(world)).toMatchObject([
      { taskState: "done", outcome: "not-needed", completedBy: "function:receive-text" },
    ]);
    expect(received(world).at(-1)).toMatchObject({ details: { settledTaskId: tasksOf(world)[0]?.id } });
    expect(await state()).toBe("confirmed");
  });

  it("and C in turn leave one task open at most, are answered three times, and all count", async () => {
    const { world, state } = await anAskedWorld();
    for (let turn = 0; turn < 5; turn += 1) {
      await world.text("2");
      expect([await state(), world.openTasks().length]).toEqual(["change-requested", 1]);
      await world.text("C");
      expect([await state(), world.openTasks().length]).toEqual(["confirmed", 0]);
    }
    await world.text("2");

    const answers = world.kinds().filter((kind) => kind === "visit-confirmed" || kind === "change-asked");
    expect(answers).toHaveLength(3);
    expect(world.openTasks()).toHaveLength(1);
    expect(await state()).toBe("change-requested");
  });

  it("opens another task once staff have closed the first", async () => {
    const { world } = await anAskedWorld();
    await world.text("2");
    const [task] = world.openTasks();
    await world.put(world.tasks.completeTask(task?.id ?? "", world.clock.iso(), "staff_1", "done"));

    await world.text("C");
    expect(world.openTasks()).toEqual([]);
    await world.text("2");

    expect(world.openTasks()).toHaveLength(1);
  });
});

describe("C and 2 that answer nothing", () => {
  it("are replies like any other before a reminder has asked", async () => {
    const world = createInboundWorld();
    moveTo(world, FRIDAY);
    const patientId = await world.prepare();
    await putVisit(world, patientId, "visit-1", { startsAt: VISIT });

    await world.text("C");

    expect((await visitOf(world, "visit-1"))["state"]).toBe("unconfirmed");
    expect(world.taskKinds()).toEqual(["reply"]);
    expect(world.messageRecords()).toHaveLength(1);
  });

  it("are so once the visit is over", async () => {
    const { world, passTo, state } = await anAskedWorld();
    await passTo("2026-11-18T17:31:00Z");

    await world.text("2");

    expect(await state()).toBe("no-reply");
    expect(world.taskKinds()).toEqual(["reply"]);
  });

  it("are so where several patients have the number and nobody can tell who wrote", async () => {
    const { world, state } = await anAskedWorld();
    await world.register({ externalId: "MRN-2", mobilePhone: PHONE });

    await world.text("C");

    expect(await state()).toBe("no-reply");
    expect(world.taskKinds()).toEqual(["shared-number"]);
  });

  it("are so to a text that went to somebody who has the number no more", async () => {
    const { world, patientId, state } = await anAskedWorld();
    const otherId = await world.register({ externalId: "MRN-2", mobilePhone: "+12065550177" });
    const [day] = await world.read(world.appointments.visitDay(patientId, "2026-11-18"));
    const alert = await world.alert(patientId, day?.asked?.alertId ?? "");
    const others = { ...alert, patientId: otherId, id: "alr_01KAEV0000000000000000A000" };
    await world.put(
      ...world.messages.addAlert(others),
      world.messages.addProviderMessage("provider-other", others),
    );

    await world.text("C", { answers: "provider-other" });

    expect(await state()).toBe("no-reply");
    expect(world.taskKinds()).toEqual(["reply"]);
  });

  it("are so from a stranger", async () => {
    const { world, state } = await anAskedWorld();

    await world.text("C", { from: "+12065550199" });

    expect(await state()).toBe("no-reply");
    expect(world.taskKinds()).toEqual(["unknown-sender"]);
  });

  it("and words about a visit change nothing by themselves", async () => {
    const { world, state } = await anAskedWorld();

    await world.text("please cancel my appointment on Wednesday");

    expect(await state()).toBe("no-reply");
    expect(world.kinds().at(-1)).toBe("ask-cancel");
  });
});
