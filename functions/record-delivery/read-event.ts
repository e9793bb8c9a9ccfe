import * as z from "zod";
import type { DeliveryEvent } from "#shared/delivery/record.ts";
import { idPattern } from "#shared/domain/ids.ts";

/** An SNS notification as SQS brings it. */
const Notification = z.object({ Type: z.literal("Notification"), Message: z.string() });

/** An event of EventBridge's default bus; its detail carries no number, and perhaps no context. */
const BusEvent = z.object({ source: z.literal("aws.sms-voice"), detail: z.unknown() });

const AlertId = z.string().regex(idPattern("alr"));

const TextEvent = z.object({
  eventType: z.string().regex(/^[A-Z_]{1,64}$/),
  messageId: z.string().min(1).max(64),
  isFinal: z.boolean().default(true),
  context: z.object({ alertId: AlertId.optional() }).nullish(),
});

const EmailEvent = z.object({
  eventType: z.string().regex(/^[A-Za-z ]{1,64}$/),
  mail: z.object({
    messageId: z.string().min(1).max(128),
    tags: z.object({ alertId: z.tuple([AlertId]).optional() }).nullish(),
  }),
  bounce: z.object({ bounceType: z.string().regex(/^[A-Za-z]{1,32}$/) }).nullish(),
});

/** What SES writes to a topic, in words, when a configuration set gets it. */
const SES_GREETING = /^Successfully validated SNS topic/;

function readReport(report: unknown): DeliveryEvent {
  const email = EmailEvent.safeParse(report);
  if (email.success) {
    const { eventType, mail, bounce } = email.data;
    return {
      channel: "email",
      eventType,
      isFinal: true,
      bounceType: bounce?.bounceType ?? null,
      providerMessageId: mail.messageId,
      alertId: mail.tags?.alertId?.[0] ?? null,
    };
  }
  const { eventType, messageId, isFinal, context } = TextEvent.parse(report);
  return {
    channel: "sms",
    eventType,
    isFinal,
    bounceType: null,
    providerMessageId: messageId,
    alertId: context?.alertId ?? null,
  };
}

/** The report in a queue record, whichever way it came; null for a notification that reports nothing. */
export function readEvent(body: string): DeliveryEvent | null {
  const outer: unknown = JSON.parse(body);
  const notification = Notification.safeParse(outer);
  if (!notification.success) return readReport(BusEvent.parse(outer).detail);
  const { Message: message } = notification.data;
  return SES_GREETING.test(message) ? null : readReport(JSON.parse(message));
}
