import { directoryVersion } from "../audit/directory-version.ts";
import type { Write } from "../audit/journal.ts";
import { isOptIn, rulesOf } from "../domain/alerts/kinds.ts";
import { secondsAfter } from "../messaging/new-alert.ts";
import type { Classify } from "../messaging/ports.ts";
import type { AlertRecord } from "../messaging/records.ts";
import type { PatientRecord } from "../patients/records.ts";
import { alertEvent } from "./alert-event.ts";
import { chosenTemplate } from "./chosen.ts";
import { type ComposedText, canMintCode, composeText, partsOf } from "./compose.ts";
import { type BlockReason, type Grounds, judgeAlert } from "./judge-alert.ts";
import { liftNumber } from "./lift.ts";
import { type AlertOutcome, UNSENT } from "./outcome.ts";
import type { AlertingPorts, SendResult, Slot } from "./ports.ts";
import { createPutOff } from "./put-off.ts";
import { countWrites, createSettleSend } from "./settle-send.ts";
import { type AlertRequest, readSituation, type Situation } from "./situation.ts";
import { CLAIM_LOOK_SECONDS } from "./times.ts";
import { isReminder, tellsOfVisit } from "./visits.ts";
import type { Wording } from "./wording.ts";

const SLOT_FULL_SECONDS = 5;
const NO_TURN: SendResult = { kind: "busy", reason: "pace", retryAfterSeconds: SLOT_FULL_SECONDS };
const RACES_MAX = 5;
const RACE_PAUSE_MS = 40;

/**
 * If a run dies, the due index brings its alert back then, and it is settled as unknown. A reminder that the sweep has
 * asked for stands there a quarter of an hour ahead already, which saves two writes of the index for each.
 */
function lookAgainAt({ kind, dueAt }: AlertRecord, at: Date): string {
  const look = secondsAfter(at, CLAIM_LOOK_SECONDS);
  return tellsOfVisit(kind) && dueAt !== null && dueAt > look ? dueAt : look;
}

/** True where words of the practice's own, once approved, take the place of the shipped ones. */
function mayBeReplaced({ kind }: AlertRecord): boolean {
  return tellsOfVisit(kind) || kind === "opt-in-confirmed" || rulesOf(kind).to === "number";
}

/**
 * Sends one alert, or does what must follow one that was tried: judges it again on what holds now,
 * takes a turn, mints, tests the rendered text, claims, sends once and writes down what came of it.
 * Consent is part of the claim's transaction, so that a revocation accepted before it stops the text.
 */
export function createSendAlert(ports: AlertingPorts) {
  const { journal, messages, consents, practice } = ports;
  const { block, hold } = createPutOff(ports);
  const settleSend = createSettleSend(ports);

  /** The last check (DESIGN §3.2): the rendered text must tell nothing and fit its parts. */
  function objectionTo(
    classify: Classify,
    { masked, parts, email }: ComposedText,
    partsMax: number,
  ): string | null {
    if (parts !== null && parts.encoding !== "GSM-7") return "text_not_gsm7";
    if (parts !== null && parts.segments > partsMax) return "text_too_long";
    // A mailbox shows the sender beside the subject.
    const shown = email === null ? masked : `${ports.practiceIdentity.emailFrom ?? ""}\n${masked}`;
    const { tier } = classify(shown, { direction: "outbound" });
    return tier === 3 ? "found_phone_test" : null;
  }

  /** The day is still the one that the text tells of; a reminder is noted there as the question that C and 2 answer. */
  function visitWrites({ alert, visitDay }: Situation, at: Date): Write[] {
    if (visitDay === undefined) return [];
    if (!isReminder(alert.kind)) return [ports.appointments.visitDayUnchanged(visitDay)];
    const asked = { alertId: alert.id, at: at.toISOString() };
    return [ports.appointments.setVisitDay({ ...visitDay, asked })];
  }

  /** What the claim holds to: everything that was checked is still as it was. */
  function holdWrites({ alert, preferences, mark }: Situation, grounds: Grounds, wording: Wording): Write[] {
    // A shipped text that own words may take the place of leaves only while none are in force. Where nothing was ever
    // approved that is not held: two write units for every text, for the one moment of the first approval.
    const vocabulary = wording.vocabulary ?? (mayBeReplaced(alert) ? mark?.version : undefined);
    const common = [
      practice.vendorUnchanged(grounds.vendor),
      practice.stillSending(),
      ...(vocabulary === undefined ? [] : [ports.vocabulary.vocabularyUnchanged(vocabulary)]),
    ];
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
      consent === null
        ? consents.unchangedPreferences(patient.id, preferences)
        : consents.stillGranted(patient.id, consent),
      ...numberWrites(alert, patient),
      ...(alert.messageId === null
        ? []
        : [messages.notRevokedSince(alert, alert.messageId), ...messages.linksStandSince(alert)]),
    ];
  }

  /** The number takes texts; where they ask a question, it is still the one that was asked. */
  function numberWrites(alert: AlertRecord, { numberIndex }: PatientRecord): Write[] {
    if (numberIndex === null || alert.channel === "email") return [];
    return isOptIn(alert.kind)
      ? [ports.numbers.stillAsked(numberIndex, alert.id)]
      : [ports.numbers.takesTexts(numberIndex)];
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
    // Late: what is put off, and what was tried before, needs no words.
    const { wordingFor } = await import("./wording.ts");
    let wording = wordingFor(situation, ports.practiceIdentity);
    if (typeof wording === "string") return block(situation, wording, requestId);
    const parts = isEmail ? 0 : partsOf(ports, wording);
    // Before the turn is taken, which must not pass while something is loaded.
    const { classify } = await ports.classifier();
    const slot = isEmail ? null : await ports.takeSlot(pace, alert.queue, parts);
    if (slot === undefined) {
      // Waiting for a turn is no failure: a new request, so that it never counts towards the DLQ.
      await ports.requestLater(alert, SLOT_FULL_SECONDS);
      return { kind: "deferred", reason: "pace" };
    }
    const to = await addressOf(grounds, isEmail);
    if (to === null) return block(situation, "consent_required" satisfies BlockReason, requestId);
    if (!(await liftNumber(ports, situation, to, requestId)))
      return { kind: "blocked", reason: "number_not_lifted" };
    // The link's record is gone, or its key is in force no more.
    if (alert.kind === "code" && !canMintCode(ports, situation.link)) {
      return block(situation, "revoked" satisfies BlockReason, requestId);
    }
    let composed = await composeText(ports, alert, situation.link, wording);
    let objection = objectionTo(classify, composed, partsMax);
    if (objection !== null && wording.vocabulary !== null && chosenTemplate(alert) === null) {
      // With what was approved it may not leave: the shipped words tell as much as can be told.
      const shipped = wordingFor({ ...situation, vocabulary: undefined }, ports.practiceIdentity);
      if (typeof shipped !== "string") {
        wording = shipped;
        composed = await composeText(ports, alert, situation.link, shipped);
        objection = objectionTo(classify, composed, partsMax);
      }
    }
    if (objection !== null) return block(situation, objection, requestId);
    if (slot !== null) await ports.waitUntil(slot.claimAtMs);

    const at = ports.now();
    // The turn may have come after the end of the sending hours, or of the alert.
    if (judgeAlert({ ...situation, now: at }).kind !== "send") return undefined;
    const claim = await journal.commit(
      alertEvent(alert, "alert.claimed", requestId, {
        consentId: grounds.to === "patient" ? (grounds.consent?.consentId ?? null) : null,
        // Here already: if this run dies after the send, the record still tells what was sent.
        // By which the text can be made again, word for word (infra/audit/FORMAT.md).
        template: composed.template,
        language: alert.language,
        slots: { ...composed.slots },
        directory: directoryVersion(composed.slots),
        ...(wording.vocabulary === null ? {} : { vocabulary: wording.vocabulary }),
        text: composed.masked,
        ...(composed.parts === null ? {} : { segments: composed.parts.segments }),
      }),
      [
        messages.moveAlert(alert, UNSENT, {
          status: "sending",
          reason: null,
          claimedAt: at.toISOString(),
          template: composed.template,
          language: alert.language,
          ...(composed.lookup === null ? {} : { linkLookup: composed.lookup }),
          ...(alert.optOutList === "lift" ? { optOutList: null } : {}),
          dueAt: lookAgainAt(alert, at),
        }),
        ...holdWrites(situation, grounds, wording),
        ...visitWrites(situation, at),
        ...countWrites(ports, situation),
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
    const hasTurn = slot === null || (await waitForTurn(slot, parts));
    const result = hasTurn ? await deliver(alert, composed, to) : NO_TURN;
    const { sequence, hash } = claim.entry;
    const outcome = await settleSend(claimed, result, composed, { sequence, hash }, requestId);
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
    if (!UNSENT.includes(alert.status)) {
      // Nobody waits for what follows a text, so it is loaded with the first.
      const { createFollowUp } = await import("./follow-up.ts");
      return createFollowUp(ports)(situation, requestId);
    }
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
