import type { AuditValue, ChainHead, Write } from "../audit/journal.ts";
import { type CapClass, capClassOf, withinCapSpan } from "../domain/sending/caps.ts";
import { secondsAfter } from "../messaging/new-alert.ts";
import type { AlertRecord } from "../messaging/records.ts";
import { alertEvent } from "./alert-event.ts";
import type { ComposedText } from "./compose.ts";
import { nextStepAfter } from "./judge-sent.ts";
import type { AlertOutcome } from "./outcome.ts";
import type { AlertingPorts, SendResult } from "./ports.ts";
import type { Situation } from "./situation.ts";
import { FOLLOW_UP_SECONDS, UNKNOWN_TASK_SECONDS } from "./times.ts";
import { isReminder } from "./visits.ts";

/** How the provider refuses what its own list forbids. */
const OPTED_OUT = "destination_phone_number_opted_out";
/** So long after START the carrier's list may still refuse what it is about to allow. */
const LIFT_SECONDS_MAX = 30 * 60;
const LIFT_UNDER_WAY: SendResult = { kind: "busy", reason: "lift_under_way", retryAfterSeconds: 120 };
const RACES_MAX = 5;

/** The class in which a text counts towards caps; null: in none. */
function countedIn({ queue, channel, purpose }: AlertRecord): CapClass | null {
  return queue === "bulk" && channel === "sms" && purpose !== null ? capClassOf(purpose) : null;
}

/** Texts of the bulk queue count towards the caps of their class, from the claim on. */
export function countWrites(ports: AlertingPorts, { alert, sentTexts }: Situation): Write[] {
  const capClass = countedIn(alert);
  if (capClass === null) return [];
  const now = ports.now();
  const others = withinCapSpan(sentTexts?.texts ?? [], now).filter(({ alertId }) => alertId !== alert.id);
  const texts = [...others, { alertId: alert.id, at: now.toISOString() }];
  return [ports.messages.setSentTexts(alert.patientId, capClass, texts, sentTexts?.version ?? 0)];
}

/** Writes down what became of a text that was claimed, whatever the provider said of it. */
export function createSettleSend(ports: AlertingPorts) {
  const { journal, messages } = ports;

  /** Takes a text that did not leave out of the count as it is by now. */
  async function uncountWrites(alert: AlertRecord): Promise<Write[]> {
    const capClass = countedIn(alert);
    if (capClass === null) return [];
    const [counted] = await ports.read(messages.sentTexts(alert.patientId, capClass));
    if (counted === undefined) return [];
    const others = counted.texts.filter(({ alertId }) => alertId !== alert.id);
    return [messages.setSentTexts(alert.patientId, capClass, others, counted.version)];
  }

  /** A reminder that did not leave asked nothing. */
  async function unaskWrites(situation: Situation): Promise<readonly Write[]> {
    if (!isReminder(situation.alert.kind)) return [];
    // Late: almost every reminder leaves.
    const { takeBackQuestion } = await import("./take-back-question.ts");
    return takeBackQuestion(ports, situation);
  }

  /**
   * Ends the claim of a text that certainly did not leave. Another text of the class may change the count, and another
   * change the day, at the same time: then once more on what it is then.
   */
  async function release(
    situation: Situation,
    set: Partial<AlertRecord>,
    record: { readonly action: string; readonly details: Readonly<Record<string, AuditValue>> },
    requestId: string,
  ): Promise<boolean> {
    const { alert } = situation;
    const event = alertEvent(alert, record.action, requestId, record.details);
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const outcome = await journal.commit(event, [
        messages.moveAlert(alert, ["sending", "unknown"], set),
        ...(await uncountWrites(alert)),
        ...(await unaskWrites(situation)),
      ]);
      if (outcome.kind === "committed") return true;
      // The first write is the move: a report has moved the alert already.
      if (outcome.failed.includes(0)) return false;
    }
    throw new Error("the count of texts, or the day, kept changing");
  }

  /**
   * Writes down how a send ended. A delivery report may have moved the alert already: then what is
   * known of the send is added to it, for what was sent must stand in the record.
   */
  async function conclude(
    { alert }: Situation,
    set: Partial<AlertRecord>,
    record: { readonly action: string; readonly details?: Readonly<Record<string, AuditValue>> },
    head: ChainHead,
    requestId: string,
    extra: readonly Write[] = [],
  ): Promise<void> {
    const event = alertEvent(alert, record.action, requestId, record.details);
    const moved = await journal.commit(event, [messages.moveAlert(alert, ["sending"], set), ...extra], head);
    if (moved.kind === "committed") return;
    const { status: _status, reason: _reason, ...known } = set;
    const added = await journal.commit(event, [
      messages.moveAlert(alert, ["unknown", "sent", "delivered"], known),
      ...extra,
    ]);
    if (added.kind === "committed") return;
    const recorded = await journal.commit(event, extra);
    if (recorded.kind === "conflict") throw new Error("the end of a send was refused");
  }

  /** The number asked for texts again a moment ago, and the carrier's list does not know it yet. */
  function liftIsUnderWay({ number }: Situation): boolean {
    const startedAt = number?.startedAt ?? null;
    return startedAt !== null && ports.now().getTime() - Date.parse(startedAt) < LIFT_SECONDS_MAX * 1000;
  }

  /** The carrier lets no text through because of a STOP that never came here: that is a revocation too. */
  async function heedCarrier({ alert, patient }: Situation, reason: string, requestId: string) {
    const index = alert.numberIndex ?? patient?.numberIndex;
    // A confirmation that is refused as opted out is as good as sent.
    if (reason !== OPTED_OUT || index == null || alert.optOutList === "list") return;
    await ports.recordCarrierStop(index, requestId);
  }

  async function finish(
    situation: Situation,
    result: SendResult,
    composed: ComposedText,
    head: ChainHead,
    requestId: string,
  ): Promise<AlertOutcome> {
    const { alert } = situation;
    const at = ports.now();
    const followUpAt = secondsAfter(at, FOLLOW_UP_SECONDS);
    switch (result.kind) {
      case "accepted": {
        const { providerMessageId } = result;
        const seconds = nextStepAfter(alert);
        const next = seconds === null ? null : secondsAfter(at, seconds);
        await conclude(
          situation,
          {
            status: "sent",
            reason: null,
            sentAt: at.toISOString(),
            providerMessageId,
            dueAt: alert.optOutList === "list" ? followUpAt : next,
          },
          { action: "alert.sent", details: { providerMessageId, text: composed.masked } },
          head,
          requestId,
          [messages.addProviderMessage(providerMessageId, alert)],
        );
        return { kind: "sent" };
      }
      case "refused": {
        const { reason } = result;
        if (reason === OPTED_OUT && liftIsUnderWay(situation)) {
          return finish(situation, LIFT_UNDER_WAY, composed, head, requestId);
        }
        // First, so that a run that dies here loses no revocation.
        await heedCarrier(situation, reason, requestId);
        const failed = await release(
          situation,
          { status: "failed", reason, dueAt: followUpAt },
          { action: "alert.failed", details: { reason } },
          requestId,
        );
        return failed ? { kind: "failed", reason } : { kind: "nothing" };
      }
      case "busy": {
        const { reason } = result;
        const until = secondsAfter(at, result.retryAfterSeconds);
        const deferred = await release(
          situation,
          { status: "deferred", reason, dueAt: until, heldUntil: until, claimedAt: null },
          { action: "alert.deferred", details: { reason, until } },
          requestId,
        );
        return deferred ? { kind: "deferred", reason } : { kind: "nothing" };
      }
      case "unknown":
        await conclude(
          situation,
          { status: "unknown", reason: "no_answer", dueAt: secondsAfter(at, UNKNOWN_TASK_SECONDS) },
          { action: "alert.unknown", details: { reason: "no_answer" } },
          head,
          requestId,
        );
        return { kind: "unknown" };
      default:
        return result satisfies never;
    }
  }

  return finish;
}
