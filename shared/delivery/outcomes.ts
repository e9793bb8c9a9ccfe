import type { AlertStatus } from "../domain/words.ts";

/** What a report of the carrier or the mail service makes of an alert. */
export interface DeliveryOutcome {
  readonly status: Extract<AlertStatus, "sent" | "delivered" | "failed" | "unknown">;
  readonly reason: string | null;
  /** States that this outcome may follow; in every other the report is late and changes nothing. */
  readonly from: readonly AlertStatus[];
  /** Reasons of failures that this outcome does not undo. */
  readonly notAfter?: readonly string[];
}

const DELIVERED: DeliveryOutcome = {
  status: "delivered",
  reason: null,
  // A success that comes after a failure is believed: carriers report in any order. One of an alert that
  // was put off proves that the provider took it after all, and keeps it from being sent twice.
  from: ["sending", "unknown", "sent", "failed", "deferred"],
};

/** What an event that is not the last one says: the text is under way. */
export const UNDER_WAY: DeliveryOutcome = {
  status: "sent",
  reason: null,
  from: ["sending", "unknown", "deferred"],
};

function failed(reason: string): DeliveryOutcome {
  return { status: "failed", reason, from: ["sending", "unknown", "sent"] };
}

const OUTCOMES: Readonly<Record<string, DeliveryOutcome>> = {
  TEXT_SUCCESSFUL: DELIVERED,
  TEXT_DELIVERED: DELIVERED,
  TEXT_PENDING: UNDER_WAY,
  TEXT_QUEUED: UNDER_WAY,
  TEXT_INVALID: failed("invalid_number"),
  TEXT_INVALID_MESSAGE: failed("invalid_message"),
  TEXT_UNREACHABLE: failed("unreachable"),
  TEXT_CARRIER_UNREACHABLE: failed("carrier_unreachable"),
  TEXT_BLOCKED: failed("blocked"),
  TEXT_CARRIER_BLOCKED: failed("carrier_blocked"),
  TEXT_SPAM: failed("spam"),
  TEXT_TTL_EXPIRED: failed("expired"),
  TEXT_PROTECT_BLOCKED: failed("protect_blocked"),
  // After 72 hours without word from the carrier.
  TEXT_UNKNOWN: { status: "unknown", reason: "no_word_from_carrier", from: ["sending", "sent"] },
};

/**
 * The outcome of an event type of AWS End User Messaging; null for one that we do not know. An event
 * that is not final decides nothing, for a failure may follow it; a text that reached the handset did.
 */
export function outcomeOf(eventType: string, isFinal: boolean): DeliveryOutcome | null {
  const outcome = Object.hasOwn(OUTCOMES, eventType) ? (OUTCOMES[eventType] ?? null) : null;
  if (outcome === null || isFinal || eventType === "TEXT_DELIVERED") return outcome;
  return UNDER_WAY;
}
