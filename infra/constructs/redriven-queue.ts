import { Duration, Stack } from "aws-cdk-lib";
import { type IGrantable, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { type Allowance, allow } from "./allow.ts";
import type { ServiceFunction } from "./service-function.ts";
import type { StorageKey } from "./storage-key.ts";

const ATTEMPTS_MAX = 5;
/** Time-out of the functions that consume queues. */
export const CONSUMER_TIMEOUT = Duration.seconds(60);

/** How many messages its consumer gets at once, and after how long a message that was not done comes back. */
export interface Handover {
  readonly batchSize: number;
  readonly visibilityTimeout: Duration;
}

/**
 * For work that may wait. AWS recommends six times the consumer's time-out. Records are worked through one after the
 * other; a bulk alert may take 5 seconds for its slot and 13 for the provider, so three fit the time-out.
 */
const UNHURRIED: Handover = {
  batchSize: 3,
  visibilityTimeout: Duration.seconds(6 * CONSUMER_TIMEOUT.toSeconds()),
};

/**
 * For work that someone waits for. A code is good for 10 minutes; at six time-outs only one repetition would still be
 * in time, at one and a half all five attempts begin within 6 minutes. One message at a time, since an urgent alert may
 * take 30 seconds for its slot and 13 for the provider.
 */
export const URGENT: Handover = { batchSize: 1, visibilityTimeout: Duration.seconds(90) };

/**
 * For reports, each of which takes a second at most and most of which tell nothing new. Ten is what SQS hands over at once
 * without a batching window.
 */
export const REPORTS: Handover = { ...UNHURRIED, batchSize: 10 };

/** What a queue holds under, and for how long. */
export interface RedrivenQueueProps {
  readonly key: StorageKey;
  /** Unhurried unless told. */
  readonly handover?: Handover;
  readonly retention: Duration;
  readonly deadLetterRetention: Duration;
}

/** A queue whose messages move to a dead-letter queue of its own after five failed attempts. */
export class RedrivenQueue extends Construct {
  readonly deadLetters: IQueue;
  readonly #queue: Queue;
  readonly #key: StorageKey;
  readonly #batchSize: number;

  constructor(scope: Construct, id: string, props: RedrivenQueueProps) {
    super(scope, id);
    const { key, retention, deadLetterRetention, handover = UNHURRIED } = props;
    this.#key = key;
    this.#batchSize = handover.batchSize;
    const encrypted = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key.key,
      enforceSSL: true,
    } as const;
    const deadLetters = new Queue(this, "DeadLetters", {
      ...encrypted,
      retentionPeriod: deadLetterRetention,
    });
    this.deadLetters = deadLetters;
    this.#queue = new Queue(this, "Resource", {
      ...encrypted,
      retentionPeriod: retention,
      visibilityTimeout: handover.visibilityTimeout,
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: ATTEMPTS_MAX },
    });
  }

  get url(): string {
    return this.#queue.queueUrl;
  }

  get arn(): string {
    return this.#queue.queueArn;
  }

  /** For alarms. */
  get queue(): IQueue {
    return this.#queue;
  }

  /** Lets `grantee` put messages on the queue. */
  grantSend(grantee: IGrantable): void {
    allow(grantee, { sid: `SendTo${this.node.id}`, actions: ["sqs:SendMessage"], resources: [this.arn] });
    this.#key.grantQueueSend(grantee);
  }

  /** Lets an AWS service put messages on the queue for `sourceArn`, and for nothing else. */
  allowDelivery(service: string, sourceArn: string): void {
    this.#allowService(service, { ArnEquals: { "aws:SourceArn": sourceArn } });
  }

  /** Lets S3 put messages on the queue for buckets of this account whose names begin with `bucketPrefix`. */
  allowBucketEvents(bucketPrefix: string): void {
    const { account, partition } = Stack.of(this);
    this.#allowService("s3.amazonaws.com", {
      StringEquals: { "aws:SourceAccount": account },
      ArnLike: { "aws:SourceArn": `arn:${partition}:s3:::${bucketPrefix}*` },
    });
  }

  #allowService(service: string, conditions: NonNullable<Allowance["conditions"]>): void {
    this.#queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(service)],
        actions: ["sqs:SendMessage"],
        resources: [this.arn],
        conditions: { ...conditions },
      }),
    );
  }

  /** Hands messages to `consumer`, one or a few at a time; it reports the failed ones, and only those come back. */
  deliverTo<Environment>(
    consumer: ServiceFunction<Environment>,
    options: { readonly maxConcurrency?: number } = {},
  ): void {
    allow(consumer, {
      sid: `ConsumeFrom${this.node.id}`,
      actions: [
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
      ],
      resources: [this.arn],
    });
    this.#key.grantQueueReceive(consumer);
    const mapping = new EventSourceMapping(this, "Delivery", {
      target: consumer.function,
      eventSourceArn: this.arn,
      batchSize: this.#batchSize,
      reportBatchItemFailures: true,
      ...options,
    });
    mapping.node.addDependency(consumer);
  }
}
