import type { Journal, Lookup, Write } from "../audit/journal.ts";
import { secondsAfter } from "../messaging/new-alert.ts";
import type { AlertRecord } from "../messaging/records.ts";
import type { TaskRecord } from "../tasks/records.ts";
import { type BouncedAddressPorts, createBouncedAddress } from "./bounced-address.ts";
import { type ComplaintPorts, createEndEmails } from "./complaint.ts";
import { BOUNCED, COMPLAINT, emailOutcomeOf } from "./email-outcomes.ts";
import { createKnownTexts } from "./known-texts.ts";
import { type DeliveryOutcome, outcomeOf } from "./outcomes.ts";
import {
  type Consequence,
  createRefusedNumber,
  type RefusedNumberPorts,
  tellsOfNumber,
} from "./refused-number.ts";

/** What of a report is used; the rest, number and address above all, is left where it is. */
export interface DeliveryEvent {
  readonly channel: "sms" | "email";
  readonly eventType: string;
  /** False while the carrier may still report something else. */
  readonly isFinal: boolean;
  /** Of a bounced e-mail. */
  readonly bounceType: string | null;
  /** The provider's id of the text or e-mail. */
  readonly providerMessageId: string;
  /** Our context, where the event carries it. */
  readonly alertId: string | null;
}

/** What recording deliveries needs. */
export interface DeliveryPorts
  extends RefusedNumberPorts,
    Omit<BouncedAddressPorts, "messages">,
    Omit<ComplaintPorts, "consents" | "newId"> {
  readonly journal: Journal;
  readonly consents: RefusedNumberPorts["consents"] & ComplaintPorts["consents"];
  readonly messages: RefusedNumberPorts["messages"] & {
    owner(id: string): Lookup<{ readonly patientId: string }>;
    byProviderMessage(id: string): Lookup<{ readonly patientId: string; readonly alertId: string }>;
    alert(patientId: string, id: string): Lookup<AlertRecord>;
    moveAlert(alert: AlertRecord, from: readonly AlertRecord["status"][], set: Partial<AlertRecord>): Write;
  };
  readonly tasks: RefusedNumberPorts["tasks"] & {
    task(id: string): Lookup<TaskRecord>;
    completeTask(id: string, completedAt: string, completedBy: string): Write;
  };
  /** Asks `send-alert` for what must follow, on the alert's own queue. */
  readonly requestFollowUp: (alert: AlertRecord) => Promise<void>;
  readonly newId: (prefix: "nbr" | "tsk" | "con", now?: Date) => string;
}

/** What became of an event. */
export type DeliveryResult = "recorded" | "nothing-new" | "not-ours";

const ACTOR = "function:record-delivery";
const RACES_MAX = 6;
/** After this `remind` asks for what must follow, should the request get lost. */
const FOLLOW_UP_SECONDS = 120;

/** Records what is reported of texts and e-mails; repeated and late events change nothing. */
export function createRecordDelivery(ports: DeliveryPorts) {
  const { read, journal, messages, tasks, now } = ports;
  const refusedNumber = createRefusedNumber(ports);
  const endEmails = createEndEmails(ports);
  const bouncedAddress = createBouncedAddress(ports);
  const known = createKnownTexts(now);

  async function find(event: DeliveryEvent) {
    const before = known.alertOf(event);
    if (before !== undefined) return before;
    const found = await lookUp(event);
    if (found !== undefined) known.noteAlert(event, found);
    return found;
  }

  async function lookUp(event: DeliveryEvent) {
    if (event.alertId !== null) {
      const [owner] = await read(messages.owner(event.alertId));
      return owner === undefined ? undefined : { ...owner, alertId: event.alertId };
    }
    const [reference] = await read(messages.byProviderMessage(event.providerMessageId));
    return reference;
  }

  /** Whether the report says something new of the alert as it is. */
  function isNews(alert: AlertRecord, event: DeliveryEvent, outcome: DeliveryOutcome): boolean {
    if (!outcome.from.includes(alert.status)) return false;
    if (alert.status === "failed" && outcome.notAfter?.includes(alert.reason ?? "") === true) return false;
    const known = alert.providerMessageId;
    // An earlier try that failed says nothing of the one that followed; that it arrived does.
    const isEarlierTry = known !== null && known !== event.providerMessageId;
    return !isEarlierTry || outcome.status === "delivered";
  }

  /** Closes the task that asks what the report now tells; the alert is free for what follows from that. */
  async function settledTask(
    alert: AlertRecord,
    outcome: DeliveryOutcome,
  ): Promise<{ readonly taskId: string; readonly write: Write | null } | undefined> {
    if (alert.taskId === null) return undefined;
    const [task] = await read(tasks.task(alert.taskId));
    if (task === undefined) return undefined;
    // A person found out; what the carrier says after that still has its own consequences.
    if (task.taskState === "done")
      return task.kind === "unknown-send" ? { taskId: task.id, write: null } : undefined;
    const isMoot =
      task.kind === "unknown-send"
        ? outcome.status !== "unknown"
        : task.kind === "call" && outcome.status === "delivered";
    if (!isMoot) return undefined;
    return { taskId: task.id, write: tasks.completeTask(task.id, now().toISOString(), ACTOR) };
  }

  /** What else the report leads to: texts to a number end or go on, e-mails end. */
  async function consequenceOf(alert: AlertRecord, outcome: DeliveryOutcome): Promise<Consequence> {
    if (outcome.reason === COMPLAINT) return endEmails(alert, ACTOR);
    if (outcome.reason === BOUNCED) return bouncedAddress(alert);
    if (outcome.status === "failed") return refusedNumber.refused(alert, outcome.reason);
    const held = alert.status === "failed" && tellsOfNumber(alert.reason);
    return held && outcome.status === "delivered"
      ? refusedNumber.believed(alert)
      : { writes: [], details: {} };
  }

  function changeOf(alert: AlertRecord, event: DeliveryEvent, outcome: DeliveryOutcome, at: Date) {
    const { status, reason } = outcome;
    const hasLeft = status === "sent" || status === "delivered";
    // What was settled otherwise gets its next steps again; what goes its way keeps them.
    const looksAgain =
      !hasLeft || ((alert.status === "failed" || alert.status === "unknown") && alert.fallbackId === null);
    return {
      status,
      reason,
      providerMessageId: event.providerMessageId,
      ...(hasLeft && alert.sentAt === null ? { sentAt: alert.claimedAt ?? at.toISOString() } : {}),
      ...(looksAgain ? { dueAt: secondsAfter(at, FOLLOW_UP_SECONDS) } : {}),
      // Nothing follows a code or an answer that arrived; a message may still be unread.
      ...(isLastWord(alert, status) ? { dueAt: null } : {}),
    } satisfies Partial<AlertRecord>;
  }

  function isLastWord({ kind, optOutList }: AlertRecord, status: AlertRecord["status"]): boolean {
    return status === "delivered" && kind !== "message" && optOutList === null;
  }

  /** One look and one try; undefined when something changed in between. */
  async function attempt(
    found: { readonly patientId: string; readonly alertId: string },
    event: DeliveryEvent,
    outcome: DeliveryOutcome,
    requestId: string,
  ): Promise<DeliveryResult | undefined> {
    const [alert, head] = await read(
      messages.alert(found.patientId, found.alertId),
      journal.head({ patientId: found.patientId, actor: ACTOR }),
    );
    if (alert === undefined || alert.channel !== event.channel) return "not-ours";
    const moves = isNews(alert, event, outcome);
    known.noteStatus(event, found, alert.status);
    // Who complains wants no more e-mails, whatever became of this one.
    if (!moves && outcome.reason !== COMPLAINT) return "nothing-new";
    const at = now();
    const consequence = await consequenceOf(alert, outcome);
    if (!moves && consequence.writes.length === 0) return "nothing-new";
    const settled = moves ? await settledTask(alert, outcome) : undefined;
    const change = changeOf(alert, event, outcome, at);
    const patientId = alert.numberIndex === null ? alert.patientId : alert.concerns;
    const committed = await journal.commit(
      {
        action: moves ? `alert.${outcome.status}` : "consent.revoked",
        actor: ACTOR,
        role: "function",
        ...(patientId === null ? {} : { patientId }),
        ...(alert.purpose === null ? {} : { purpose: alert.purpose }),
        requestId,
        details: {
          alertId: alert.id,
          ...(alert.messageId === null ? {} : { messageId: alert.messageId }),
          ...(alert.numberIndex === null ? {} : { numberId: alert.patientId }),
          eventType: event.eventType,
          providerMessageId: event.providerMessageId,
          reason: outcome.reason,
          ...(settled?.write == null ? {} : { completedTaskId: settled.taskId }),
          ...consequence.details,
        },
      },
      [
        ...(moves
          ? [
              messages.moveAlert(alert, [alert.status], {
                ...change,
                ...(settled === undefined ? {} : { taskId: null }),
              }),
            ]
          : []),
        ...(settled?.write == null ? [] : [settled.write]),
        ...consequence.writes,
      ],
      // The chain of an answer to a number is another one than was read.
      alert.numberIndex === null ? (head ?? null) : undefined,
    );
    if (committed.kind === "conflict") return undefined;
    if (moves) known.noteStatus(event, found, outcome.status);
    const mustFollow = moves && (outcome.status === "failed" || outcome.status === "unknown");
    if (mustFollow) await ports.requestFollowUp(alert);
    return "recorded";
  }

  return async (event: DeliveryEvent, requestId: string): Promise<DeliveryResult> => {
    const outcome =
      event.channel === "sms"
        ? outcomeOf(event.eventType, event.isFinal)
        : emailOutcomeOf(event.eventType, event.bounceType);
    if (outcome !== null && known.isOld(event, outcome)) return "nothing-new";
    const found = await find(event);
    if (found === undefined) return "not-ours";
    if (outcome === null) return "nothing-new";
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const result = await attempt(found, event, outcome, requestId);
      if (result !== undefined) return result;
    }
    throw new Error("the alert stayed contended");
  };
}
