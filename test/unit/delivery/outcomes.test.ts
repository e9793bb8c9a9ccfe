import { describe, expect, it } from "vitest";
import model from "#infra/local/aws/sms-model.json" with { type: "json" };
import { emailOutcomeOf } from "#shared/delivery/email-outcomes.ts";
import { outcomeOf } from "#shared/delivery/outcomes.ts";

/** Every event of one text that the service's API model names; TEXT_ALL and TEXT_SENT are no outcomes. */
const EVENT_TYPES = model.shapes.EventType.enum.filter(
  (name) => name.startsWith("TEXT_") && name !== "TEXT_ALL" && name !== "TEXT_SENT",
);

describe("the outcome of a carrier event", () => {
  it.each(EVENT_TYPES)("is known for %s", (eventType) => {
    expect(outcomeOf(eventType, true)).not.toBeNull();
  });

  it.each(["TEXT_SENT", "TEXT_ALL", "TEXT_NEW_ONE", "VOICE_COMPLETED", "toString", "__proto__", ""])(
    "says nothing for %j",
    (eventType) => {
      expect(outcomeOf(eventType, true)).toBeNull();
    },
  );

  it.each(EVENT_TYPES)("has a reason exactly where %s is no success", (eventType) => {
    const outcome = outcomeOf(eventType, true);

    const succeeds = outcome?.status === "delivered" || outcome?.status === "sent";
    expect(outcome?.reason === null).toBe(succeeds);
  });

  it.each(EVENT_TYPES)("never follows a state that only staff or the patient end (%s)", (eventType) => {
    const outcome = outcomeOf(eventType, true);

    expect(outcome?.from).not.toContain("opened");
    expect(outcome?.from).not.toContain("blocked");
    expect(outcome?.from).not.toContain("queued");
  });

  it.each(EVENT_TYPES)(
    "of an alert that was put off is believed only where %s says that it left",
    (eventType) => {
      const outcome = outcomeOf(eventType, true);

      const hasLeft = outcome?.status === "delivered" || outcome?.status === "sent";
      expect(outcome?.from.includes("deferred")).toBe(hasLeft);
    },
  );

  it.each(EVENT_TYPES)("changes nothing when %s is reported again", (eventType) => {
    const outcome = outcomeOf(eventType, true);

    expect(outcome?.from).not.toContain(outcome?.status);
  });

  it.each(EVENT_TYPES)("is not decided by a %s that is not final", (eventType) => {
    const outcome = outcomeOf(eventType, false);

    // What reached the handset did, whatever else is said of it.
    expect(outcome?.status).toBe(eventType === "TEXT_DELIVERED" ? "delivered" : "sent");
  });
});

describe("the outcome of an event of the mail service", () => {
  it.each([
    ["Delivery", null, "delivered", null],
    ["DeliveryDelay", null, "sent", null],
    ["Bounce", "Permanent", "failed", "email_bounced"],
    ["Bounce", "Transient", "failed", "email_bounced_for_now"],
    ["Bounce", "Undetermined", "failed", "email_bounced_for_now"],
    ["Bounce", null, "failed", "email_bounced_for_now"],
    ["Complaint", null, "failed", "complaint"],
    ["Reject", null, "failed", "email_rejected"],
  ])("%s (%s) is %s, %s", (eventType, bounceType, status, reason) => {
    expect(emailOutcomeOf(eventType, bounceType)).toMatchObject({ status, reason });
  });

  it.each([
    "Send",
    "Open",
    "Click",
    "Rendering Failure",
    "Subscription",
    "TEXT_DELIVERED",
    "constructor",
    "",
  ])("says nothing for %j", (eventType) => {
    expect(emailOutcomeOf(eventType, null)).toBeNull();
  });
});
