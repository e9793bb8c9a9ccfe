import type { ConsentState } from "../consent/records.ts";
import { templateFor, templateName } from "../domain/alerts/templates.ts";
import type { Language } from "../domain/words.ts";
import type { AlertRecord, MessageRecord } from "./records.ts";

/** After this, `remind` asks again for an alert whose request never reached the queue. */
const REQUEST_LOST_AFTER_SECONDS = 120;

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
    channel: "sms",
    status: "queued",
    reason: null,
    template: templateName(templateFor("message", language)),
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
  };
}
