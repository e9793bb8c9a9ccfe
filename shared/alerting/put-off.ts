import { secondsAfter } from "../messaging/new-alert.ts";
import { alertEvent } from "./alert-event.ts";
import type { AlertVerdict, BlockReason } from "./judge-alert.ts";
import { keptOnList } from "./lift.ts";
import { callPatient, otherWayOf } from "./other-way.ts";
import { type AlertOutcome, UNSENT } from "./outcome.ts";
import type { AlertingPorts } from "./ports.ts";
import type { Situation } from "./situation.ts";
import { CAP_HOLD_SECONDS_MAX, FOLLOW_UP_SECONDS } from "./times.ts";
import { tellsOfVisit } from "./visits.ts";

/** Nobody is to be reached any more; what is past its end is judged by itself. */
const NEEDLESS: readonly string[] = ["erased", "revoked", "read", "superseded"] satisfies BlockReason[];

/** What is done with an alert that may not leave: it ends, or it waits. */
export function createPutOff(ports: AlertingPorts) {
  const { journal, messages } = ports;

  /** What takes the place of a text about a message that cannot leave; undefined where nothing should. */
  async function waysOn(situation: Situation, reason: string) {
    const { alert } = situation;
    if (tellsOfVisit(alert.kind) && !NEEDLESS.includes(reason)) {
      // Late: few texts about visits end so.
      const { missesVisit } = await import("./missed-visit.ts");
      return (await missesVisit(ports, situation, reason))
        ? callPatient(ports, situation, reason)
        : undefined;
    }
    // A nudge repeats an alert that asks for a call by itself.
    if (alert.kind !== "message" || alert.taskId !== null) return undefined;
    if (reason === "undeliverable") return otherWayOf(ports, situation, reason);
    // The message still waits for the patient, unless it is past its own end.
    const over = alert.expiresAt !== null && Date.parse(alert.expiresAt) <= ports.now().getTime();
    return over || NEEDLESS.includes(reason) ? undefined : callPatient(ports, situation, reason);
  }

  /** Ends an alert that has not left and must not; the patient may be reached in another way. */
  async function block(situation: Situation, reason: string, requestId: string): Promise<AlertOutcome> {
    const { alert, head } = situation;
    const way = await waysOn(situation, reason);
    const listing = alert.optOutList === "list";
    // Nobody took the number off the carrier's list, which goes on refusing what is sent there.
    const isKept = alert.optOutList === "lift" && reason !== "consent_revoked" && reason !== "superseded";
    const kept = isKept ? keptOnList(ports, alert, reason) : undefined;
    const outcome = await journal.commit(
      alertEvent(alert, "alert.blocked", requestId, { reason, ...way?.set }),
      [
        messages.moveAlert(alert, UNSENT, {
          status: "blocked",
          reason,
          ...way?.set,
          ...(kept === undefined ? {} : { taskId: kept.id }),
          // The confirmation is too late or not allowed; the carrier's list still has to learn of the stop.
          dueAt: listing ? secondsAfter(ports.now(), FOLLOW_UP_SECONDS) : null,
        }),
        ...(way?.writes ?? []),
        ...(kept === undefined ? [] : [ports.tasks.addTask(kept)]),
      ],
      head,
    );
    if (outcome.kind === "conflict") return { kind: "nothing" };
    if (way?.alert != null) await ports.requestLater(way.alert, 0);
    if (listing) await ports.requestLater(alert, 0);
    return { kind: "blocked", reason };
  }

  /** Puts an alert off until its time comes; where that is too late, it ends. */
  async function hold(
    situation: Situation,
    { reason, until }: Extract<AlertVerdict, { kind: "hold" }>,
    requestId: string,
  ): Promise<AlertOutcome> {
    const { alert, head } = situation;
    if (alert.expiresAt !== null && until.getTime() >= Date.parse(alert.expiresAt)) {
      // It could only come too late.
      return block(situation, "expired", requestId);
    }
    const isCap = alert.kind === "message" && (reason === "daily_cap" || reason === "weekly_cap");
    const longer = until.getTime() - ports.now().getTime() > CAP_HOLD_SECONDS_MAX * 1000;
    const way = isCap && longer && alert.taskId === null ? callPatient(ports, situation, reason) : undefined;
    const at = until.toISOString();
    await journal.commit(
      alertEvent(alert, "alert.deferred", requestId, { reason, until: at, ...way?.set }),
      [
        // Never from "sending": another run may have claimed it since, and deferring it would send it twice.
        messages.moveAlert(
          alert,
          UNSENT,
          { status: "deferred", reason, dueAt: at, heldUntil: at, claimedAt: null, ...way?.set },
          // Two runs at once open one task.
          ["taskId"],
        ),
        ...(way?.writes ?? []),
      ],
      head,
    );
    return { kind: "deferred", reason };
  }

  return { block, hold };
}
