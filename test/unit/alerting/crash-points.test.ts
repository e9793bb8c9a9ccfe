import { describe, expect, it } from "vitest";
import { createHandler } from "#functions/send-alert/handler.ts";
import { newAnswer } from "#shared/messaging/new-alert.ts";
import { newNumber } from "#shared/numbers/new-number.ts";
import type { World, WorldChoices } from "#test/support/core-world.ts";
import { accept, alertsOf, aWorldAt, createDays, HOUR, MINUTE, tasksOf } from "./days.ts";

/**
 * `error`: one call fails, and the function goes on as it may. `crash`: the function dies there, so every
 * later call fails too. Before: the call never arrived; after: it was answered, and the answer was lost.
 */
const MODES = ["error before", "error after", "crash before", "crash after"] as const;
type Mode = (typeof MODES)[number];

const MORNING = "2026-11-04T18:00:00.000Z";
const NUMBER = "nbr_01KAEV0000000000000000NBR1";
const PHONE = "+12065550177";
const ANSWER = "alr_01KAEV0000000000000000ANS1";

/** Something that waits for `send-alert`, in a world of its own. */
interface Prepared {
  readonly world: World;
  readonly ownerId: string;
  readonly alertId: string;
}

/** Every call that a run makes, to tables, keys, providers and queues; one of them can be made to fail. */
function createFaults(world: World) {
  const state = { isArmed: false, isDead: false, count: 0, hit: 0, mode: "error before" as Mode };
  async function around<Answer>(run: () => Promise<Answer>): Promise<Answer> {
    if (!state.isArmed) return run();
    state.count += 1;
    const isHit = state.count === state.hit;
    const isBefore = state.mode.endsWith("before");
    if (isHit && state.mode.startsWith("crash")) state.isDead = isBefore;
    if (state.isDead || (isHit && isBefore)) throw new Error("out of reach");
    const answer = await run();
    if (isHit) {
      state.isDead = state.mode.startsWith("crash");
      throw new Error("out of reach");
    }
    return answer;
  }
  const { dynamodb, kms } = world.store;
  dynamodb.middlewareStack.add((next) => (args) => around(() => next(args)), { step: "initialize" });
  kms.middlewareStack.add((next) => (args) => around(() => next(args)), { step: "initialize" });
  const { alerting } = world;
  const { sendEmail, optOutList } = alerting;
  const sendAlerts = createHandler(
    {
      ...alerting,
      sendText: (text) => around(() => alerting.sendText(text)),
      sendEmail: sendEmail === null ? null : (email) => around(() => sendEmail(email)),
      requestLater: (alert, delay) => around(() => alerting.requestLater(alert, delay)),
      optOutList:
        optOutList === null
          ? null
          : {
              list: (number) => around(() => optOutList.list(number)),
              lift: (number) => around(() => optOutList.lift(number)),
            },
    },
    world.log,
  );
  /** One request with a fault in it; gives the number of calls that the run made. */
  return async ({ ownerId, alertId }: Prepared, hit: number, mode: Mode): Promise<number> => {
    Object.assign(state, { isArmed: true, isDead: false, count: 0, hit, mode });
    const record = world.aRecord({ version: 1, patientId: ownerId, alertId });
    const { batchItemFailures } = await sendAlerts({ Records: [record] });
    state.isArmed = false;
    // SQS brings back what failed.
    if (batchItemFailures.length > 0) await sendAlerts({ Records: [record] });
    return state.count;
  };
}

/** Runs a scenario once for every call that it makes, with that call failing, and looks at each end. */
async function atEveryCall(
  mode: Mode,
  prepare: () => Promise<Prepared>,
  look: (prepared: Prepared, end: string) => Promise<void>,
) {
  let calls = 1;
  for (let hit = 0; hit <= calls; hit += 1) {
    const prepared = await prepare();
    const run = createFaults(prepared.world);
    const made = await run(prepared, hit, mode);
    // The first round fails nowhere and counts.
    if (hit === 0) calls = made;
    await createDays(prepared.world).pass(3 * HOUR);
    await look(prepared, `${mode} call ${hit} of ${calls}`);
  }
  expect(calls).toBeGreaterThan(2);
}

/** Either the text left and that is on record, or a person is asked whether it did. */
async function expectSentOrAsked({ world, ownerId, alertId }: Prepared, end: string) {
  const { status, taskId } = await world.alert(ownerId, alertId);
  const asked = tasksOf(world).filter((task) => task.alertId === alertId);
  expect(["sent", "unknown"], end).toContain(status);
  expect(
    asked.map(({ kind, id }) => [kind, id]),
    end,
  ).toEqual(status === "sent" ? [] : [["unknown-send", taskId]]);
}

async function aMessage(choices: WorldChoices = {}, patient: object = {}): Promise<Prepared> {
  const { world, patientId } = await aWorldAt(MORNING, choices, patient);
  const { alertId } = await accept(world, patientId);
  return { world, ownerId: patientId, alertId };
}

async function anAnswer(kind: "stopped" | "started"): Promise<Prepared> {
  const { world } = await aWorldAt(MORNING);
  const isStop = kind === "stopped";
  const number = {
    ...newNumber(NUMBER, "k1.answered", "en"),
    phone: await world.sealPhone(NUMBER, PHONE),
    stoppedAt: isStop ? world.clock.iso() : null,
    version: 1,
  };
  const answer = newAnswer({
    id: ANSWER,
    kind,
    numberId: NUMBER,
    numberIndex: number.index,
    concerns: null,
    language: "en",
    at: world.clock.now(),
    expiresAt: world.clock.iso(5 * MINUTE),
    optOutList: isStop ? "list" : "lift",
  });
  if (!isStop) world.optedOut.add(PHONE);
  await world.put(world.numbers.setNumber(number), ...world.messages.addAlert(answer));
  return { world, ownerId: NUMBER, alertId: ANSWER };
}

describe.each(MODES)("with every call in turn failing (%s)", (mode) => {
  it("a text about a message leaves once at most, and a person is asked where nobody knows", async () => {
    await atEveryCall(
      mode,
      () => aMessage(),
      async (prepared, end) => {
        expect(prepared.world.texts.length, end).toBeLessThanOrEqual(1);
        await expectSentOrAsked(prepared, end);
      },
    );
  });

  it("a text that was not taken leaves once at most when it is tried again", async () => {
    const taken: number[] = [];
    await atEveryCall(
      mode,
      () => {
        taken.length = 0;
        return aMessage({
          provider: (_text, count) => {
            if (count === 1) return { kind: "busy", reason: "throttled", retryAfterSeconds: 1800 };
            taken.push(count);
            return { kind: "accepted", providerMessageId: `provider-${count}` };
          },
        });
      },
      async (prepared, end) => {
        expect(taken.length, end).toBeLessThanOrEqual(1);
        await expectSentOrAsked(prepared, end);
      },
    );
  });

  it("a text that was refused is replaced once, or a person is asked", async () => {
    await atEveryCall(
      mode,
      async () => {
        const prepared = await aMessage(
          { provider: () => ({ kind: "refused", reason: "unreachable" }) },
          { email: "patient-canary@example.com" },
        );
        await prepared.world.grant(prepared.ownerId, { channel: "email" });
        return prepared;
      },
      async ({ world, ownerId, alertId }, end) => {
        const { status, fallbackId } = await world.alert(ownerId, alertId);
        expect(world.texts.length, end).toBeLessThanOrEqual(1);
        expect(world.emails.length + tasksOf(world).length, end).toBe(1);
        expect([status, fallbackId === null], end).toEqual(
          world.emails.length === 1 ? ["failed", false] : ["unknown", true],
        );
      },
    );
  });

  it("an e-mail leaves once at most, and a person is asked where nobody knows", async () => {
    await atEveryCall(
      mode,
      async () => {
        const { world, ownerId, alertId } = await aMessage(
          { provider: () => ({ kind: "refused", reason: "unreachable" }) },
          { email: "patient-canary@example.com" },
        );
        await world.grant(ownerId, { channel: "email" });
        await world.sendAlert(ownerId, alertId);
        await world.sendAlert(ownerId, alertId);
        const { fallbackId } = await world.alert(ownerId, alertId);
        return { world, ownerId, alertId: String(fallbackId) };
      },
      async (prepared, end) => {
        expect(prepared.world.emails.length, end).toBeLessThanOrEqual(1);
        await expectSentOrAsked(prepared, end);
      },
    );
  });

  it("the confirmation of a STOP leaves once at most, and the carrier's list always learns of it", async () => {
    await atEveryCall(
      mode,
      () => anAnswer("stopped"),
      async (prepared, end) => {
        expect(prepared.world.texts.length, end).toBeLessThanOrEqual(1);
        expect([...prepared.world.optedOut], end).toEqual([PHONE]);
        await expectSentOrAsked(prepared, end);
      },
    );
  });

  it("the listing itself goes on until it is done", async () => {
    await atEveryCall(
      mode,
      async () => {
        const prepared = await anAnswer("stopped");
        await prepared.world.sendAlert(NUMBER, ANSWER);
        return prepared;
      },
      async ({ world, ownerId, alertId }, end) => {
        expect([...world.optedOut], end).toEqual([PHONE]);
        expect((await world.alert(ownerId, alertId)).optOutList, end).toBeNull();
        expect(world.texts.length, end).toBe(1);
      },
    );
  });

  it("the answer to a START leaves once at most, and the number is off the list", async () => {
    await atEveryCall(
      mode,
      () => anAnswer("started"),
      async (prepared, end) => {
        expect(prepared.world.texts.length, end).toBeLessThanOrEqual(1);
        expect([...prepared.world.optedOut], end).toEqual([]);
        await expectSentOrAsked(prepared, end);
      },
    );
  });

  it("a nudge is made once", async () => {
    await atEveryCall(
      mode,
      async () => {
        const prepared = await aMessage();
        const { world, alertId } = prepared;
        await createDays(world).pass(MINUTE);
        await world.sendAlert(prepared.ownerId, alertId);
        const { requests } = world;
        requests.splice(0);
        world.clock.advance(24 * HOUR);
        return prepared;
      },
      async ({ world, ownerId }, end) => {
        expect(
          (await alertsOf(world, ownerId)).map(({ kind, status }) => `${kind} ${status}`),
          end,
        ).toEqual(["message sent", "nudge sent"]);
        expect(world.texts.length, end).toBe(2);
      },
    );
  });

  it("the task about a text of unknown fate is opened once", async () => {
    await atEveryCall(
      mode,
      async () => {
        const prepared = await aMessage({ provider: () => ({ kind: "unknown" }) });
        await prepared.world.sendAlert(prepared.ownerId, prepared.alertId);
        prepared.world.clock.advance(30 * MINUTE);
        return prepared;
      },
      async (prepared, end) => {
        expect(prepared.world.texts.length, end).toBe(1);
        await expectSentOrAsked(prepared, end);
      },
    );
  });

  it("an alert that a cap holds back asks for one call", async () => {
    await atEveryCall(
      mode,
      async () => {
        const { world, ownerId, alertId } = await aMessage();
        await world.sendAlert(ownerId, alertId);
        const second = await accept(world, ownerId, {}, "key-2");
        return { world, ownerId, alertId: second.alertId };
      },
      async ({ world, ownerId, alertId }, end) => {
        expect(await world.alert(ownerId, alertId), end).toMatchObject({ status: "deferred" });
        expect(
          tasksOf(world).map((task) => [task.kind, task.alertId]),
          end,
        ).toEqual([["call", alertId]]);
        expect(world.texts.length, end).toBe(1);
      },
    );
  });
});
