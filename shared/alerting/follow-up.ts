import type { AuditValue, Write } from "../audit/journal.ts";
import { languageFor } from "../consent/preferences.ts";
import { newestTemplateName } from "../domain/alerts/template-names.ts";
import { NOT_AN_ANSWER, REQUEST_LOST_AFTER_SECONDS, secondsAfter } from "../messaging/new-alert.ts";
import type { AlertRecord } from "../messaging/records.ts";
import { newTask } from "../tasks/records.ts";
import { alertEvent, patientOf } from "./alert-event.ts";
import { linksKilled } from "./judge-alert.ts";
import { judgeSent, nextStepAt, type SentVerdict, type TriedAlert } from "./judge-sent.ts";
import { callPatient, type OtherWay, otherWayOf } from "./other-way.ts";
import type { AlertingPorts } from "./ports.ts";
import type { Situation } from "./situation.ts";
import { UNKNOWN_SEND_SECONDS } from "./times.ts";
import { untoldVisit } from "./visits.ts";

/** What came of an alert that had been tried before. */
export type FollowUpOutcome = { readonly kind: "unknown" } | { readonly kind: "nothing" };

/** Two runs at once take no step twice. */
const STEPS = ["nudges", "taskId", "fallbackId", "optOutList"] as const;
const TRIED: readonly AlertRecord["status"][] = ["sent", "delivered"];

/** Does what must follow a text that was tried: settles, nudges, asks a person, tells the carrier's list. */
export function createFollowUp(ports: AlertingPorts) {
  const { journal, messages, tasks } = ports;

  /** Moves the alert on; nothing happens when somebody else moved it first, for then that run follows up. */
  async function commit(
    situation: Situation,
    from: readonly AlertRecord["status"][],
    set: Partial<AlertRecord>,
    record: { readonly action: string; readonly details?: Readonly<Record<string, AuditValue>> },
    requestId: string,
    writes: readonly Write[] = [],
  ): Promise<boolean> {
    const { alert, head } = situation;
    const outcome = await journal.commit(
      alertEvent(alert, record.action, requestId, record.details),
      [messages.moveAlert(alert, from, set, STEPS), ...writes],
      head,
    );
    return outcome.kind === "committed";
  }

  async function commitOtherWay(
    situation: Situation,
    way: OtherWay,
    from: readonly AlertRecord["status"][],
    reason: string,
    requestId: string,
  ): Promise<void> {
    const { set, writes, alert } = way;
    const done = await commit(
      situation,
      from,
      { ...set, dueAt: null },
      { action: alert === null ? "call.asked" : "email.asked", details: { ...set, reason } },
      requestId,
      writes,
    );
    if (done && alert !== null) await ports.requestLater(alert, 0);
  }

  async function nudge(situation: Situation, requestId: string): Promise<void> {
    const { alert, preferences } = situation;
    const at = ports.now();
    const language = languageFor(alert, preferences);
    const nudges = alert.nudges + 1;
    const again: AlertRecord = {
      ...alert,
      ...NOT_AN_ANSWER,
      id: ports.newId("alr", at),
      kind: "nudge",
      // Nobody waits for it, whoever waited for the first one.
      queue: "bulk",
      status: "queued",
      reason: null,
      template: newestTemplateName("nudge"),
      language,
      createdAt: at.toISOString(),
      linkLookup: null,
      claimedAt: null,
      sentAt: null,
      providerMessageId: null,
      dueAt: secondsAfter(at, REQUEST_LOST_AFTER_SECONDS),
      nudges,
    };
    const next = nextStepAt({ ...tried(situation), alert: { ...alert, nudges } });
    const done = await commit(
      situation,
      TRIED,
      { nudges, dueAt: next?.toISOString() ?? null },
      { action: "nudge.asked", details: { nudgeAlertId: again.id, nudges } },
      requestId,
      messages.addAlert(again),
    );
    if (done) await ports.requestLater(again, 0);
  }

  async function askPerson(situation: Situation, requestId: string): Promise<void> {
    const { alert } = situation;
    const at = ports.now();
    const taskId = ports.newId("tsk", at);
    const task = newTask(
      {
        id: taskId,
        kind: "unknown-send",
        dueAt: secondsAfter(at, UNKNOWN_SEND_SECONDS),
        patientId: patientOf(alert) ?? null,
        messageId: alert.messageId,
        threadId: alert.threadId,
        alertId: alert.id,
        numberId: alert.numberIndex === null ? null : alert.patientId,
        reason: alert.reason,
      },
      at,
    );
    await commit(
      situation,
      ["unknown"],
      { taskId, dueAt: null },
      { action: "task.opened", details: { taskId, taskKind: task.kind } },
      requestId,
      [tasks.addTask(task)],
    );
  }

  /** Puts the number on the carrier's list; false where it takes texts by now, or the carrier keeps its list by itself. */
  async function putOnList({ alert, number, sealedPhone }: Situation): Promise<boolean> {
    const { optOutList, read, numbers } = ports;
    const hasStopped = number?.stoppedAt != null && sealedPhone !== null;
    const phone = hasStopped ? await ports.mobilePhoneOf(sealedPhone) : null;
    if (optOutList === null || phone === null) return false;
    await optOutList.list(phone);
    // A START in the meantime found nothing to lift.
    const [now] = alert.numberIndex === null ? [] : await read(numbers.number(alert.numberIndex));
    if (now?.stoppedAt !== null) return true;
    await optOutList.lift(phone);
    return false;
  }

  async function listNumber(situation: Situation, requestId: string): Promise<void> {
    const { alert } = situation;
    const listed = await putOnList(situation);
    const next = nextStepAt({ ...tried(situation), alert: { ...alert, optOutList: null } });
    await commit(
      situation,
      [alert.status],
      { optOutList: null, dueAt: next?.toISOString() ?? null },
      { action: listed ? "number.listed" : "number.left-unlisted" },
      requestId,
    );
  }

  function tried(situation: Situation): TriedAlert {
    const { alert, readAt, revocation, marks } = situation;
    const now = ports.now();
    const over =
      (alert.expiresAt !== null && Date.parse(alert.expiresAt) <= now.getTime()) ||
      (revocation !== undefined && alert.createdAt <= revocation.before) ||
      (marks !== undefined && marks.erasedAt !== null);
    const killedAt = marks?.linksRevokedBefore ?? null;
    const isKilled = linksKilled(situation);
    const isCut = isKilled || (killedAt !== null && alert.createdAt <= killedAt);
    const isUntold = untoldVisit(alert, situation.visitDay, now) !== null;
    return { alert, readAt, over, isCut, isKilled, isUntold, now };
  }

  /** Nothing is to be done now; the due index must not bring the alert back before something is. */
  async function putOff(situation: Situation, requestId: string): Promise<void> {
    const { alert } = situation;
    if (alert.dueAt === null || alert.status === "sending") return;
    const next = nextStepAt(tried(situation))?.toISOString() ?? null;
    if (next !== null && next <= alert.dueAt) return;
    await commit(situation, [alert.status], { dueAt: next }, { action: "alert.looked-at" }, requestId);
  }

  async function settle(
    situation: Situation,
    verdict: SentVerdict,
    requestId: string,
  ): Promise<FollowUpOutcome> {
    const { alert } = situation;
    switch (verdict.kind) {
      case "done":
        await putOff(situation, requestId);
        return { kind: "nothing" };
      case "unknown": {
        const { reason } = verdict;
        const settled = { status: "unknown", reason } as const;
        const next = nextStepAt({ ...tried(situation), alert: { ...alert, ...settled } });
        await commit(
          situation,
          [alert.status],
          { ...settled, dueAt: next?.toISOString() ?? null },
          { action: "alert.unknown", details: { reason } },
          requestId,
        );
        return { kind: "unknown" };
      }
      case "ask-person":
        await askPerson(situation, requestId);
        return { kind: "nothing" };
      case "other-way": {
        const reason = alert.reason ?? "failed";
        await commitOtherWay(situation, otherWayOf(ports, situation, reason), ["failed"], reason, requestId);
        return { kind: "nothing" };
      }
      case "call":
        await commitOtherWay(
          situation,
          callPatient(ports, situation, verdict.reason),
          [alert.status],
          verdict.reason,
          requestId,
        );
        return { kind: "nothing" };
      case "nudge":
        await nudge(situation, requestId);
        return { kind: "nothing" };
      case "list":
        await listNumber(situation, requestId);
        return { kind: "nothing" };
      default:
        return verdict satisfies never;
    }
  }

  return (situation: Situation, requestId: string): Promise<FollowUpOutcome> =>
    settle(situation, judgeSent(tried(situation)), requestId);
}
