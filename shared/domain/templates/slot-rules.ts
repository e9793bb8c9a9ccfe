import type { AlertKind } from "../alerts/kinds.ts";
import type { Slot } from "../alerts/templates.ts";

const ALWAYS: readonly Slot[] = ["practice", "phone"];
const OF_VISITS: readonly Slot[] = [...ALWAYS, "date", "time", "provider", "location"];

/** The slots that a text of a use may have: only what is known when it is sent. */
export function slotsAllowed(use: AlertKind): ReadonlySet<Slot> {
  switch (use) {
    case "message":
      return new Set([...OF_VISITS, "pharmacy", "link"]);
    case "nudge":
      return new Set([...ALWAYS, "link"]);
    case "code":
      return new Set([...ALWAYS, "code"]);
    case "reminder":
    case "reminder-several":
    case "visit-booked":
    case "visit-moved":
    case "visit-cancelled":
      return new Set(OF_VISITS);
    default:
      return new Set(ALWAYS);
  }
}

/** The slot without which a text of a use is of no use; undefined where there is none beside the practice's. */
export function slotNeeded(use: AlertKind): Slot | undefined {
  switch (use) {
    case "message":
    case "nudge":
      return "link";
    case "code":
      return "code";
    default:
      return undefined;
  }
}

/**
 * Whether a text of a use says how to end texts (CTIA Messaging Principles 5.1). Those that answer STOP tell how to begin
 * again, and those that answer a text that nobody has read yet tell where help is.
 */
export function needsOptOut(use: AlertKind): boolean {
  switch (use) {
    case "stopped":
    case "stopped-cancel":
    case "received":
    case "received-closed":
    case "emergency":
    case "crisis":
      return false;
    default:
      return true;
  }
}
