import type { AlertRecord } from "#shared/messaging/records.ts";
import type { TaskRecord } from "#shared/tasks/records.ts";
import { createWorld, type World, type WorldChoices } from "#test/support/core-world.ts";

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;

/** More steps than any test needs: something keeps coming back. */
const STEPS_MAX = 400;

/** Brings the clock to a moment that is still to come. */
export function moveTo(world: World, moment: string) {
  const seconds = (Date.parse(moment) - world.clock.now().getTime()) / 1000;
  if (seconds < 0) throw new Error("the clock is past that");
  world.clock.advance(seconds);
}

/** The tasks that were opened, oldest first. */
export function tasksOf(world: World): TaskRecord[] {
  return world.store
    .items("Practice")
    .filter(({ pk }) => String(pk).startsWith("tsk_"))
    .map(world.tasks.parse);
}

/** All alerts of a patient or a number, oldest first. */
export async function alertsOf(world: World, ownerId: string): Promise<AlertRecord[]> {
  const ids = world.store
    .items("Messages")
    .filter(({ pk, sk }) => pk === ownerId && String(sk).startsWith("alert#"))
    .map(({ sk }) => String(sk).slice("alert#".length));
  return Promise.all(ids.map((id) => world.alert(ownerId, id)));
}

/** Changes what the practice has set for itself. */
export function setPractice(world: World, settings: object) {
  return world.call("PUT /practice", {
    roles: "admin",
    body: { timeZone: "America/Los_Angeles", officeHours: {}, ...settings },
  });
}

/** Lets a message be accepted; gives its alert. */
export async function accept(world: World, patientId: string, message: object = {}, key = "key-1") {
  const { status, body } = await world.send(patientId, message, key);
  if (status !== 202) throw new Error(`not accepted: ${String(body["code"])}`);
  const { id: alertId } = body["alert"] as { readonly id: string };
  const [record] = await world.read(world.messages.message(patientId, String(body["id"])));
  if (record === undefined) throw new Error("no message");
  return {
    messageId: record.id,
    threadId: record.threadId,
    alertId,
    alert: () => world.alert(patientId, alertId),
  };
}

/** The queues and the sweep, as they run beside the functions. */
export function createDays(world: World) {
  let worked = 0;

  /** Works through every request that lies on a queue. */
  async function workOff() {
    for (let steps = 0; worked < world.requests.length; steps += 1) {
      if (steps > STEPS_MAX) throw new Error("requests keep coming back");
      const alertId = world.requests[worked]?.alertId ?? "";
      worked += 1;
      const [owner] = await world.read(world.messages.owner(alertId));
      if (owner !== undefined) await world.sendAlert(owner.patientId, alertId);
    }
  }

  /** Lets so much time pass; every minute in which something is due the sweep asks for it. */
  async function pass(seconds: number) {
    const end = world.clock.now().getTime() + seconds * 1000;
    await workOff();
    for (let steps = 0; ; steps += 1) {
      if (steps > STEPS_MAX) throw new Error("something is due again and again");
      const next = world.store
        .items("Messages")
        .flatMap(({ dueAt }) => (typeof dueAt === "string" ? [Date.parse(dueAt)] : []))
        .toSorted((one, other) => one - other)[0];
      if (next === undefined || next > end) break;
      const ahead = next - world.clock.now().getTime();
      if (ahead > 0) world.clock.advance(ahead / 1000);
      await world.remind();
      await workOff();
    }
    const rest = end - world.clock.now().getTime();
    if (rest > 0) world.clock.advance(rest / 1000);
  }

  return {
    workOff,
    pass,
    passTo: (moment: string) => pass((Date.parse(moment) - world.clock.now().getTime()) / 1000),
  };
}

/** A world at a moment, with a patient who can be texted and the queues at work. */
export async function aWorldAt(moment: string, choices: WorldChoices = {}, patient: object = {}) {
  const world = createWorld(choices);
  moveTo(world, moment);
  const patientId = await world.prepare(patient);
  return { world, patientId, ...createDays(world) };
}
