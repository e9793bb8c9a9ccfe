import { describe, expect, it } from "vitest";
import { type AlertSituation, judgeAlert } from "#shared/alerting/judge-alert.ts";
import { type PatientPreferences, PREFERENCES_DEFAULT } from "#shared/consent/preferences.ts";
import { newNumber } from "#shared/numbers/new-number.ts";
import { settingsDefaultOf } from "#shared/practice/defaults.ts";
import { aConsent, anAlert, aPatient, aVendor } from "#test/support/builders.ts";
import { createTestClock } from "#test/support/clock.ts";

const { now, iso } = createTestClock();

function aSituation(parts: Partial<AlertSituation> = {}): AlertSituation {
  return {
    alert: anAlert(),
    patient: aPatient(),
    number: undefined,
    sealedPhone: null,
    consent: aConsent(),
    preferences: undefined,
    vendor: aVendor(),
    settings: settingsDefaultOf("America/Los_Angeles"),
    sentTexts: undefined,
    readAt: null,
    switches: undefined,
    marks: undefined,
    revocation: undefined,
    senderMark: undefined,
    practiceMark: undefined,
    link: undefined,
    visitDay: undefined,
    now: now(),
    ...parts,
  };
}

describe("an alert", () => {
  it.each(["queued", "deferred"] as const)("that is %s is sent when nothing speaks against it", (status) => {
    expect(judgeAlert(aSituation({ alert: anAlert({ status }) }))).toEqual({
      kind: "send",
      grounds: { to: "patient", patient: aPatient(), consent: aConsent(), vendor: aVendor() },
    });
  });

  it.each([
    ["is over", { alert: anAlert({ expiresAt: iso() }) }, "expired"],
    ["has no patient any more", { patient: undefined }, "erased"],
    ["is an erased patient's", { marks: { erasedAt: iso(-1), linksRevokedBefore: null } }, "erased"],
    [
      "was made before the patient's links were revoked",
      { marks: { erasedAt: null, linksRevokedBefore: anAlert().createdAt } },
      "revoked",
    ],
    [
      "was made before its sender's links were revoked",
      { senderMark: { before: anAlert().createdAt } },
      "links_revoked",
    ],
    [
      "was made before all links of the practice were revoked",
      { practiceMark: { before: anAlert().createdAt } },
      "links_revoked",
    ],
    ["was made before its message was revoked", { revocation: { before: anAlert().createdAt } }, "revoked"],
    ["has no consent", { consent: undefined }, "consent_required"],
    ["has a revoked consent", { consent: aConsent({ decision: "revoked" }) }, "consent_revoked"],
    [
      "was consented to for another number",
      { consent: aConsent({ contactId: "num_old" }) },
      "consent_required",
    ],
    ["has no vendor with an agreement", { vendor: undefined }, "vendor_without_baa"],
    ["is not wanted", { patient: aPatient({ constraints: { neverText: true } }) }, "constraint_violation"],
  ] as const)("that %s is blocked", (_name, parts, reason) => {
    expect(judgeAlert(aSituation(parts))).toEqual({ kind: "block", reason });
  });

  it.each([
    ["has an end to come", { alert: anAlert({ expiresAt: iso(1) }) }],
    [
      "was made after the patient's links were revoked",
      { marks: { erasedAt: null, linksRevokedBefore: "2026-11-04T15:59:59.999Z" } },
    ],
    [
      "was made after its sender's links were revoked",
      { senderMark: { before: "2026-11-04T15:59:59.999Z" } },
    ],
    ["was made after all links were revoked", { practiceMark: { before: "2026-11-04T15:59:59.999Z" } }],
    ["was made after its message was revoked", { revocation: { before: "2026-11-04T15:59:59.999Z" } }],
    ["comes while the portal is off", { switches: { sending: true, portal: false, version: 1 } }],
  ] as const)("that %s is sent", (_name, parts) => {
    expect(judgeAlert(aSituation(parts)).kind).toBe("send");
  });

  it("waits while sending is off, unless it is over anyway", () => {
    const switches = { sending: false, portal: true, version: 1 };

    expect(judgeAlert(aSituation({ switches }))).toMatchObject({ kind: "hold", reason: "sending_off" });
    expect(judgeAlert(aSituation({ switches, alert: anAlert({ expiresAt: iso() }) })).kind).toBe("block");
  });
});

describe("what a patient wishes", () => {
  const wishes = (parts: Partial<PatientPreferences>) => ({
    preferences: { ...PREFERENCES_DEFAULT, version: 1, ...parts },
  });
  const disowned = (contactId: string) => wishes({ disowned: { sms: contactId, email: null } });
  const { numberId } = aPatient();
  const question = () => ({
    alert: anAlert({ kind: "opt-in-portal", queue: "urgent" }),
    consent: undefined,
    number: { ...newNumber("nbr_1", "index", "en"), asked: anOpenQuestion() },
  });
  const anOpenQuestion = () => ({
    patientId: aPatient().id,
    purpose: "portal" as const,
    consentId: "con_1",
    alertId: anAlert().id,
    language: "en" as const,
    askedAt: iso(),
    answeredAt: null,
  });
  const quiet = wishes({ quietHours: { from: "00:00", to: "20:00" } });

  it.each([
    ["an alert", {}],
    ["a code", { alert: anAlert({ kind: "code", queue: "urgent" }) }],
    ["a nudge", { alert: anAlert({ kind: "nudge" }) }],
    ["a question", question()],
  ] as const)("lets %s go to no number that somebody said is not the patient's", (_name, parts) => {
    expect(judgeAlert(aSituation(parts)).kind).toBe("send");
    expect(judgeAlert(aSituation({ ...parts, ...disowned(String(numberId)) }))).toEqual({
      kind: "block",
      reason: "consent_revoked",
    });
    expect(judgeAlert(aSituation({ ...parts, ...disowned("num_old") })).kind).toBe("send");
  });

  it("holds what nobody waits for until quiet hours are over", () => {
    const held = judgeAlert(aSituation(quiet));

    expect(held).toEqual({
      kind: "hold",
      reason: "quiet_hours",
      until: new Date("2026-11-05T04:00:00.000Z"),
    });
  });

  it("lets through what somebody waits for", () => {
    expect(judgeAlert(aSituation({ ...quiet, alert: anAlert({ queue: "urgent" }) })).kind).toBe("send");
  });
});
