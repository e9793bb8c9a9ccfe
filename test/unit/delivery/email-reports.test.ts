import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createConsentLedger } from "#shared/adapters/dynamodb/consents-table.ts";
import { aWorldWithAlert, GRANT, type World } from "#test/support/core-world.ts";

/** A message whose text failed and whose e-mail left instead. */
async function aSentEmail() {
  const world = (await aWorldWithAlert()).world;
  const patientId = await world.register({ externalId: "MRN-2", email: "patient@example.com" });
  await world.grant(patientId);
  await world.grant(patientId, { channel: "email" });
  await world.grant(patientId, { channel: "email", purpose: "billing" });
  const { body } = await world.send(patientId, {}, "key-email");
  const textId = (body["alert"] as { readonly id: string }).id;
  await world.sendAlert(patientId, textId);
  await world.report({
    eventType: "TEXT_UNREACHABLE",
    messageId: "provider-1",
    context: { alertId: textId },
  });
  await world.sendAlert(patientId, textId);
  const { fallbackId: alertId } = await world.alert(patientId, textId);
  if (alertId === null) throw new Error("no e-mail was asked for");
  await world.sendAlert(patientId, alertId);
  return { world, patientId, alertId, alert: () => world.alert(patientId, alertId) };
}

function event(eventType: string, alertId: string | null, more: object = {}) {
  return {
    eventType,
    mail: {
      timestamp: "2026-11-04T17:00:00.000Z",
      source: "office@riverside-office.example",
      destination: ["patient@example.com"],
      messageId: "email-1",
      tags: {
        "ses:configuration-set": ["set"],
        ...(alertId === null ? {} : { alertId: [alertId] }),
      },
    },
    ...more,
  };
}

const BOUNCE = {
  bounce: { bounceType: "Permanent", bouncedRecipients: [{ emailAddress: "patient@example.com" }] },
};
const SOFT_BOUNCE = { bounce: { bounceType: "Transient" } };

async function emailStates(world: World, patientId: string) {
  const states = await createConsentLedger(world.store.dynamodb, "Consents").states(patientId);
  return Object.fromEntries(
    states.map(({ channel, purpose, decision }) => [`${channel} ${purpose}`, decision] as const),
  );
}

describe("a report of the mail service", () => {
  it.each([
    ["Delivery", {}, "delivered", null],
    ["DeliveryDelay", {}, "sent", null],
    ["Bounce", BOUNCE, "failed", "email_bounced"],
    ["Bounce", SOFT_BOUNCE, "failed", "email_bounced_for_now"],
    ["Reject", {}, "failed", "email_rejected"],
    ["Open", {}, "sent", null],
  ])("%s %j makes the alert %3$s (%4$s)", async (eventType, more, status, reason) => {
    const { world, alertId, alert } = await aSentEmail();

    const answer = await world.report(event(eventType, alertId, more));

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(await alert()).toMatchObject({ status, reason, channel: "email", providerMessageId: "email-1" });
  });

  it("finds its alert by the provider's id where it carries no tag", async () => {
    const { world, alert } = await aSentEmail();

    await world.report(event("Delivery", null));

    expect((await alert()).status).toBe("delivered");
  });

  it("asks for what must follow an e-mail that failed", async () => {
    const { world, patientId, alertId, alert } = await aSentEmail();
    const before = world.requests.length;

    await world.report(event("Bounce", alertId, BOUNCE));
    expect(world.requests.slice(before)).toMatchObject([{ alertId }]);
    await world.sendAlert(patientId, alertId);

    const { taskId } = await alert();
    expect((await world.read(world.tasks.task(taskId ?? "")))[0]).toMatchObject({
      kind: "call",
      reason: "email_bounced",
    });
  });

  it("of a permanent bounce wins in whatever order the reports come", async () => {
    const events = [
      ["Delivery", {}],
      ["DeliveryDelay", {}],
      ["Bounce", BOUNCE],
    ] as const;

    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...events], { minLength: events.length }), async (order) => {
        const { world, alertId, alert } = await aSentEmail();

        for (const [eventType, more] of order) await world.report(event(eventType, alertId, more));

        expect(await alert()).toMatchObject({ status: "failed", reason: "email_bounced" });
      }),
      { numRuns: 6 },
    );
  });

  it("of an out-of-office answer changes nothing of an e-mail that arrived", async () => {
    const { world, alertId, alert } = await aSentEmail();

    await world.report(event("Delivery", alertId));
    await world.report(event("Bounce", alertId, SOFT_BOUNCE));

    expect((await alert()).status).toBe("delivered");
  });

  it("leaves addresses where they are", async () => {
    const { world, alertId } = await aSentEmail();

    await world.report(event("Bounce", alertId, BOUNCE));

    const kept = JSON.stringify([world.store.items("Messages"), world.store.items("Audit"), world.log.lines]);
    expect(kept).not.toContain("patient@example.com");
  });

  it("of another service's kind is not believed of a text", async () => {
    const { world, patientId, alertId } = await aWorldWithAlert();
    await world.sendAlert(patientId, alertId);

    await world.report(event("Bounce", alertId, BOUNCE));

    expect((await world.alert(patientId, alertId)).status).toBe("sent");
    expect(world.log.lines.at(-1)).toContain("DELIVERY_IGNORED");
  });
});

describe("a complaint", () => {
  it("ends every consent to e-mails and none to texts, on record", async () => {
    const { world, patientId, alertId, alert } = await aSentEmail();
    expect(await emailStates(world, patientId)).toEqual({
      "email billing": "granted",
      "email scheduling": "granted",
      "sms scheduling": "granted",
    });

    await world.report(event("Delivery", alertId));
    await world.report(event("Complaint", alertId, { complaint: { complaintFeedbackType: "abuse" } }));

    expect(await alert()).toMatchObject({ status: "failed", reason: "complaint" });
    expect(await emailStates(world, patientId)).toEqual({
      "email billing": "revoked",
      "email scheduling": "revoked",
      "sms scheduling": "granted",
    });
    const entry = world.entries(patientId).at(-1);
    expect(entry).toMatchObject({
      action: "alert.failed",
      details: { reason: "complaint", channel: "email", method: "email" },
    });
    expect(entry?.details?.["consentIds"]).toHaveLength(2);
    const ledger = world.store
      .items("Consents")
      .filter(({ decision, sk }) => decision === "revoked" && String(sk).startsWith("event#"));
    expect(ledger).toMatchObject([
      { method: "email", recordedBy: "function:record-delivery" },
      { method: "email", recordedBy: "function:record-delivery" },
    ]);
  });

  it("is recorded once, and no late delivery undoes it", async () => {
    const { world, patientId, alertId, alert } = await aSentEmail();

    await Promise.all([world.report(event("Complaint", alertId)), world.report(event("Complaint", alertId))]);
    await world.report(event("Delivery", alertId));

    expect(await alert()).toMatchObject({ status: "failed", reason: "complaint" });
    const revoked = world.store
      .items("Consents")
      .filter(({ decision, sk }) => decision === "revoked" && String(sk).startsWith("event#"));
    expect(revoked).toHaveLength(2);
    const complaints = world.entries(patientId).filter(({ details }) => details?.["reason"] === "complaint");
    expect(complaints).toHaveLength(1);
  });

  it("ends consents also where the message has been read already", async () => {
    const { world, patientId, alertId, alert } = await aSentEmail();
    await world.put(world.messages.moveAlert(await alert(), ["sent"], { status: "opened" }));

    await world.report(event("Complaint", alertId));

    expect((await alert()).status).toBe("opened");
    expect((await emailStates(world, patientId))["email scheduling"]).toBe("revoked");
    expect(world.entries(patientId).at(-1)).toMatchObject({ action: "consent.revoked" });
  });

  it("does not end what the patient agrees to afterwards", async () => {
    const { world, patientId, alertId } = await aSentEmail();
    await world.report(event("Complaint", alertId));
    world.clock.advance(60);
    await world.call("POST /patients/{id}/consents", {
      path: { id: patientId },
      body: { ...GRANT, channel: "email" },
    });

    await world.report(event("Delivery", alertId));

    expect((await emailStates(world, patientId))["email scheduling"]).toBe("granted");
  });
});
