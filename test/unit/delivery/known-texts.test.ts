import { describe, expect, it } from "vitest";
import { createKnownTexts } from "#shared/delivery/known-texts.ts";
import { outcomeOf } from "#shared/delivery/outcomes.ts";
import type { DeliveryEvent } from "#shared/delivery/record.ts";

const event = (parts: Partial<DeliveryEvent> = {}): DeliveryEvent => ({
  channel: "sms",
  eventType: "TEXT_DELIVERED",
  isFinal: true,
  bounceType: null,
  providerMessageId: "provider-1",
  alertId: "alr_1",
  ...parts,
});
const ALERT = { alertId: "alr_1", patientId: "pat_1" };
const SUCCESSES = ["TEXT_PENDING", "TEXT_QUEUED", "TEXT_SUCCESSFUL", "TEXT_DELIVERED"];

function aMemory() {
  let nowMs = Date.UTC(2026, 10, 4, 16);
  const known = createKnownTexts(() => new Date(nowMs));
  const oldOnes = (parts: Partial<DeliveryEvent> = {}) =>
    [...SUCCESSES, "TEXT_INVALID", "TEXT_UNKNOWN"].filter((eventType) => {
      const outcome = outcomeOf(eventType, parts.isFinal ?? true);
      return outcome !== null && known.isOld(event({ eventType, ...parts }), outcome);
    });
  return {
    known,
    oldOnes,
    wait: (minutes: number) => {
      nowMs += minutes * 60_000;
    },
  };
}

describe("what is remembered of texts", () => {
  it("names the alert of a text that was reported before, whichever source reports it, and of no other", () => {
    const { known, oldOnes, wait } = aMemory();
    expect(known.alertOf(event())).toBeUndefined();

    known.noteAlert(event(), ALERT);

    expect(known.alertOf(event())).toMatchObject(ALERT);
    expect(known.alertOf(event({ alertId: null }))).toMatchObject(ALERT);
    expect(known.alertOf(event({ alertId: "alr_2" }))).toBeUndefined();
    expect(known.alertOf(event({ providerMessageId: "provider-2" }))).toBeUndefined();
    expect(oldOnes()).toEqual([]);
    wait(61);
    expect(known.alertOf(event())).toBeUndefined();
  });

  it("takes nothing for old but what a text that arrived cannot change any more", () => {
    const { known, oldOnes } = aMemory();
    known.noteStatus(event(), ALERT, "delivered");

    expect(oldOnes()).toEqual(SUCCESSES);
    expect(oldOnes({ alertId: null })).toEqual(SUCCESSES);
    expect(oldOnes({ alertId: "alr_2" })).toEqual([]);
    expect(oldOnes({ providerMessageId: "provider-2" })).toEqual([]);
  });

  it("takes another word that a text is under way for old, and not that it arrived or failed", () => {
    const { known, oldOnes, wait } = aMemory();
    known.noteStatus(event(), ALERT, "sent");

    expect(oldOnes()).toEqual(["TEXT_PENDING", "TEXT_QUEUED"]);
    // A success that is not final says no more either.
    expect(oldOnes({ isFinal: false })).toContain("TEXT_SUCCESSFUL");
    expect(oldOnes({ isFinal: false })).not.toContain("TEXT_DELIVERED");
    wait(61);
    expect(oldOnes()).toEqual([]);
  });

  it("takes nothing for old of alerts that a report may still settle, and of e-mails, which bounce late", () => {
    const { known, oldOnes } = aMemory();
    for (const status of ["sending", "unknown", "failed", "deferred"] as const) {
      known.noteStatus(event(), ALERT, status);
    }
    known.noteStatus(event({ channel: "email" }), ALERT, "delivered");

    expect(oldOnes()).toEqual([]);
    expect(oldOnes({ channel: "email" })).toEqual([]);
  });

  it("has room for so many texts and lets the oldest go", () => {
    const { known } = aMemory();
    const numbered = (index: number) => event({ providerMessageId: `provider-${String(index)}` });
    for (let index = 0; index <= 2_000; index += 1) known.noteAlert(numbered(index), ALERT);

    expect(known.alertOf(numbered(0))).toBeUndefined();
    expect(known.alertOf(numbered(1))).toBeDefined();
  });
});
