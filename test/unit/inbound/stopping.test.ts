import { describe, expect, it } from "vitest";
import { createConsentsTable } from "#shared/adapters/dynamodb/consents-table.ts";
import { createInboundTable } from "#shared/adapters/dynamodb/inbound-table.ts";
import { aPatientsWorld, aSharedWorld, createInboundWorld, PHONE } from "./world.ts";

const decisions = (states: readonly { readonly purpose: string; readonly decision: string }[]) =>
  Object.fromEntries(states.map(({ purpose, decision }) => [purpose, decision]));

describe("STOP", () => {
  it("ends every consent of the patient, notes the number, and asks for the one confirmation", async () => {
    const { world, patientId } = await aPatientsWorld();
    world.clock.advance(60);

    await world.text("STOP");

    const [alert] = world.answers();
    expect(decisions(world.states(patientId))).toEqual({ portal: "revoked", scheduling: "revoked" });
    expect(await world.number()).toMatchObject({ stoppedAt: world.clock.iso(), version: 1 });
    expect(world.answers()).toHaveLength(1);
    expect(alert).toMatchObject({
      kind: "stopped",
      patientId: (await world.number())?.id,
      concerns: patientId,
      language: "en",
      queue: "urgent",
      expiresAt: world.clock.iso(300),
      optOutList: "list",
    });
    expect(world.requests).toEqual([{ queue: "urgent", alertId: alert?.id, delaySeconds: 0 }]);
    expect(world.taskKinds()).toEqual([]);
    expect(world.messageRecords()).toEqual([]);
  });

  it("stands in the ledger as the patient's own text, and in the patient's audit chain without words", async () => {
    const { world, patientId } = await aPatientsWorld();

    await world.text("stop!!!");

    const revoked = world.ledger(patientId).filter(({ decision }) => decision === "revoked");
    expect(revoked).toHaveLength(2);
    for (const entry of revoked) {
      expect(entry).toMatchObject({ method: "text", recordedBy: `patient:${patientId}` });
      expect(await world.evidenceOf(entry)).toBe("stop!!!");
    }
    expect(world.entries(patientId).at(-1)).toMatchObject({
      action: "text.received",
      actor: "function:receive-text",
      function: "receive-text",
      details: {
        inboundId: "inbound-1",
        readAs: "stop",
        revokes: "keyword",
        consentIds: expect.arrayContaining(revoked.map(({ consentId }) => consentId)),
      },
    });
    expect(world.log.lines.at(-1)).toBe('info TEXT_RECEIVED {"inboundId":"inbound-1","readAs":"stop"}');
  });

  it("is confirmed in other words after a bare CANCEL, and in Spanish to a Spanish speaker", async () => {
    const { world } = await aPatientsWorld({}, { language: "es" });

    await world.text("Cancel");

    expect(world.answers()).toMatchObject([{ kind: "stopped-cancel", language: "es" }]);
  });

  it("is recorded and not answered when it comes again", async () => {
    const { world, patientId } = await aPatientsWorld();
    await world.text("STOP");
    world.clock.advance(60);

    await world.text("STOP");

    expect(world.answers()).toHaveLength(1);
    expect(world.actions(patientId).filter((action) => action === "text.received")).toHaveLength(2);
  });

  it("is answered by the network where it is the carrier's", async () => {
    const { world, patientId } = await aPatientsWorld({ optOuts: "carrier" });

    await world.text("STOP");

    expect(decisions(world.states(patientId))).toEqual({ portal: "revoked", scheduling: "revoked" });
    expect((await world.number())?.stoppedAt).toBe(world.clock.iso());
    expect(world.answers()).toEqual([]);
  });

  it("from a number that nobody has is obeyed and confirmed, and asks nobody to do anything", async () => {
    const world = createInboundWorld();

    await world.text("PARAR", { from: "+12065550177" });

    expect(await world.number("+12065550177")).toMatchObject({ stoppedAt: world.clock.iso() });
    expect(world.answers()).toMatchObject([{ kind: "stopped", language: "es", concerns: null }]);
    expect(world.taskKinds()).toEqual([]);
    expect(world.entries("actor#function:receive-text")).toMatchObject([
      { action: "text.received", details: { readAs: "stop" } },
    ]);
  });

  it("closes the question that is open, so that a later YES answers nothing", async () => {
    const { world, patientId } = await aPatientsWorld();
    await world.ask(patientId);
    await world.text("STOP");
    await world.text("START");

    await world.text("YES");

    expect(decisions(world.states(patientId))).not.toHaveProperty("pharmacy");
  });

  it("ends only the purpose that it answers where the stage narrows it, lists nothing and confirms nothing", async () => {
    const { world, patientId } = await aPatientsWorld({ optOutScope: "answered-purpose" });
    const { body } = await world.send(patientId);
    await world.sendAlert(patientId, (body["alert"] as { id: string }).id);

    await world.text("STOP", { answers: "provider-1" });

    expect(decisions(world.states(patientId))).toEqual({ portal: "granted", scheduling: "revoked" });
    expect((await world.number())?.stoppedAt).toBeNull();
    expect(world.answers()).toEqual([]);
  });

  it("ends everything where the text that it answers went to somebody else", async () => {
    const { world, patientId } = await aPatientsWorld({ optOutScope: "answered-purpose" });
    const otherId = await world.register({ externalId: "MRN-2", mobilePhone: "+12065550188" });
    await world.grant(otherId);
    const { body } = await world.send(otherId);
    await world.sendAlert(otherId, (body["alert"] as { id: string }).id);

    await world.text("STOP", { answers: "provider-1" });

    expect(decisions(world.states(patientId))).toEqual({ portal: "revoked", scheduling: "revoked" });
    expect(decisions(world.states(otherId))).toEqual({ scheduling: "granted" });
  });

  it("ends everything from 2027-01-31 on, whatever the stage says", async () => {
    const { world, patientId } = await aPatientsWorld({ optOutScope: "answered-purpose" });
    const { body } = await world.send(patientId);
    await world.sendAlert(patientId, (body["alert"] as { id: string }).id);
    world.clock.advance((Date.parse("2027-01-31T00:00:00Z") - world.clock.now().getTime()) / 1000);

    await world.text("STOP", { answers: "provider-1" });

    expect(decisions(world.states(patientId))).toEqual({ portal: "revoked", scheduling: "revoked" });
  });

  it("keeps every later text from leaving", async () => {
    const { world, patientId } = await aPatientsWorld();
    const { body } = await world.send(patientId);
    const alertId = (body["alert"] as { id: string }).id;

    await world.text("STOP");
    await world.sendAlert(patientId, alertId);

    expect(world.texts).toEqual([]);
    expect(await world.alert(patientId, alertId)).toMatchObject({
      status: "blocked",
      reason: "consent_revoked",
    });
  });
});

describe("a revocation in words", () => {
  it("is obeyed, kept for staff to read, and reviewed", async () => {
    const { world, patientId } = await aPatientsWorld();
    const words = "please stop texting me, thanks";

    await world.text(words);

    const [message] = world.messageRecords();
    const [revoked] = world.ledger(patientId).filter(({ decision }) => decision === "revoked");
    if (message === undefined || revoked === undefined) throw new Error("nothing was stored");
    expect(decisions(world.states(patientId))).toEqual({ portal: "revoked", scheduling: "revoked" });
    expect((await world.wordsOf(message)).body).toBe(words);
    expect(await world.evidenceOf(revoked)).toBe(words);
    expect(world.kinds()).toEqual(["stopped"]);
    expect(world.openTasks()).toMatchObject([
      { kind: "opt-out-review", patientId, messageId: message.id, threadId: message.threadId },
    ]);
    expect(JSON.stringify([world.entries(), world.log.lines, world.requests])).not.toContain("texting me");
  });

  it("of a stopped number is kept and asks for nothing more", async () => {
    const { world } = await aPatientsWorld();
    await world.text("STOP");

    await world.text("I said stop texting me");

    expect(world.messageRecords()).toHaveLength(1);
    expect(world.taskKinds()).toEqual([]);
    expect(world.kinds()).toEqual(["stopped"]);
  });
});

describe("a wrong number", () => {
  it.each([-60, 60])("ends links that were ended %d s from now once more, and none less", async (seconds) => {
    const { world, patientId } = await aPatientsWorld();
    const ended = world.clock.iso(seconds);
    await world.put(world.messages.revokePatientLinks(patientId, ended));

    await world.text("wrong number");

    const [marks] = await world.read(world.messages.marks(patientId));
    const linksRevokedBefore = seconds < 0 ? world.clock.iso() : ended;
    expect(marks).toEqual({ linksRevokedBefore, erasedAt: null });
  });

  it("ends nothing less where links were ended after it was looked at", async () => {
    const { world, patientId } = await aPatientsWorld();
    const inbound = createInboundTable("Messages");
    await world.put(world.messages.revokePatientLinks(patientId, world.clock.iso(60)));

    const seen = { linksRevokedBefore: world.clock.iso(-60), erasedAt: null };
    const outcome = await world
      .journalOf("receive-text")
      .commit(
        { action: "test.done", actor: "function:receive-text", role: "function", requestId: "request-1" },
        [inbound.revokeLinks(patientId, world.clock.iso(), seen)],
      );

    expect(outcome).toEqual({ kind: "conflict", failed: [0] });
  });

  it("ends texts and links, asks compliance to look, and START does not bring the patient's texts back", async () => {
    const { world, patientId } = await aPatientsWorld();

    await world.text("wrong number");

    const [marks] = await world.read(world.messages.marks(patientId));
    expect(marks).toEqual({ linksRevokedBefore: world.clock.iso(), erasedAt: null });
    // The accounting of disclosures finds by it what went to somebody else.
    const registered = world.entries(patientId).find(({ action }) => action === "patient.registered");
    const contactId = registered?.details?.["numberId"];
    expect(contactId).toMatch(/^num_/);
    expect(world.entries(patientId).at(-1)).toMatchObject({ details: { wrongNumber: true, contactId } });
    await world.text("I told you, wrong number");
    expect(world.taskKinds()).toEqual(["wrong-number"]);
    expect(world.kinds()).toEqual(["stopped"]);

    world.clock.advance(60);
    await world.text("START");

    expect(decisions(world.states(patientId))).toEqual({ portal: "revoked", scheduling: "revoked" });
    expect(world.kinds()).toEqual(["stopped", "help"]);
    // Nor does it make the number the patient's.
    const [preferences] = await world.read(createConsentsTable("Consents").preferences(patientId));
    expect(preferences).toMatchObject({ disowned: { sms: contactId, email: null }, version: 1 });
  });
});

describe("STOP from a number of several patients", () => {
  it("ends the consents of each, one transaction a patient, and asks staff to narrow it", async () => {
    const { world, patientId, otherId } = await aSharedWorld();

    await world.text("STOP");

    expect(decisions(world.states(patientId))).toEqual({ portal: "revoked", scheduling: "revoked" });
    expect(decisions(world.states(otherId))).toEqual({ billing: "revoked" });
    expect(world.answers()).toMatchObject([{ kind: "stopped", concerns: null }]);
    expect(world.openTasks()).toMatchObject([{ kind: "shared-number", patientId: null }]);
    for (const id of [patientId, otherId]) {
      expect(world.entries(id).at(-1)).toMatchObject({
        action: "text.received",
        details: { readAs: "stop" },
      });
    }
  });

  it.each([1, 2, 3])("goes on where it stopped when transaction %i fails", async (failing) => {
    const { world, patientId, otherId } = await aSharedWorld();
    const record = world.record("STOP", { id: "crashing" });
    let transactions = 0;
    world.store.setIntercept(({ action }) => {
      if (action !== "TransactWriteItems") return;
      transactions += 1;
      if (transactions === failing) throw new Error("the connection broke");
    });

    const first = await world.handler({ Records: [record] });
    world.store.setIntercept(undefined);
    world.clock.advance(90);
    const second = await world.handler({ Records: [record] });
    const third = await world.handler({ Records: [record] });

    expect(first.batchItemFailures).toHaveLength(1);
    expect([second, third]).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
    expect(decisions(world.states(patientId))).toEqual({ portal: "revoked", scheduling: "revoked" });
    expect(decisions(world.states(otherId))).toEqual({ billing: "revoked" });
    const ended = [...world.ledger(patientId), ...world.ledger(otherId)];
    expect(ended.filter(({ decision }) => decision === "revoked")).toHaveLength(3);
    expect(world.kinds()).toEqual(["stopped"]);
    expect(world.taskKinds()).toEqual(["shared-number"]);
  });

  it("that failed half way ends no more once START has come", async () => {
    const { world, patientId, otherId } = await aSharedWorld();
    const record = world.record("STOP", { id: "crashing" });
    let transactions = 0;
    world.store.setIntercept(({ action }) => {
      if (action !== "TransactWriteItems") return;
      transactions += 1;
      if (transactions === 2) throw new Error("the connection broke");
    });
    await world.handler({ Records: [record] });
    world.store.setIntercept(undefined);
    world.clock.advance(30);
    await world.text("START");

    await world.handler({ Records: [record] });

    expect((await world.number())?.stoppedAt).toBeNull();
    expect(decisions(world.states(patientId))).toEqual({ portal: "granted", scheduling: "granted" });
    expect(decisions(world.states(otherId))).toEqual({ billing: "granted" });
    expect(world.kinds()).toEqual(["started"]);
  });
});

describe("texts that come at once", () => {
  it("two STOPs are confirmed once", async () => {
    const { world, patientId } = await aPatientsWorld();

    await Promise.all([world.text("STOP"), world.text("STOP")]);

    expect(world.kinds()).toEqual(["stopped"]);
    expect(world.ledger(patientId).filter(({ decision }) => decision === "revoked")).toHaveLength(2);
  });

  it("the same text brought twice is dealt with once", async () => {
    const { world, patientId } = await aPatientsWorld();

    await Promise.all([world.text("STOP", { id: "same" }), world.text("STOP", { id: "same" })]);

    expect(world.kinds()).toEqual(["stopped"]);
    expect(world.actions(patientId).filter((action) => action === "text.received")).toHaveLength(1);
    expect(world.log.lines.filter((line) => line.includes("TEXT_IGNORED"))).toEqual([
      'warn TEXT_IGNORED {"inboundId":"same","reason":"duplicate"}',
    ]);
  });

  it.each([1, 2, 3, 4, 5])("STOP and an earlier START end stopped, whichever is first (%i)", async () => {
    const { world, patientId } = await aPatientsWorld();
    await world.text("STOP");
    world.clock.advance(10);
    const earlier = world.clock.iso(-5);

    await Promise.all([world.text("START", { at: earlier }), world.text("STOP")]);

    expect((await world.number())?.stoppedAt).not.toBeNull();
    expect(decisions(world.states(patientId))).toEqual({ portal: "revoked", scheduling: "revoked" });
  });

  it("STOP of a shared number and a STOP more leave nothing granted", async () => {
    const { world, patientId, otherId } = await aSharedWorld();

    await Promise.all([world.text("STOP"), world.text("stop texting me"), world.text("STOP")]);

    expect(decisions(world.states(patientId))).toEqual({ portal: "revoked", scheduling: "revoked" });
    expect(decisions(world.states(otherId))).toEqual({ billing: "revoked" });
    expect(world.kinds()).toEqual(["stopped"]);
    expect(world.answers()).toHaveLength(1);
  });
});

describe("what START must not undo", () => {
  it("is a STOP after which the number was said to be somebody else's", async () => {
    const { world, patientId } = await aPatientsWorld();

    await world.text("STOP");
    world.clock.advance(60);
    await world.text("Wrong number, I am not Ana. I don't know her");
    world.clock.advance(60);
    await world.text("START");

    expect(world.states(patientId).map(({ decision }) => decision)).not.toContain("granted");
    expect(world.taskKinds()).toContain("wrong-number");
  });
});

describe("a STOP that cannot be asked to be confirmed", () => {
  it("holds all the same", async () => {
    const { world, patientId } = await aPatientsWorld();
    world.state.queueFails = true;

    await world.text("STOP", { from: PHONE });

    expect(decisions(world.states(patientId))).toEqual({ portal: "revoked", scheduling: "revoked" });
    expect(world.answers()).toMatchObject([{ status: "queued" }]);
    expect(world.log.lines.join()).toContain("ALERT_DEFERRED");
  });
});
