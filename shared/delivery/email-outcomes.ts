import { type DeliveryOutcome, UNDER_WAY } from "./outcomes.ts";

/** Why an e-mail failed for good: a mail server may accept it first and say so later. */
export const COMPLAINT = "complaint";
/** The address takes no mail, and never will. */
export const BOUNCED = "email_bounced";
const BOUNCED_FOR_NOW = "email_bounced_for_now";
const REJECTED = "email_rejected";

/**
 * What an event of Amazon SES says of an e-mail; null for one that we do not know. Mail servers accept
 * what they bounce a minute later, so a permanent bounce is believed after a delivery. A transient one
 * is not: out-of-office replies count as such.
 */
export function emailOutcomeOf(eventType: string, bounceType: string | null): DeliveryOutcome | null {
  switch (eventType) {
    case "Delivery":
      return {
        status: "delivered",
        reason: null,
        from: ["sending", "unknown", "sent", "failed", "deferred"],
        notAfter: [BOUNCED, COMPLAINT, REJECTED],
      };
    case "DeliveryDelay":
      return UNDER_WAY;
    case "Bounce":
      return bounceType === "Permanent"
        ? { status: "failed", reason: BOUNCED, from: ["sending", "unknown", "sent", "delivered"] }
        : { status: "failed", reason: BOUNCED_FOR_NOW, from: ["sending", "unknown", "sent"] };
    case "Complaint":
      return { status: "failed", reason: COMPLAINT, from: ["sending", "unknown", "sent", "delivered"] };
    case "Reject":
      return { status: "failed", reason: REJECTED, from: ["sending", "unknown", "sent"] };
    default:
      return null;
  }
}
