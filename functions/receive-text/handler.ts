import type { SQSRecord } from "aws-lambda";
import * as z from "zod";
import { createBatchHandler } from "#functions/queue/batch.ts";
import { type Foreign, originOf } from "#shared/inbound/origin.ts";
import type { InboundPorts } from "#shared/inbound/ports.ts";
import { createReceiveText } from "#shared/inbound/receive.ts";
import type { InboundText } from "#shared/inbound/records.ts";
import type { Log } from "#shared/runtime/log.ts";

/** An SNS notification as SQS brings it. */
const Notification = z.object({
  Type: z.literal("Notification"),
  Message: z.string(),
  Timestamp: z.iso.datetime(),
});

const ProviderId = z.string().regex(/^[\w-]{1,64}$/);

/** A text as End User Messaging publishes it. */
const PatientText = z.object({
  originationNumber: z.string().max(64),
  destinationNumber: z.string().max(64),
  messageBody: z.string().max(16_000).nullish(),
  inboundMessageId: ProviderId,
  /** Optional, and of no use where it is not what it should be. */
  previousPublishedMessageId: ProviderId.nullish().catch(null),
});

/** The text in a queue record, or why it is left alone. */
function readText(
  body: string,
): { readonly id: string } & ({ readonly text: InboundText } | { readonly foreign: Foreign }) {
  const { Message, Timestamp } = Notification.parse(JSON.parse(body));
  const found = PatientText.parse(JSON.parse(Message));
  const id = found.inboundMessageId;
  const origin = originOf(found.originationNumber, found.destinationNumber);
  if ("foreign" in origin) return { id, ...origin };
  return {
    id,
    text: {
      id,
      from: origin.phone,
      body: found.messageBody ?? "",
      receivedAt: new Date(Timestamp),
      answers: found.previousPublishedMessageId ?? null,
    },
  };
}

/** Deals with texts to the practice's number. */
export function createHandler(ports: InboundPorts, log: Log) {
  const receive = createReceiveText(ports);
  return createBatchHandler(async ({ body, messageId }: SQSRecord) => {
    const { id: inboundId, ...read } = readText(body);
    if ("foreign" in read) {
      log.warn("TEXT_IGNORED", { inboundId, reason: read.foreign });
      return;
    }
    const outcome = await receive(read.text, messageId);
    if (outcome.kind === "received") log.info("TEXT_RECEIVED", { inboundId, readAs: outcome.readAs });
    else log.warn("TEXT_IGNORED", { inboundId, reason: outcome.reason });
  }, log);
}
