import type { AlertRecord } from "../messaging/records.ts";
import { judgeAlert } from "./judge-alert.ts";
import { UNSENT } from "./outcome.ts";
import type { AlertingPorts } from "./ports.ts";
import type { Situation } from "./situation.ts";
import { untoldVisit } from "./visits.ts";

/** Nothing but its time, a number that cannot be reached, or what is the practice's, keeps it from the patient. */
function agrees(situation: Situation, now: Date): boolean {
  const { alert, number } = situation;
  const inTime = { ...alert, expiresAt: null };
  const reached = number === undefined ? undefined : { ...number, undeliverable: null };
  const verdict = judgeAlert({ ...situation, alert: inTime, number: reached, now });
  return verdict.kind !== "block" || verdict.reason === "vendor_without_baa";
}

/** Another reminder of the day can still be sent. */
async function isFollowed(
  { read, messages }: AlertingPorts,
  { alert, visitDay }: Situation,
  now: Date,
): Promise<boolean> {
  const others = (visitDay?.reminders ?? []).filter(({ alertId }) => alertId !== alert.id);
  const found: readonly (AlertRecord | undefined)[] = await read(
    ...others.map(({ alertId }) => messages.alert(alert.patientId, alertId)),
  );
  return found.some(
    (other) =>
      other !== undefined &&
      UNSENT.includes(other.status) &&
      (other.expiresAt === null || Date.parse(other.expiresAt) > now.getTime()),
  );
}

/**
 * Whether a person must call because a text about visits ends unsent: the patient agrees to be told of a visit to come, and
 * no text has told of it. This one is too late, or its words may not leave, and no other waits; or the number cannot be
 * reached at all.
 */
export async function missesVisit(
  ports: AlertingPorts,
  situation: Situation,
  reason: string,
): Promise<boolean> {
  const now = ports.now();
  const { alert, visitDay } = situation;
  if (untoldVisit(alert, visitDay, now) === null || !agrees(situation, now)) return false;
  // No reminder tells what is off.
  const isLast = reason === "undeliverable" || alert.kind === "visit-cancelled";
  return isLast || !(await isFollowed(ports, situation, now));
}
