import { describe, expect, it } from "vitest";
import type { NumberRecord } from "#shared/numbers/records.ts";
import { deliverableAgain } from "#shared/numbers/undeliverable.ts";
import type { TaskRecord } from "#shared/tasks/records.ts";
import { aWorldWithAlert, type World, type WorldChoices } from "#test/support/core-world.ts";

async function aSentAlert(choices?: WorldChoices) {
  const made = await aWorldWithAlert(choices);
  await made.world.sendAlert(made.patientId, made.alertId);
  return made;
}

/** Reports of a text; the first of a world is the provider's first. */
async function report(world: World, alertId: string, eventType: string, messageId = "provider-1") {
  await world.report({ eventType, messageId, context: { alertId } });
}

/** What is known of the only number of the world. */
function numberIn(world: World): NumberRecord | undefined {
  return world.store.items("Patients").find(({ sk }) => sk === "number") as NumberRecord | undefined;
}

function tasksIn(world: World, kind: string): readonly TaskRecord[] {
  const tasks = world.store.items("Practice").filter(({ sk }) => sk === "task");
  return (tasks as unknown as TaskRecord[]).filter((task) => task.kind === kind);
}

/** Another text to the same patient, sent a minute after the last one. */
async function another({ world, patientId }: { readonly world: World; readonly patientId: string }) {
  world.clock.advance(60);
  const { body } = await world.send(patientId, {}, `key-at-${world.clock.iso()}`);
  const { id } = body["alert"] as { readonly id: string };
  // Beyond what caps hold back: this is about what carriers say.
  await world.put(world.messages.moveAlert(await world.alert(patientId, id), ["queued"], { status: "sent" }));
  return id;
}

describe("a number that a carrier says no text reaches", () => {
  it.each([
    ["TEXT_BLOCKED", "blocked"],
    ["TEXT_INVALID", "invalid_number"],
  ])("is marked by %s, and a person is asked", async (eventType, reason) => {
    const { world, patientId, messageId, alertId } = await aSentAlert();

    await report(world, alertId, eventType);

    const number = numberIn(world);
    expect(number).toMatchObject({
      undeliverable: { reason, since: world.clock.iso() },
      stoppedAt: null,
      phone: null,
      version: 1,
    });
    expect(tasksIn(world, "text-refused")).toMatchObject([
      { taskState: "open", patientId, messageId, alertId, numberId: number?.id, reason },
    ]);
    expect(world.entries(patientId).at(-1)?.details).toMatchObject({
      reason,
      undeliverable: reason,
      numberId: number?.id,
      refusedTaskId: expect.stringMatching(/^tsk_/),
    });
  });

  it("is marked once, and asked about once", async () => {
    const made = await aSentAlert();
    const { world, alertId } = made;
    await report(world, alertId, "TEXT_BLOCKED");
    const before = numberIn(world);

    await report(world, await another(made), "TEXT_INVALID");

    expect(numberIn(world)).toEqual(before);
    expect(tasksIn(world, "text-refused")).toHaveLength(1);
  });

  it("leaves the alert free for the other way to the patient", async () => {
    const { world, alertId, alert } = await aSentAlert();

    await report(world, alertId, "TEXT_BLOCKED");

    expect(await alert()).toMatchObject({ status: "failed", taskId: null, fallbackId: null });
  });

  it("is not the patient's new number", async () => {
    const { world, patientId, alertId } = await aSentAlert();
    const { body } = await world.call("PATCH /patients/{id}", {
      path: { id: patientId },
      headers: { "If-Match": '"1"' },
      body: { mobilePhone: "+12065550177" },
    });
    expect(body["id"]).toBe(patientId);

    await report(world, alertId, "TEXT_INVALID");

    expect((await world.alert(patientId, alertId)).status).toBe("failed");
    expect(numberIn(world)).toBeUndefined();
    expect(tasksIn(world, "text-refused")).toEqual([]);
  });

  it("takes texts again when that very text arrived after all", async () => {
    const { world, alertId, alert } = await aSentAlert();
    await report(world, alertId, "TEXT_BLOCKED");

    await report(world, alertId, "TEXT_DELIVERED");

    expect(await alert()).toMatchObject({ status: "delivered" });
    expect(numberIn(world)).toMatchObject({ undeliverable: null, version: 2 });
  });

  it("takes texts again once the patient has confirmed it", async () => {
    const { world, alertId } = await aSentAlert();
    await report(world, alertId, "TEXT_BLOCKED");
    const marked = numberIn(world);

    const again = deliverableAgain(marked);

    expect(again).toEqual({ ...marked, undeliverable: null, version: 2 });
    expect(deliverableAgain(again)).toBeUndefined();
    expect(deliverableAgain(undefined)).toBeUndefined();
  });

  it("is marked in one transaction with the report, however they race", async () => {
    const { world, patientId, alertId } = await aSentAlert();

    await Promise.all([
      report(world, alertId, "TEXT_BLOCKED"),
      report(world, alertId, "TEXT_BLOCKED"),
      report(world, alertId, "TEXT_BLOCKED"),
    ]);

    expect(numberIn(world)).toMatchObject({ version: 1 });
    expect(tasksIn(world, "text-refused")).toHaveLength(1);
    expect(world.actions(patientId).filter((action) => action === "alert.failed")).toHaveLength(1);
  });
});

describe("a text whose words a carrier refuses", () => {
  it.each([
    ["TEXT_CARRIER_BLOCKED", "carrier_blocked"],
    ["TEXT_SPAM", "spam"],
  ])("(%s) is a person's to look at, and no fault of the number", async (eventType, reason) => {
    const { world, alertId } = await aSentAlert();

    await report(world, alertId, eventType);

    expect(tasksIn(world, "text-refused")).toMatchObject([{ alertId, reason }]);
    expect(numberIn(world)?.undeliverable ?? null).toBeNull();
  });

  it("stops texts to the number when it is the third in a row", async () => {
    const made = await aSentAlert();
    const { world, alertId } = made;

    await report(world, alertId, "TEXT_SPAM");
    await report(world, await another(made), "TEXT_CARRIER_BLOCKED");
    expect(numberIn(world)?.undeliverable ?? null).toBeNull();
    expect(tasksIn(world, "text-refused")).toHaveLength(1);
    await report(world, await another(made), "TEXT_SPAM");

    expect(numberIn(world)).toMatchObject({ undeliverable: { reason: "content_refused" } });
    expect(tasksIn(world, "text-refused").map(({ reason }) => reason)).toEqual(["spam", "content_refused"]);
  });

  it("begins a new row after one that arrived", async () => {
    const made = await aSentAlert();
    const { world, alertId } = made;

    await report(world, alertId, "TEXT_SPAM");
    await report(world, await another(made), "TEXT_SPAM");
    await report(world, await another(made), "TEXT_DELIVERED");
    await report(world, await another(made), "TEXT_SPAM");

    expect(numberIn(world)?.undeliverable ?? null).toBeNull();
    expect(tasksIn(world, "text-refused")).toHaveLength(2);
  });
});

describe("other failures", () => {
  it.each([
    "TEXT_UNREACHABLE",
    "TEXT_CARRIER_UNREACHABLE",
    "TEXT_TTL_EXPIRED",
    "TEXT_INVALID_MESSAGE",
    "TEXT_PROTECT_BLOCKED",
  ])("tell nothing of the number (%s)", async (eventType) => {
    const { world, alertId, alert } = await aSentAlert();

    await report(world, alertId, eventType);

    expect((await alert()).status).toBe("failed");
    expect(numberIn(world)).toBeUndefined();
    expect(tasksIn(world, "text-refused")).toEqual([]);
  });
});
