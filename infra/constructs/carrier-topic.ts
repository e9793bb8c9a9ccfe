import { Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Subscription, SubscriptionProtocol, Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type { RedrivenQueue } from "./redriven-queue.ts";
import type { StorageKey } from "./storage-key.ts";

/** A topic that only one service publishes to, the SMS service unless told, and only one queue listens to. */
export class CarrierTopic extends Construct {
  readonly #topic: Topic;

  constructor(
    scope: Construct,
    id: string,
    {
      key,
      queue,
      service = "sms-voice.amazonaws.com",
    }: { readonly key: StorageKey; readonly queue: RedrivenQueue; readonly service?: string },
  ) {
    super(scope, id);
    this.#topic = new Topic(this, "Resource", { masterKey: key.key, enforceSSL: true });
    this.#topic.addToResourcePolicy(
      new PolicyStatement({
        sid: "CarrierPublishes",
        principals: [new ServicePrincipal(service)],
        actions: ["sns:Publish"],
        resources: [this.#topic.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    );
    queue.allowDelivery("sns.amazonaws.com", this.#topic.topicArn);
    new Subscription(this, "Subscription", {
      topic: this.#topic,
      protocol: SubscriptionProtocol.SQS,
      endpoint: queue.arn,
      deadLetterQueue: queue.deadLetters,
    });
  }

  get arn(): string {
    return this.#topic.topicArn;
  }
}
