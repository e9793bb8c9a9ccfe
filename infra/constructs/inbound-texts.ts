import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { CarrierTopic } from "./carrier-topic.ts";
import type { Keys } from "./keys.ts";
import { RedrivenQueue, URGENT } from "./redriven-queue.ts";

/** Texts of patients, kept four days for the function that reads them. */
export interface InboundTexts {
  readonly queue: RedrivenQueue;
  /** Where the originator's two-way channel publishes. */
  readonly topic: CarrierTopic;
}

/** Creates the queue of inbound texts and its topic. */
export function createInboundTexts(scope: Construct, keys: Keys): InboundTexts {
  const fourDays = Duration.days(4);
  const key = keys.events;
  const queue = new RedrivenQueue(scope, "InboundTexts", {
    key,
    // A STOP is confirmed within five minutes or not at all, so a failed attempt may not wait six.
    handover: URGENT,
    retention: fourDays,
    deadLetterRetention: fourDays,
  });
  return { queue, topic: new CarrierTopic(scope, "InboundTextsTopic", { key, queue }) };
}
