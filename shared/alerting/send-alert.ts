import type { ChainHead, Write } from "../audit/journal.ts";
import { ALERT_VENDOR } from "../domain/vendors.ts";
import { PURPOSES } from "../domain/words.ts";
import { secondsAfter } from "../messaging/new-alert.ts";
import type { AlertRecord } from "../messaging/records.ts";
import { type ComposedText, composeText } from "./compose.ts";
import { type AlertVerdict, judgeAlert } from "./judge-alert.ts";
import type { AlertingPorts, SendResult } from "./ports.ts";

/** What an alert request names. */
export interface AlertRequest {
  readonly patientId: string;
  readonly alertId: string;
}

/** What became of a request. */
export type AlertOutcome =
  | { readonly kind: "sent" }
  | { readonly kind: "failed" | "blocked"; readonly reason: string }
  | { readonly kind: "deferred"; readonly reason: string }
  | { readonly kind: "unknown" }
  | { readonly kind: "nothing" };

const HOLD_SECONDS = 15 * 60;
const SLOT_FULL_SECONDS = 5;
const RACES_MAX = 3;

/**
 * Sends one alert: judges it again on what holds now, takes a slot, mints, tests the rendered text,
 * claims, sends once and writes down what came of it. Consent is part of the claim's transaction, so
 * that a revocation accepted before it stops the text.
 */
export function createSendAlert(ports: AlertingPorts) {
  const { read, journal, messages, consents, practice } = ports;

  async function situationOf({ patientId, alertId }: AlertRequest) {
    const [alert, patient, vendor, switches, marks, pace, head, ...states] = await read(
      messages.alert(patientId, alertId),
      ports.patients.patient(patientId),
      practice.vendor(ALERT_VENDOR),
      practice.switches(),
      messages.marks(patientId),
      practice.pace("sms"),
      journal.head({ patientId, actor: "function:send-alert" }),
      // The purpose stands in the alert, which this very read brings: six states cost no extra call.
      ...PURPOSES.map((purpose) => consents.state(patientId, purpose, "sms")),
    );
    const consent = states.find((state) => state?.purpose === alert?.purpose);
    return { alert, patient, vendor, switches, marks, pace, head: head ?? null, consent };
  }

  function event(alert: AlertRecord, action: string, requestId: string, details = {}) {
    return {
      action,
      actor: "function:send-alert",
      role: "function",
      patientId: alert.patientId,
      purpose: alert.purpose,
      requestId,
      details: { alertId: alert.id, messageId: alert.messageId, kind: alert.kind, ...details },
    };
  }

  /** Moves the alert on with its audit entry; nothing is done when somebody else moved it first. */
  async function move(
    alert: AlertRecord,
    from: readonly AlertRecord["status"][],
    set: Partial<AlertRecord>,
    record: ReturnType<typeof event>,
    head?: ChainHead | null,
  ): Promise<void> {
    await journal.commit(record, [messages.moveAlert(alert, from, set)], head);
  }

  /** Ends an alert that has not left and must not. */
  async function block(
    alert: AlertRecord,
    reason: string,
    head: ChainHead | null,
    requestId: string,
  ): Promise<AlertOutcome> {
    await move(
      alert,
      ["queued", "deferred"],
      { status: "blocked", reason, dueAt: null },
      event(alert, "alert.blocked", requestId, { reason }),
      head,
    );
    return { kind: "blocked", reason };
  }

  async function settle(
    alert: AlertRecord,
    verdict: Exclude<AlertVerdict, { kind: "send" }>,
    head: ChainHead | null,
    requestId: string,
  ): Promise<AlertOutcome> {
    switch (verdict.kind) {
      case "done":
        return { kind: "nothing" };
      case "unknown":
        await move(
          alert,
          ["sending"],
          { status: "unknown", reason: "no_answer", dueAt: null },
          event(alert, "alert.unknown", requestId),
          head,
        );
        return { kind: "unknown" };
      case "block":
        return block(alert, verdict.reason, head, requestId);
      case "hold":
        return defer(
          alert,
          // Never from "sending": another run may have claimed it since, and deferring it would send it twice.
          ["queued", "deferred"],
          { reason: verdict.reason, seconds: HOLD_SECONDS },
          head,
          requestId,
        );
      default:
        return verdict satisfies never;
    }
  }

  async function defer(
    alert: AlertRecord,
    from: readonly AlertRecord["status"][],
    { reason, seconds }: { readonly reason: string; readonly seconds: number },
    head: ChainHead | null,
    requestId: string,
  ): Promise<AlertOutcome> {
    const dueAt = secondsAfter(ports.now(), seconds);
    await move(
      alert,
      from,
      { status: "deferred", reason, dueAt, claimedAt: null },
      event(alert, "alert.deferred", requestId, { reason, until: dueAt }),
      head,
    );
    return { kind: "deferred", reason };
  }

  /** The last check (DESIGN §3.2): the rendered text must tell nothing and fit its parts. */
  function objectionTo({ rendered }: ComposedText): string | null {
    if (rendered.parts.encoding !== "GSM-7") return "text_not_gsm7";
    if (rendered.parts.segments > ports.practiceIdentity.textPartsMax) return "text_too_long";
    const { tier } = ports.classify(rendered.masked, { direction: "outbound" });
    return tier === 3 ? "found_phone_test" : null;
  }

  /**
   * Writes down how a send ended. A delivery report may have moved the alert already: then the entry
   * is written without the move, for what was sent must stand in the record.
   */
  async function conclude(
    alert: AlertRecord,
    set: Partial<AlertRecord>,
    record: ReturnType<typeof event>,
    head: ChainHead,
    extra: readonly Write[] = [],
  ): Promise<void> {
    const moved = await journal.commit(record, [messages.moveAlert(alert, ["sending"], set), ...extra], head);
    if (moved.kind === "committed") return;
    const recorded = await journal.commit(record, extra);
    if (recorded.kind === "conflict") throw new Error("the end of a send was refused");
  }

  async function finish(
    alert: AlertRecord,
    result: SendResult,
    composed: ComposedText,
    head: ChainHead,
    requestId: string,
  ): Promise<AlertOutcome> {
    switch (result.kind) {
      case "accepted": {
        const { providerMessageId } = result;
        const sentAt = ports.now().toISOString();
        await conclude(
          alert,
          { status: "sent", reason: null, sentAt, providerMessageId, dueAt: null },
          event(alert, "alert.sent", requestId, {
            providerMessageId,
            text: composed.rendered.masked,
          }),
          head,
          [messages.addProviderMessage(providerMessageId, alert)],
        );
        return { kind: "sent" };
      }
      case "refused":
        await conclude(
          alert,
          { status: "failed", reason: result.reason, dueAt: null },
          event(alert, "alert.failed", requestId, { reason: result.reason }),
          head,
        );
        return { kind: "failed", reason: result.reason };
      case "busy":
        return defer(
          alert,
          ["sending"],
          { reason: result.reason, seconds: result.retryAfterSeconds },
          head,
          requestId,
        );
      case "unknown":
        await conclude(
          alert,
          { status: "unknown", reason: "no_answer", dueAt: null },
          event(alert, "alert.unknown", requestId),
          head,
        );
        return { kind: "unknown" };
      default:
        return result satisfies never;
    }
  }

  /** One look and one try; undefined when something changed between the look and the claim. */
  async function attempt(request: AlertRequest, requestId: string): Promise<AlertOutcome | undefined> {
    const { alert, head, pace, ...rest } = await situationOf(request);
    if (alert === undefined) return { kind: "nothing" };
    const [revocation, link] = await read(
      messages.revocation(alert.patientId, alert.messageId),
      messages.link(alert.linkLookup ?? "none"),
    );
    const verdict = judgeAlert({ alert, revocation, link, ...rest, now: ports.now() });
    if (verdict.kind !== "send") return settle(alert, verdict, head, requestId);

    const slot = await ports.takeSlot(pace, alert.queue);
    if (slot === undefined) {
      // Waiting for a slot is no failure: a new request, so that it never counts towards the DLQ.
      await ports.requestLater(alert, SLOT_FULL_SECONDS);
      return { kind: "deferred", reason: "pace" };
    }
    const to = await ports.mobilePhoneOf(verdict.patient);
    if (to === null) return block(alert, "consent_required", head, requestId);
    const composed = await composeText(ports, alert);
    const objection = objectionTo(composed);
    if (objection !== null) return block(alert, objection, head, requestId);
    await ports.waitUntil(slot.atMs);

    const claimedAt = ports.now().toISOString();
    const claim = await journal.commit(
      event(alert, "alert.claimed", requestId, {
        consentId: verdict.consent.consentId,
        // Here already: if this run dies after the send, the record still tells what was sent.
        template: alert.template,
        text: composed.rendered.masked,
        segments: composed.rendered.parts.segments,
      }),
      [
        messages.moveAlert(alert, ["queued", "deferred"], {
          status: "sending",
          reason: null,
          claimedAt,
          linkLookup: composed.lookup,
          // If this run dies, the due index brings the alert back, and it is settled as unknown.
          dueAt: secondsAfter(ports.now(), HOLD_SECONDS),
        }),
        consents.stillGranted(alert.patientId, verdict.consent),
        ports.patients.unchanged(verdict.patient),
        practice.vendorUnchanged(verdict.vendor),
        practice.stillSending(),
        messages.notRevokedSince(alert),
        composed.write,
      ],
      head,
    );
    if (claim.kind === "conflict") return undefined;

    const claimed: AlertRecord = { ...alert, status: "sending", claimedAt };
    const { text } = composed.rendered;
    const { timeToLiveSeconds } = composed;
    const result = await ports.sendText({ to, body: text, alertId: alert.id, timeToLiveSeconds });
    const { sequence, hash } = claim.entry;
    return finish(claimed, result, composed, { sequence, hash }, requestId);
  }

  return async (request: AlertRequest, requestId: string): Promise<AlertOutcome> => {
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const outcome = await attempt(request, requestId);
      if (outcome !== undefined) return outcome;
    }
    throw new Error("the alert kept changing while it was being claimed");
  };
}
