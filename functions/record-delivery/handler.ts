import type { SQSRecord } from "aws-lambda";
import { createBatchHandler } from "#functions/queue/batch.ts";
import { createRecordDelivery, type DeliveryPorts } from "#shared/delivery/record.ts";
import type { Log } from "#shared/runtime/log.ts";
import { readEvent } from "./read-event.ts";

/** Records what is reported of texts and e-mails, from the SNS destinations and from the event bus. */
export function createHandler(ports: DeliveryPorts, log: Log) {
  const record = createRecordDelivery(ports);
  return createBatchHandler(async ({ body, messageId }: SQSRecord) => {
    const event = readEvent(body);
    const result = event === null ? "not-ours" : await record(event, messageId);
    if (result === "not-ours") log.warn("DELIVERY_IGNORED", { recordId: messageId });
    else log.info("DELIVERY_RECORDED", { recordId: messageId, result, eventType: event?.eventType });
  }, log);
}
