import { describe, expect, it } from "vitest";
import { aPatientsWorld, aSharedWorld, createInboundWorld, type InboundWorld } from "./world.ts";

const decisions = (states: readonly { readonly purpose: string; readonly decision: string }[]) =>
  Object.fromEntries(states.map(({ purpose, decision }) => [purpose, decision]));
const DAY = 24 * 60 * 60;

/** Texts come, each a minute after the last. */
async function inTurn(world: InboundWorld, ...bodies: readonly string[]) {
  for (const body of bodies) {
    world.clock.advance(60);
    await world.text(body);
  }
}

describe("START", () => {
  it("restores what STOP had ended, with the acknowledgements of then, and takes the number off the list", async () => {
    const { world, patientId } = await aPatientsWorld();

    await inTurn(world, "STOP", "START");

    expect(decisions(world.states(patientId))).toEqual({ portal: "granted", scheduling: "granted" });
    expect(await world.number()).toMatchObject({ stoppedAt: null, startedAt: world.clock.iso() });
    expect(world.kinds()).toEqual(["stopped", "started"]);
    expect(world.answers().at(-1)).toMatchObject({
      kind: "started",
      optOutList: "lift",
      concerns: patientId,
    });
    const restored = world.ledger(patientId).slice(-2);
    for (const entry of restored) {
      expect(entry).toMatchObject({
        decision: "granted",
        method: "text",
        recordedBy: `patient:${patientId}`,
        acknowledgements: { unsecuredText: true, numberConfirmed: true, optOutAnytime: true },
      });
    }
  });

  it("lets texts leave again", async () => {
    const { world, patientId } = await aPatientsWorld();
    await inTurn(world, "STOP", "unstop");
    const { body } = await world.send(patientId);
    const alertId = (body["alert"] as { id: string }).id;

    await world.sendAlert(patientId, alertId);

    expect(world.texts).toHaveLength(1);
  });

  it("leaves alone what staff recorded as ended, and what was never agreed to", async () => {
    const { world, patientId } = await aPatientsWorld();
    await world.grant(patientId, { purpose: "portal", decision: "revoked", acknowledgements: undefined });

    await inTurn(world, "STOP", "START");

    expect(decisions(world.states(patientId))).toEqual({ portal: "revoked", scheduling: "granted" });
  });

  it("restores nothing of a patient whose number is another by now", async () => {
    const { world, patientId } = await aPatientsWorld();
    await inTurn(world, "STOP");
    await world.call("PATCH /patients/{id}", {
      path: { id: patientId },
      body: { mobilePhone: "+12065550188" },
    });

    await inTurn(world, "START");
    await world.text("START", { from: "+12065550188" });

    expect(decisions(world.states(patientId))).toEqual({ portal: "revoked", scheduling: "revoked" });
  });

  it("is answered once in 24 hours where nothing was stopped", async () => {
    const { world } = await aPatientsWorld();

    await inTurn(world, "STOP", "START", "START", "START", "START", "START", "START");

    // Nothing is left to restore: the help wording, at most three times a day.
    expect(world.kinds()).toEqual(["stopped", "started", "help", "help", "help"]);
  });

  it("from a stranger gets the help wording once in 30 days", async () => {
    const world = createInboundWorld();

    await inTurn(world, "START", "START", "HELP", "hello");
    world.clock.advance(31 * DAY);
    await inTurn(world, "START");

    expect(world.kinds()).toEqual(["help", "help"]);
  });

  it("from a stranger who had stopped takes the number off the list", async () => {
    const world = createInboundWorld();

    await inTurn(world, "STOP", "START");

    expect(world.answers().at(-1)).toMatchObject({ kind: "help", optOutList: "lift" });
    expect((await world.number())?.stoppedAt).toBeNull();
  });

  it("that was sent before the STOP lifts nothing", async () => {
    const { world, patientId } = await aPatientsWorld();
    const earlier = world.clock.iso();
    await inTurn(world, "STOP");

    await world.text("START", { at: earlier });

    expect((await world.number())?.stoppedAt).not.toBeNull();
    expect(decisions(world.states(patientId))).toEqual({ portal: "revoked", scheduling: "revoked" });
    expect(world.kinds()).toEqual(["stopped"]);
    expect(world.entries(patientId).at(-1)).toMatchObject({
      details: { readAs: "start", outdated: true, taskId: null },
    });
    expect(world.taskKinds()).toEqual([]);
  });

  it("that was sent before a stop was learnt from the carrier lifts nothing, and a person looks into it", async () => {
    const { world, patientId } = await aPatientsWorld();
    await world.text("HELP");
    const number = await world.number();
    const earlier = world.clock.iso();
    world.clock.advance(60);
    await world.alerting.recordCarrierStop(number?.index ?? "", "request-1");

    await world.text("START", { at: earlier });

    expect(await world.number()).toMatchObject({ stoppedBy: "carrier", stoppedAt: expect.any(String) });
    expect(decisions(world.states(patientId))).toEqual({ portal: "revoked", scheduling: "revoked" });
    const [task] = world.openTasks();
    expect(task).toMatchObject({
      kind: "number-not-lifted",
      reason: "start_before_stop",
      patientId,
      numberId: number?.id,
    });
    expect(world.entries(patientId).at(-1)).toMatchObject({
      details: { readAs: "start", outdated: true, taskId: task?.id },
    });
  });

  it("after the carrier's stop lifts it, and leaves nothing of it", async () => {
    const { world } = await aPatientsWorld();
    await world.text("HELP");
    await world.alerting.recordCarrierStop((await world.number())?.index ?? "", "request-1");

    await inTurn(world, "START");

    expect(await world.number()).toMatchObject({
      stoppedAt: null,
      stoppedBy: null,
      startedAt: world.clock.iso(),
    });
  });

  it("is answered where staff lifted an earlier stop within the day", async () => {
    const { world, patientId } = await aPatientsWorld({ optOutScope: "answered-purpose" });
    await inTurn(world, "STOP");
    world.clock.advance(60);
    await world.grant(patientId);
    const { body } = await world.send(patientId);
    await world.sendAlert(patientId, (body["alert"] as { id: string }).id);
    world.clock.advance(60);
    await world.text("STOP", { answers: "provider-1" });

    await inTurn(world, "START", "START");

    expect(decisions(world.states(patientId))).toMatchObject({ scheduling: "granted" });
    expect(world.kinds().filter((kind) => kind === "started")).toHaveLength(2);
  });

  it("is answered by the network where it is the carrier's, and restores the same", async () => {
    const { world, patientId } = await aPatientsWorld({ optOuts: "carrier" });

    await inTurn(world, "STOP", "START");

    expect(decisions(world.states(patientId))).toEqual({ portal: "granted", scheduling: "granted" });
    expect((await world.number())?.stoppedAt).toBeNull();
    expect(world.answers()).toEqual([]);
  });

  it("of a shared number restores each patient's own", async () => {
    const { world, patientId, otherId } = await aSharedWorld();

    await inTurn(world, "STOP", "START");

    expect(decisions(world.states(patientId))).toEqual({ portal: "granted", scheduling: "granted" });
    expect(decisions(world.states(otherId))).toEqual({ billing: "granted" });
    expect(world.answers().at(-1)).toMatchObject({ kind: "started", concerns: null, optOutList: "lift" });
  });

  it.each([1, 2, 3])(
    "of a shared number goes on where it stopped when transaction %i fails",
    async (failing) => {
      const { world, patientId, otherId } = await aSharedWorld();
      await inTurn(world, "STOP");
      world.clock.advance(60);
      const record = world.record("START", { id: "crashing" });
      let transactions = 0;
      world.store.setIntercept(({ action }) => {
        if (action !== "TransactWriteItems") return;
        transactions += 1;
        if (transactions === failing) throw new Error("the connection broke");
      });

      await world.handler({ Records: [record] });
      world.store.setIntercept(undefined);
      await world.handler({ Records: [record] });

      expect(decisions(world.states(patientId))).toEqual({ portal: "granted", scheduling: "granted" });
      expect(decisions(world.states(otherId))).toEqual({ billing: "granted" });
      expect(world.kinds()).toEqual(["stopped", "started"]);
      expect((await world.number())?.stoppedAt).toBeNull();
    },
  );
});

describe("a STOP that was sent before START and comes after it", () => {
  /** A patient who texted STOP, then START, of which only START has come; `late` is when STOP was sent. */
  async function aLateStop(scope: "stopped before" | "not stopped") {
    const { world, patientId } = await aPatientsWorld();
    if (scope === "stopped before") await inTurn(world, "STOP");
    world.clock.advance(60);
    const late = world.clock.iso();
    world.clock.advance(5);
    await world.text("START");
    return { world, patientId, late, answers: world.kinds().length };
  }

  it.each(["stopped before", "not stopped"] as const)("stops nothing (%s)", async (scope) => {
    const { world, patientId, late, answers } = await aLateStop(scope);

    await world.text("STOP", { at: late });

    expect((await world.number())?.stoppedAt).toBeNull();
    expect(decisions(world.states(patientId))).toEqual({ portal: "granted", scheduling: "granted" });
    expect(world.kinds()).toHaveLength(answers);
    expect(world.entries(patientId).at(-1)).toMatchObject({
      action: "text.received",
      details: { readAs: "stop-outdated", revokes: "keyword" },
    });
  });

  it("stops where both were sent at the same moment", async () => {
    const { world, patientId } = await aLateStop("stopped before");

    await world.text("STOP", { at: (await world.number())?.startSentAt ?? "" });

    expect((await world.number())?.stoppedAt).not.toBeNull();
    expect(decisions(world.states(patientId))).toEqual({ portal: "revoked", scheduling: "revoked" });
  });

  it("stops where it was said in words", async () => {
    const { world, patientId, late } = await aLateStop("stopped before");

    await world.text("please stop texting me", { at: late });

    expect((await world.number())?.stoppedAt).not.toBeNull();
    expect(decisions(world.states(patientId))).toEqual({ portal: "revoked", scheduling: "revoked" });
  });

  it("stops where the clock of START was ahead of ours", async () => {
    const { world } = await aPatientsWorld();
    await world.text("START", { at: world.clock.iso(3600) });

    await world.text("STOP");

    expect((await world.number())?.stoppedAt).not.toBeNull();
  });
});

describe("HELP", () => {
  it("is answered three times in 24 hours", async () => {
    const { world } = await aPatientsWorld();

    await inTurn(world, "HELP", "help", "Ayuda", "HELP");
    expect(world.kinds()).toEqual(["help", "help", "help"]);
    world.clock.advance(DAY);
    await inTurn(world, "HELP");

    expect(world.kinds()).toHaveLength(4);
    expect(world.messageRecords()).toEqual([]);
  });

  it("is not answered while the number wants no texts", async () => {
    const { world } = await aPatientsWorld();

    await inTurn(world, "STOP", "HELP");

    expect(world.kinds()).toEqual(["stopped"]);
  });

  it("of a stranger is answered once in 30 days", async () => {
    const world = createInboundWorld();

    await inTurn(world, "HELP", "HELP");

    expect(world.answers()).toMatchObject([{ kind: "help", concerns: null }]);
  });
});

describe("the answer to an opt-in question", () => {
  it.each(["queued", "deferred", "blocked", "failed"] as const)(
    "YES grants nothing while the question is %s: nobody has seen it",
    async (status) => {
      const { world, patientId } = await aPatientsWorld();
      await world.ask(patientId, undefined, undefined, status);

      await world.text("YES");

      expect(world.states(patientId).map(({ purpose }) => purpose)).not.toContain("pharmacy");
      expect(world.kinds()).not.toContain("opt-in-confirmed");
    },
  );

  it("YES grants exactly what was asked, and is confirmed", async () => {
    const { world, patientId } = await aPatientsWorld();
    const asked = await world.ask(patientId);
    world.clock.advance(60);

    await world.text("Yes!");

    const granted = world.ledger(patientId).at(-1);
    const [patient] = world.store
      .items("Patients")
      .filter(({ pk, sk }) => pk === patientId && sk === "profile");
    expect(granted).toMatchObject({
      purpose: "pharmacy",
      decision: "granted",
      method: "text",
      wording: "opt-in-pharmacy@1",
      language: "en",
      contactId: patient?.["numberId"],
      acknowledgements: { unsecuredText: true, numberConfirmed: true, optOutAnytime: true },
    });
    expect(decisions(world.states(patientId))).toMatchObject({ pharmacy: "granted" });
    expect(world.answers()).toMatchObject([
      { kind: "opt-in-confirmed", patientId, purpose: "pharmacy", consentId: granted?.consentId },
    ]);
    expect(world.entries(patientId).at(-1)).toMatchObject({
      purpose: "pharmacy",
      details: { readAs: "yes", consentIds: [granted?.consentId], askedConsentId: asked.consentId },
    });
  });

  it("NO is on record, changes nothing and is not answered", async () => {
    const { world, patientId } = await aPatientsWorld();
    await world.ask(patientId);

    await inTurn(world, "no");

    expect(world.ledger(patientId).at(-1)).toMatchObject({
      purpose: "pharmacy",
      decision: "declined",
      acknowledgements: null,
    });
    expect(decisions(world.states(patientId))).not.toHaveProperty("pharmacy");
    expect(world.answers()).toEqual([]);
    expect(world.messageRecords()).toEqual([]);
  });

  it.each([
    ["after 72 hours", async (world: InboundWorld) => world.clock.advance(72 * 60 * 60 + 1)],
    ["a second time", async (world: InboundWorld) => world.text("YES")],
    [
      "after the number became another patient's",
      async (world: InboundWorld, patientId: string) => {
        await world.call("PATCH /patients/{id}", {
          path: { id: patientId },
          body: { mobilePhone: "+12065550188" },
        });
      },
    ],
  ])("YES %s is a reply like any other", async (_when, meanwhile) => {
    const { world, patientId } = await aPatientsWorld();
    await world.ask(patientId);
    await meanwhile(world, patientId);
    const before = world.ledger(patientId).length;

    await world.text("YES");

    expect(world.ledger(patientId)).toHaveLength(before);
    expect(world.messageRecords()).toHaveLength(1);
  });

  it("two YES at once grant once", async () => {
    const { world, patientId } = await aPatientsWorld();
    await world.ask(patientId);

    await Promise.all([world.text("YES"), world.text("SI")]);

    expect(world.ledger(patientId).filter(({ purpose }) => purpose === "pharmacy")).toHaveLength(1);
    expect(world.kinds().filter((kind) => kind === "opt-in-confirmed")).toHaveLength(1);
  });
});
