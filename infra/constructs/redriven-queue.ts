import { Duration } from "aws-cdk-lib";
import { type IGrantable, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { allow } from "./allow.ts";
import type { ServiceFunction } from "./service-function.ts";
import type { StorageKey } from "./storage-key.ts";

const ATTEMPTS_MAX = 5;
/** AWS asks for six times the time-out of the function that consumes the queue. */
export const CONSUMER_TIMEOUT = Duration.seconds(60);
const VISIBILITY_TIMEOUT = Duration.seconds(6 * CONSUMER_TIMEOUT.toSeconds());
/** A record may wait 5 seconds for its slot and 10 for the provider: three fit the function's time-out. */
const BATCH_SIZE = 3;

/** What a queue holds under, and for how long. */
export interface RedrivenQueueProps {
  readonly key: StorageKey;
  readonly retention: Duration;
  readonly deadLetterRetention: Duration;
}

/** A queue whose messages move to a dead-letter queue of its own after five failed attempts. */
export class RedrivenQueue extends Construct {
  readonly deadLetters: IQueue;
  readonly #queue: Queue;
  readonly #key: StorageKey;

  constructor(scope: Construct, id: string, { key, retention, deadLetterRetention }: RedrivenQueueProps) {
    super(scope, id);
    this.#key = key;
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
      visibilityTimeout: VISIBILITY_TIMEOUT,
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
    this.#queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(service)],
        actions: ["sqs:SendMessage"],
        resources: [this.arn],
        conditions: { ArnEquals: { "aws:SourceArn": sourceArn } },
      }),
    );
  }

  /** Hands messages to `consumer` in small batches; it reports the failed ones, and only those come back. */
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
      batchSize: BATCH_SIZE,
      reportBatchItemFailures: true,
      ...options,
    });
    mapping.node.addDependency(consumer);
  }
}
