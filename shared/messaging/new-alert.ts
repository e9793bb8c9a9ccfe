import type { ConsentState } from "../consent/records.ts";
import type { AlertKind } from "../domain/alerts/kinds.ts";
import { newestTemplateName } from "../domain/alerts/template-names.ts";
import type { Language, Purpose } from "../domain/words.ts";
import type { AlertRecord, MessageRecord } from "./records.ts";

/** After this, `remind` asks again for an alert whose request never reached the queue. */
export const REQUEST_LOST_AFTER_SECONDS = 120;

/** Later than `now` by so many seconds, ISO 8601. */
export function secondsAfter(now: Date, seconds: number): string {
  return new Date(now.getTime() + seconds * 1000).toISOString();
}

/** An alert that says that a message waits, queued at `at` on the grounds of `consent`. */
export function newMessageAlert(
  id: string,
  message: Omit<MessageRecord, "content" | "alertId">,
  grounds: { readonly consent: ConsentState; readonly language: Language; readonly at: Date },
): AlertRecord {
  const { consent, language, at } = grounds;
  return {
    id,
    patientId: message.patientId,
    kind: "message",
    messageId: message.id,
    threadId: message.threadId,
    purpose: message.purpose,
    sender: message.sender,
    channel: "sms",
    status: "queued",
    reason: null,
    template: newestTemplateName("message"),
    language,
    tier: message.tier,
    consentId: consent.consentId,
    queue: "bulk",
    createdAt: at.toISOString(),
    expiresAt: message.expiresAt,
    linkLookup: null,
    claimedAt: null,
    sentAt: null,
    providerMessageId: null,
    dueAt: secondsAfter(at, REQUEST_LOST_AFTER_SECONDS),
    ...NOT_AN_ANSWER,
  };
}

/** What holds for every alert that is no answer to a number. */
export const NOT_AN_ANSWER = {
  numberIndex: null,
  concerns: null,
  optOutList: null,
  nudges: 0,
  taskId: null,
  fallbackId: null,
  repliesToPatient: false,
  heldUntil: null,
  visitDay: null,
  offsetHours: null,
  slots: null,
} as const;

/** What every text says that tells of no message. */
interface NewText {
  readonly id: string;
  readonly kind: AlertKind;
  readonly language: Language;
  readonly at: Date;
  /** After this it is of no use. */
  readonly expiresAt: string;
}

/** A text that tells of no message, queued at `at` on the urgent queue. */
function urgentText({ id, kind, language, at, expiresAt }: NewText) {
  return {
    id,
    kind,
    messageId: null,
    threadId: null,
    sender: null,
    channel: "sms",
    status: "queued",
    reason: null,
    template: newestTemplateName(kind),
    language,
    tier: 1,
    queue: "urgent",
    createdAt: at.toISOString(),
    expiresAt,
    linkLookup: null,
    claimedAt: null,
    sentAt: null,
    providerMessageId: null,
    dueAt: secondsAfter(at, REQUEST_LOST_AFTER_SECONDS),
    ...NOT_AN_ANSWER,
  } as const satisfies Partial<AlertRecord>;
}

/** What a new text that answers a number is about. */
interface NewAnswer extends NewText {
  /** The number's `nbr_…` and its blind index. */
  readonly numberId: string;
  readonly numberIndex: string;
  /** The one patient who has the number; null: none, or several. */
  readonly concerns: string | null;
  readonly optOutList: AlertRecord["optOutList"];
}

/** A text that answers what came from a number. */
export function newAnswer(answer: NewAnswer): AlertRecord {
  const { numberId, numberIndex, concerns, optOutList } = answer;
  return {
    ...urgentText(answer),
    patientId: numberId,
    purpose: null,
    consentId: null,
    numberIndex,
    concerns,
    optOutList,
  };
}

/** What a new text to a patient that tells of no message is about. */
interface NewOptInText extends NewText {
  readonly patientId: string;
  readonly purpose: Purpose;
  /** Null for the question itself. */
  readonly consentId: string | null;
}

/** The opt-in question, or its confirmation. */
export function newOptInText(text: NewOptInText): AlertRecord {
  const { patientId, purpose, consentId } = text;
  return { ...urgentText(text), patientId, purpose, consentId };
}
