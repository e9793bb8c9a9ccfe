import { describe, expect, it } from "vitest";
import { createConsentsTable } from "#shared/adapters/dynamodb/consents-table.ts";
import { createSendAlert } from "#shared/alerting/send-alert.ts";
import { PREFERENCES_DEFAULT } from "#shared/consent/preferences.ts";
import type { AlertKind } from "#shared/domain/alerts/kinds.ts";
import { newOptInText } from "#shared/messaging/new-alert.ts";
import { newNumber } from "#shared/numbers/new-number.ts";
import type { NumberRecord } from "#shared/numbers/records.ts";
import { createWorld, NEW_PATIENT } from "#test/support/core-world.ts";
import { createDays } from "./days.ts";

const ALERT = "alr_01KAEV0000000000000000ASK1";

/** A patient without consent, and a text of the opt-in about scheduling that waits for them. */
async function aText(kind: AlertKind, fields: object = {}, consentId: string | null = null) {
  const world = createWorld();
  await world.signVendor();
  const patientId = await world.register(fields);
  const text = newOptInText({
    id: ALERT,
    kind,
    patientId,
    purpose: "scheduling",
    consentId,
    language: "en",
    at: world.clock.now(),
    expiresAt: world.clock.iso(3600),
  });
  const [patient] = await world.read(world.alerting.patients.patient(patientId));
  const number: NumberRecord = {
    ...newNumber("nbr_01KAEV0000000000000000NBR1", patient?.numberIndex ?? "", "en"),
    asked: {
      patientId,
      purpose: "scheduling",
      consentId: "con_01KAEV0000000000000000ASK1",
      alertId: ALERT,
      language: "en",
      askedAt: world.clock.iso(),
      answeredAt: null,
    },
    version: 1,
  };
  await world.put(world.numbers.setNumber(number), ...world.messages.addAlert(text));
  await world.alerting.requestLater(text, 0);
  const change = (set: Partial<NumberRecord>) =>
    world.put(world.numbers.setNumber({ ...number, ...set, version: 2 }));
  return {
    world,
    patientId,
    number,
    change,
    alert: () => world.alert(patientId, ALERT),
    ...createDays(world),
  };
}

describe("the question whether a patient may be texted", () => {
  it("leaves without a consent, to the patient's number, and counts towards no cap", async () => {
    const { world, patientId, alert, workOff } = await aText("opt-in-scheduling");

    await workOff();

    expect(world.texts).toMatchObject([{ to: NEW_PATIENT.mobilePhone, alertId: ALERT }]);
    expect(await alert()).toMatchObject({ status: "sent", consentId: null });
    expect(await world.read(world.messages.sentTexts(patientId, "visits"))).toEqual([undefined]);
  });

  it.each([
    ["wants no texts", { constraints: { neverText: true } }],
    ["wants none about this", { constraints: { neverAbout: ["scheduling"] } }],
  ])("is not sent to a patient who %s", async (_name, fields) => {
    const { world, alert, workOff } = await aText("opt-in-scheduling", fields);

    await workOff();

    expect(await alert()).toMatchObject({ status: "blocked", reason: "constraint_violation" });
    expect(world.texts).toEqual([]);
  });

  it("is sent to a patient who wants no texts about something else", async () => {
    const { world, workOff } = await aText("opt-in-scheduling", { constraints: { neverAbout: ["billing"] } });

    await workOff();

    expect(world.texts).toHaveLength(1);
  });

  it("is not sent to a number that stopped", async () => {
    const { world, change, alert, workOff } = await aText("opt-in-scheduling");
    await change({ stoppedAt: world.clock.iso() });

    await workOff();

    expect(await alert()).toMatchObject({ status: "blocked", reason: "consent_revoked" });
    expect(world.texts).toEqual([]);
  });

  it("is not sent to a number that stops between look and claim", async () => {
    const { world, patientId, change, alert, workOff } = await aText("opt-in-scheduling");
    let isFirst = true;
    const sendAlert = createSendAlert({
      ...world.alerting,
      waitUntil: async () => {
        if (isFirst) await change({ stoppedAt: world.clock.iso() });
        isFirst = false;
      },
    });

    await sendAlert({ patientId, alertId: ALERT }, "request-1");
    await workOff();

    expect(await alert()).toMatchObject({ status: "blocked", reason: "consent_revoked" });
    expect(world.texts).toEqual([]);
  });

  it("is not sent where somebody says just before that the number is not the patient's", async () => {
    const { world, patientId, alert, workOff } = await aText("opt-in-scheduling");
    const [patient] = await world.read(world.alerting.patients.patient(patientId));
    const disowned = { sms: patient?.numberId ?? null, email: null };
    const said = createConsentsTable("Consents").setPreferences(patientId, {
      ...PREFERENCES_DEFAULT,
      disowned,
    });
    let isFirst = true;
    const sendAlert = createSendAlert({
      ...world.alerting,
      waitUntil: async () => {
        if (isFirst) await world.put(said);
        isFirst = false;
      },
    });

    await sendAlert({ patientId, alertId: ALERT }, "request-1");
    await workOff();

    expect(await alert()).toMatchObject({ status: "blocked", reason: "consent_revoked" });
    expect(world.texts).toEqual([]);
  });

  it("is not sent once another question took its place", async () => {
    const { world, number, change, alert, workOff } = await aText("opt-in-scheduling");
    if (number.asked === null) throw new Error("nothing asked");
    await change({ asked: { ...number.asked, alertId: "alr_01KAEV0000000000000000ASK2" } });

    await workOff();

    expect(await alert()).toMatchObject({ status: "blocked", reason: "superseded" });
    expect(world.texts).toEqual([]);
  });

  it("is not sent to a patient whose no was recorded since", async () => {
    const { world, patientId, alert, workOff } = await aText("opt-in-scheduling");
    await world.grant(patientId);
    await world.grant(patientId, { decision: "revoked" });

    await workOff();

    expect(await alert()).toMatchObject({ status: "blocked", reason: "consent_revoked" });
    expect(world.texts).toEqual([]);
  });

  it.each([
    ["the vendor has no agreement", "vendor_without_baa"],
    ["it is over", "expired"],
  ])("is not sent when %s", async (_name, reason) => {
    const { world, alert, workOff } = await aText("opt-in-scheduling");
    if (reason === "expired") world.clock.advance(3600);
    else await world.signVendor({ baaSignedOn: null });

    await workOff();

    expect(await alert()).toMatchObject({ status: "blocked", reason });
    expect(world.texts).toEqual([]);
  });
});

describe("the confirmation that a patient signed up", () => {
  it("needs the consent that it confirms", async () => {
    const { world, alert, workOff } = await aText("opt-in-confirmed");

    await workOff();

    expect(await alert()).toMatchObject({ status: "blocked", reason: "consent_required" });
    expect(world.texts).toEqual([]);
  });

  it("leaves with it", async () => {
    const { world, patientId, alert, workOff } = await aText("opt-in-confirmed");
    await world.grant(patientId);

    await workOff();

    expect(await alert()).toMatchObject({ status: "sent" });
    expect(world.texts[0]?.body).toMatch(/STOP.*HELP|HELP.*STOP/s);
  });

  it("is not sent once the patient took it back", async () => {
    const { world, patientId, alert, workOff } = await aText("opt-in-confirmed");
    await world.grant(patientId);
    await world.grant(patientId, { decision: "revoked" });

    await workOff();

    expect(await alert()).toMatchObject({ status: "blocked", reason: "consent_revoked" });
  });
});
