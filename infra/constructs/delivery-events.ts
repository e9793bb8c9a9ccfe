import { Duration } from "aws-cdk-lib";
import { type IRule, Rule } from "aws-cdk-lib/aws-events";
import type { Construct } from "constructs";
import { CarrierTopic } from "./carrier-topic.ts";
import type { Keys } from "./keys.ts";
import { REPORTS, RedrivenQueue } from "./redriven-queue.ts";

/** Reports of the carrier on their way to the function that records them. */
export interface DeliveryEvents {
  readonly queue: RedrivenQueue;
  /** Where the configuration set publishes. */
  readonly topic: CarrierTopic;
  /** What brings the event bus's copies. */
  readonly rule: IRule;
}

/** Creates the queue of delivery events with its two sources: the configuration set's topic and the event bus. */
export function createDeliveryEvents(scope: Construct, keys: Keys): DeliveryEvents {
  const fourDays = Duration.days(4);
  const key = keys.events;
  const queue = new RedrivenQueue(scope, "DeliveryEvents", {
    key,
    handover: REPORTS,
    retention: fourDays,
    deadLetterRetention: fourDays,
  });
  const topic = new CarrierTopic(scope, "DeliveryEventsTopic", { key, queue });
  const rule = new Rule(scope, "DeliveryEventsRule", {
    description: "Second source of delivery events; best effort, joined on the provider's message id",
    eventPattern: { source: ["aws.sms-voice"], detailType: ["Text Message Delivery Status Updated"] },
    targets: [{ bind: () => ({ arn: queue.arn }) }],
  });
  queue.allowDelivery("events.amazonaws.com", rule.ruleArn);
  return { queue, topic, rule };
}
