import type { AuditValue, ChainHead, Write } from "../audit/journal.ts";
import { isOptIn, rulesOf } from "../domain/alerts/kinds.ts";
import { type CapClass, capClassOf, withinCapSpan } from "../domain/sending/caps.ts";
import { secondsAfter } from "../messaging/new-alert.ts";
import type { AlertRecord } from "../messaging/records.ts";
import type { PatientRecord } from "../patients/records.ts";
import { newTask, type TaskRecord } from "../tasks/records.ts";
import { alertEvent, patientOf } from "./alert-event.ts";
import { type ComposedText, composeText } from "./compose.ts";
import { createFollowUp } from "./follow-up.ts";
import { type AlertVerdict, type BlockReason, type Grounds, judgeAlert } from "./judge-alert.ts";
import { nextStepAfter } from "./judge-sent.ts";
import { callPatient, otherWayOf } from "./other-way.ts";
import type { AlertingPorts, SendResult, Slot } from "./ports.ts";
import { type AlertRequest, readSituation, type Situation } from "./situation.ts";
import {
  CALL_SECONDS,
  CAP_HOLD_SECONDS_MAX,
  CLAIM_LOOK_SECONDS,
  FOLLOW_UP_SECONDS,
  UNKNOWN_TASK_SECONDS,
} from "./times.ts";

/** What became of a request. */
export type AlertOutcome =
  | { readonly kind: "sent" }
  | { readonly kind: "failed" | "blocked"; readonly reason: string }
  | { readonly kind: "deferred"; readonly reason: string }
  | { readonly kind: "unknown" }
  | { readonly kind: "nothing" };

/** How the provider refuses what its own list forbids. */
const OPTED_OUT = "destination_phone_number_opted_out";
/** So long after START the carrier's list may still refuse what it is about to allow. */
const LIFT_SECONDS_MAX = 30 * 60;
const LIFT_UNDER_WAY: SendResult = { kind: "busy", reason: "lift_under_way", retryAfterSeconds: 120 };
const SLOT_FULL_SECONDS = 5;
const NO_TURN: SendResult = { kind: "busy", reason: "pace", retryAfterSeconds: SLOT_FULL_SECONDS };
const RACES_MAX = 5;
const RACE_PAUSE_MS = 40;
const UNSENT: readonly AlertRecord["status"][] = ["queued", "deferred"];
/** Nobody is to be reached any more; what is past its end is judged by itself. */
const NEEDLESS: readonly string[] = ["erased", "revoked", "read", "superseded"] satisfies BlockReason[];

/** The class in which a text counts towards caps; null: in none. */
function countedIn({ queue, channel, purpose }: AlertRecord): CapClass | null {
  return queue === "bulk" && channel === "sms" && purpose !== null ? capClassOf(purpose) : null;
}

/**
 * Sends one alert, or does what must follow one that was tried: judges it again on what holds now,
 * takes a turn, mints, tests the rendered text, claims, sends once and writes down what came of it.
 * Consent is part of the claim's transaction, so that a revocation accepted before it stops the text.
 */
export function createSendAlert(ports: AlertingPorts) {
  const { journal, messages, consents, practice } = ports;
  const followUp = createFollowUp(ports);

  /** Ends an alert that has not left and must not; the patient may be reached in another way. */
  async function block(situation: Situation, reason: string, requestId: string): Promise<AlertOutcome> {
    const { alert, head } = situation;
    const way = waysOn(situation, reason);
    const listing = alert.optOutList === "list";
    // Nobody took the number off the carrier's list, which goes on refusing what is sent there.
    const isKept = alert.optOutList === "lift" && reason !== "consent_revoked" && reason !== "superseded";
    const kept = isKept ? keptOnList(alert, reason) : undefined;
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

  /** What takes the place of a text about a message that cannot leave; undefined where nothing should. */
  function waysOn(situation: Situation, reason: string) {
    const { alert } = situation;
    // A nudge repeats an alert that asks for a call by itself.
    if (alert.kind !== "message" || alert.taskId !== null) return undefined;
    if (reason === "undeliverable") return otherWayOf(ports, situation, reason);
    // The message still waits for the patient, unless it is past its own end.
    const over = alert.expiresAt !== null && Date.parse(alert.expiresAt) <= ports.now().getTime();
    return over || NEEDLESS.includes(reason) ? undefined : callPatient(ports, situation, reason);
  }

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

  /** The last check (DESIGN §3.2): the rendered text must tell nothing and fit its parts. */
  function objectionTo({ masked, parts, email }: ComposedText, partsMax: number): string | null {
    if (parts !== null && parts.encoding !== "GSM-7") return "text_not_gsm7";
    if (parts !== null && parts.segments > partsMax) return "text_too_long";
    // A mailbox shows the sender beside the subject.
    const shown = email === null ? masked : `${ports.practiceIdentity.emailFrom ?? ""}\n${masked}`;
    const { tier } = ports.classify(shown, { direction: "outbound" });
    return tier === 3 ? "found_phone_test" : null;
  }

  /** What the claim holds to: everything that was checked is still as it was. */
  function holdWrites(alert: AlertRecord, grounds: Grounds): Write[] {
    const common = [practice.vendorUnchanged(grounds.vendor), practice.stillSending()];
    if (grounds.to === "number") {
      const { index, stoppedAt } = grounds.number;
      return [
        ...common,
        stoppedAt === null ? ports.numbers.takesTexts(index) : ports.numbers.stillStopped(index, stoppedAt),
      ];
    }
    const { patient, consent } = grounds;
    return [
      ...common,
      ports.patients.unchanged(patient),
      ...(consent === null ? [] : [consents.stillGranted(patient.id, consent)]),
      ...numberWrites(alert, patient),
      ...(alert.messageId === null ? [] : [messages.notRevokedSince(alert, alert.messageId)]),
    ];
  }

  /** The number takes texts; where they ask a question, it is still the one that was asked. */
  function numberWrites(alert: AlertRecord, { numberIndex }: PatientRecord): Write[] {
    if (numberIndex === null || alert.channel === "email") return [];
    return isOptIn(alert.kind)
      ? [ports.numbers.stillAsked(numberIndex, alert.id)]
      : [ports.numbers.takesTexts(numberIndex)];
  }

  /** Texts of the bulk queue count towards the caps of their class, from the claim on. */
  function countWrites({ alert, sentTexts }: Situation): Write[] {
    const capClass = countedIn(alert);
    if (capClass === null) return [];
    const now = ports.now();
    const others = withinCapSpan(sentTexts?.texts ?? [], now).filter(({ alertId }) => alertId !== alert.id);
    const texts = [...others, { alertId: alert.id, at: now.toISOString() }];
    return [messages.setSentTexts(alert.patientId, capClass, texts, sentTexts?.version ?? 0)];
  }

  /** Takes a text that did not leave out of the count as it is by now. */
  async function uncountWrites(alert: AlertRecord): Promise<Write[]> {
    const capClass = countedIn(alert);
    if (capClass === null) return [];
    const [counted] = await ports.read(messages.sentTexts(alert.patientId, capClass));
    if (counted === undefined) return [];
    const others = counted.texts.filter(({ alertId }) => alertId !== alert.id);
    return [messages.setSentTexts(alert.patientId, capClass, others, counted.version)];
  }

  /**
   * Ends the claim of a text that certainly did not leave. Another text of the class may change the count
   * at the same time: then once more on what it is then.
   */
  async function release(
    { alert }: Situation,
    set: Partial<AlertRecord>,
    record: { readonly action: string; readonly details: Readonly<Record<string, AuditValue>> },
    requestId: string,
  ): Promise<boolean> {
    const event = alertEvent(alert, record.action, requestId, record.details);
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const outcome = await journal.commit(event, [
        messages.moveAlert(alert, ["sending", "unknown"], set),
        ...(await uncountWrites(alert)),
      ]);
      if (outcome.kind === "committed") return true;
      // The first write is the move: a report has moved the alert already.
      if (outcome.failed.includes(0)) return false;
    }
    throw new Error("the count of texts kept changing");
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
        await conclude(
          situation,
          {
            status: "sent",
            reason: null,
            sentAt: at.toISOString(),
            providerMessageId,
            dueAt: alert.optOutList === "list" ? followUpAt : secondsAfter(at, nextStepAfter(alert)),
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

  /** The task for a number that wants texts again and stays on the carrier's list. */
  function keptOnList(alert: AlertRecord, reason: string): TaskRecord {
    const at = ports.now();
    return newTask(
      {
        id: ports.newId("tsk", at),
        kind: "number-not-lifted",
        dueAt: secondsAfter(at, CALL_SECONDS),
        patientId: patientOf(alert) ?? null,
        alertId: alert.id,
        numberId: alert.patientId,
        reason,
      },
      at,
    );
  }

  /** Takes the number off the carrier's list; false where the list keeps it, which a person is told of. */
  async function lift(situation: Situation, phone: string, requestId: string): Promise<boolean> {
    const { alert, number, head } = situation;
    if (alert.optOutList !== "lift" || ports.optOutList === null || number === undefined) return true;
    if ((await ports.optOutList.lift(phone)) !== "refused") return true;
    // The carrier lets no text through, so none may be accepted either: as after a STOP.
    await ports.recordCarrierStop(number.index, requestId);
    const task = keptOnList(alert, "once_in_30_days");
    const taskId = task.id;
    await journal.commit(
      alertEvent(alert, "alert.blocked", requestId, { reason: "number_not_lifted", taskId }),
      [
        messages.moveAlert(alert, UNSENT, {
          status: "blocked",
          reason: "number_not_lifted",
          dueAt: null,
          taskId,
        }),
        ports.tasks.addTask(task),
      ],
      head,
    );
    return false;
  }

  /** Waits for the turn; takes another one where the claim took too long for it. False: there is none. */
  async function waitForTurn(slot: Slot, parts: number): Promise<boolean> {
    let { sendAtMs, graceMs } = slot;
    while (ports.now().getTime() > sendAtMs + graceMs) {
      // It is claimed, so it may not go back to the queue as it is: the next turn, whoever else waits.
      const next = await ports.takeSlot(undefined, "urgent", parts);
      if (next === undefined) return false;
      ({ sendAtMs, graceMs } = next);
      await ports.waitUntil(sendAtMs);
    }
    await ports.waitUntil(sendAtMs);
    return true;
  }

  async function deliver(alert: AlertRecord, composed: ComposedText, to: string): Promise<SendResult> {
    const { text, email, timeToLiveSeconds } = composed;
    if (email === null) return ports.sendText({ to, body: text, alertId: alert.id, timeToLiveSeconds });
    if (ports.sendEmail === null) return { kind: "refused", reason: "email_off" };
    return ports.sendEmail({ to, text, alertId: alert.id, ...email });
  }

  function addressOf(grounds: Grounds, isEmail: boolean): Promise<string | null> {
    if (grounds.to === "number") return ports.mobilePhoneOf(grounds.sealedPhone);
    return isEmail ? ports.emailOf(grounds.patient) : ports.mobilePhoneOf(grounds.patient);
  }

  /** One try; undefined when something changed between the look and the claim. */
  async function send(
    situation: Situation,
    grounds: Grounds,
    requestId: string,
  ): Promise<AlertOutcome | undefined> {
    const { alert, pace } = situation;
    const isEmail = alert.channel === "email";
    const partsMax = rulesOf(alert.kind).partsMax ?? ports.practiceIdentity.textPartsMax;
    const slot = isEmail ? null : await ports.takeSlot(pace, alert.queue, partsMax);
    if (slot === undefined) {
      // Waiting for a turn is no failure: a new request, so that it never counts towards the DLQ.
      await ports.requestLater(alert, SLOT_FULL_SECONDS);
      return { kind: "deferred", reason: "pace" };
    }
    const to = await addressOf(grounds, isEmail);
    if (to === null) return block(situation, "consent_required" satisfies BlockReason, requestId);
    if (!(await lift(situation, to, requestId))) return { kind: "blocked", reason: "number_not_lifted" };
    const composed = await composeText(ports, alert);
    const objection = objectionTo(composed, partsMax);
    if (objection !== null) return block(situation, objection, requestId);
    if (slot !== null) await ports.waitUntil(slot.claimAtMs);

    const at = ports.now();
    // The turn may have come after the end of the sending hours, or of the alert.
    if (judgeAlert({ ...situation, now: at }).kind !== "send") return undefined;
    const claim = await journal.commit(
      alertEvent(alert, "alert.claimed", requestId, {
        consentId: grounds.to === "patient" ? (grounds.consent?.consentId ?? null) : null,
        // Here already: if this run dies after the send, the record still tells what was sent.
        template: alert.template,
        text: composed.masked,
        ...(composed.parts === null ? {} : { segments: composed.parts.segments }),
      }),
      [
        messages.moveAlert(alert, UNSENT, {
          status: "sending",
          reason: null,
          claimedAt: at.toISOString(),
          ...(composed.lookup === null ? {} : { linkLookup: composed.lookup }),
          ...(alert.optOutList === "lift" ? { optOutList: null } : {}),
          // If this run dies, the due index brings the alert back, and it is settled as unknown.
          dueAt: secondsAfter(at, CLAIM_LOOK_SECONDS),
        }),
        ...holdWrites(alert, grounds),
        ...countWrites(situation),
        ...composed.writes,
      ],
      situation.head,
    );
    if (claim.kind === "conflict") return undefined;

    const claimed: Situation = {
      ...situation,
      alert: {
        ...alert,
        status: "sending",
        claimedAt: at.toISOString(),
        optOutList: alert.optOutList === "lift" ? null : alert.optOutList,
      },
    };
    const hasTurn = slot === null || (await waitForTurn(slot, partsMax));
    const result = hasTurn ? await deliver(alert, composed, to) : NO_TURN;
    const { sequence, hash } = claim.entry;
    const outcome = await finish(claimed, result, composed, { sequence, hash }, requestId);
    // What must follow at once has a request of its own, so that a failure there repeats no send.
    if (outcome.kind === "failed" || claimed.alert.optOutList === "list") {
      await ports.requestLater(alert, 0);
    }
    return outcome;
  }

  async function attempt(request: AlertRequest, requestId: string): Promise<AlertOutcome | undefined> {
    const situation = await readSituation(ports, request);
    if (situation === undefined) return { kind: "nothing" };
    const { alert } = situation;
    if (!UNSENT.includes(alert.status)) return followUp(situation, requestId);
    const now = ports.now();
    // A repeated request must not hurry what was put off.
    if (alert.heldUntil !== null && Date.parse(alert.heldUntil) > now.getTime()) return { kind: "nothing" };
    const verdict = judgeAlert({ ...situation, now });
    switch (verdict.kind) {
      case "block":
        return block(situation, verdict.reason, requestId);
      case "hold":
        return hold(situation, verdict, requestId);
      case "send":
        return send(situation, verdict.grounds, requestId);
      default:
        return verdict satisfies never;
    }
  }

  return async (request: AlertRequest, requestId: string): Promise<AlertOutcome> => {
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const outcome = await attempt(request, requestId);
      if (outcome !== undefined) return outcome;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * RACE_PAUSE_MS * count));
    }
    throw new Error("the alert kept changing while it was being claimed");
  };
}
