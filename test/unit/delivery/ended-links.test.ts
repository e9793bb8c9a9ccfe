import { describe, expect, it } from "vitest";
import { aWorldWithAlert, type World } from "#test/support/core-world.ts";

/** Since when a patient's links are dead; undefined where none was ended. */
async function endedBefore(world: World, patientId: string): Promise<string | null | undefined> {
  return (await world.read(world.messages.marks(patientId)))[0]?.linksRevokedBefore;
}

/** A text of a message that has left, from a patient who agreed to e-mails too. */
async function aSentText() {
  const { world } = await aWorldWithAlert();
  const patientId = await world.register({ externalId: "MRN-2", email: "patient@example.com" });
  await world.grant(patientId);
  await world.grant(patientId, { channel: "email" });
  const { body } = await world.send(patientId, {}, "key-2");
  const alertId = (body["alert"] as { readonly id: string }).id;
  await world.sendAlert(patientId, alertId);
  const report = (eventType: string) =>
    world.report({ eventType, messageId: "provider-1", context: { alertId } });
  return { world, patientId, alertId, report };
}

/** The e-mail that went in a text's place, and the mail service's word on it. */
async function aSentEmail() {
  const made = await aSentText();
  const { world, patientId, alertId } = made;
  await made.report("TEXT_UNREACHABLE");
  await world.sendAlert(patientId, alertId);
  const emailId = (await world.alert(patientId, alertId)).fallbackId ?? "none";
  await world.sendAlert(patientId, emailId);
  const bounce = (bounceType: string) =>
    world.report({
      eventType: "Bounce",
      bounce: { bounceType },
      mail: {
        timestamp: "2026-11-04T17:00:00.000Z",
        source: "office@riverside-office.example",
        destination: ["patient@example.com"],
        messageId: "email-1",
        tags: { alertId: [emailId] },
      },
    });
  return { ...made, emailId, bounce };
}

describe("a patient's links end", () => {
  it("when the carrier knows no such number, once, with the report's own entry", async () => {
    const { world, patientId, report } = await aSentText();

    await report("TEXT_INVALID");

    const ended = await endedBefore(world, patientId);
    expect(ended).toBe(world.clock.iso(-0.001));
    expect(world.entries(patientId).at(-1)).toMatchObject({
      action: "alert.failed",
      details: { reason: "invalid_number", linksRevokedBefore: ended },
    });
    world.clock.advance(60);
    await report("TEXT_INVALID");
    expect(await endedBefore(world, patientId)).toBe(ended);
  });

  it("and never from an earlier time than they had ended before", async () => {
    const { world, patientId, report } = await aSentText();
    const later = world.clock.iso(5);
    await world.put(world.messages.revokePatientLinks(patientId, later));

    await report("TEXT_INVALID");

    expect(await endedBefore(world, patientId)).toBe(later);
    expect(world.entries(patientId).at(-1)).toMatchObject({ details: { linksRevokedBefore: later } });
  });

  it("and the e-mail in the text's place is not one of them", async () => {
    const { world, patientId, alertId, report } = await aSentText();
    await report("TEXT_INVALID");

    await world.sendAlert(patientId, alertId);
    const { fallbackId } = await world.alert(patientId, alertId);
    await world.sendAlert(patientId, fallbackId ?? "none");

    expect(world.emails).toHaveLength(1);
    const { linkLookup } = await world.alert(patientId, fallbackId ?? "none");
    const [link] = await world.read(world.messages.link(linkLookup ?? "none"));
    expect(String(link?.createdAt) > String(await endedBefore(world, patientId))).toBe(true);
  });

  it.each(["TEXT_BLOCKED", "TEXT_UNREACHABLE", "TEXT_CARRIER_BLOCKED", "TEXT_TTL_EXPIRED", "TEXT_DELIVERED"])(
    "and do not with %s: the phone is still the patient's",
    async (eventType) => {
      const { world, patientId, report } = await aSentText();

      await report(eventType);

      expect(await endedBefore(world, patientId)).toBeUndefined();
    },
  );

  it("and do not when the patient has another number by now", async () => {
    const { world, patientId, report } = await aSentText();
    await world.call("PATCH /patients/{id}", {
      path: { id: patientId },
      body: { mobilePhone: "+12065550177" },
    });

    await report("TEXT_INVALID");

    expect(await endedBefore(world, patientId)).toBeUndefined();
  });

  it("when an e-mail bounces for good", async () => {
    const { world, patientId, bounce } = await aSentEmail();

    await bounce("Permanent");

    expect(await endedBefore(world, patientId)).toBe(world.clock.iso(-0.001));
    expect(world.entries(patientId).at(-1)).toMatchObject({
      action: "alert.failed",
      details: { reason: "email_bounced", linksRevokedBefore: world.clock.iso(-0.001) },
    });
  });

  it("and do not when it bounces for now, or the address was changed since", async () => {
    const passing = await aSentEmail();
    await passing.bounce("Transient");
    expect(await endedBefore(passing.world, passing.patientId)).toBeUndefined();
    const { world, patientId, bounce } = await aSentEmail();
    await world.call("PATCH /patients/{id}", { path: { id: patientId }, body: { email: "new@example.com" } });

    await bounce("Permanent");

    expect(await endedBefore(world, patientId)).toBeUndefined();
  });
});
