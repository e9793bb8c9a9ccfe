import type { SQSRecord } from "aws-lambda";
import * as z from "zod";
import { createBatchHandler } from "#functions/queue/batch.ts";
import { createRecordDelivery, type DeliveryEvent, type DeliveryPorts } from "#shared/delivery/record.ts";
import { idPattern } from "#shared/domain/ids.ts";
import type { Log } from "#shared/runtime/log.ts";

/** An SNS notification as SQS brings it. */
const Notification = z.object({ Type: z.literal("Notification"), Message: z.string() });

/** An event of EventBridge's default bus; its detail carries no number, and perhaps no context. */
const BusEvent = z.object({ source: z.literal("aws.sms-voice"), detail: z.unknown() });

const TextEvent = z.object({
  eventType: z.string().regex(/^[A-Z_]{1,64}$/),
  messageId: z.string().min(1).max(64),
  isFinal: z.boolean().default(true),
  context: z.object({ alertId: z.string().regex(idPattern("alr")).optional() }).nullish(),
});

/** The event in a queue record, whichever way it came. */
function readEvent(body: string): DeliveryEvent {
  const outer: unknown = JSON.parse(body);
  const notification = Notification.safeParse(outer);
  const inner: unknown = notification.success
    ? JSON.parse(notification.data.Message)
    : BusEvent.parse(outer).detail;
  const { eventType, messageId, isFinal, context } = TextEvent.parse(inner);
  return { eventType, isFinal, providerMessageId: messageId, alertId: context?.alertId ?? null };
}

/** Records carrier events from the SNS destination and from the event bus. */
export function createHandler(ports: DeliveryPorts, log: Log) {
  const record = createRecordDelivery(ports);
  return createBatchHandler(async ({ body, messageId }: SQSRecord) => {
    const event = readEvent(body);
    const result = await record(event, messageId);
    if (result === "not-ours") log.warn("DELIVERY_IGNORED", { recordId: messageId });
    else log.info("DELIVERY_RECORDED", { recordId: messageId, result, eventType: event.eventType });
  }, log);
}
