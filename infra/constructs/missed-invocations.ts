import { Duration } from "aws-cdk-lib";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { allow } from "./allow.ts";
import type { ServiceFunction } from "./service-function.ts";
import type { StorageKey } from "./storage-key.ts";

/** Older than this, an order to look at what is due says nothing that the next one does not. */
const ORDER_AGE_MAX = Duration.minutes(5);

/**
 * Where invocations of a scheduled function go that nobody waits for and that failed, or never reached it. They hold the
 * scheduler's event and the error. The next invocation does what they missed, so they are there to be read, not redriven.
 */
export class MissedInvocations extends Construct {
  readonly queue: IQueue;
  readonly #key: StorageKey;

  constructor(scope: Construct, id: string, { key }: { readonly key: StorageKey }) {
    super(scope, id);
    this.#key = key;
    this.queue = new Queue(this, "Resource", {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key.key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
  }

  /** Takes what Lambda could not do of its asynchronous invocations; it does not try them again. */
  collectFrom<Environment>(scheduled: ServiceFunction<Environment>): void {
    const { queueArn } = this.queue;
    allow(scheduled, { sid: "KeepMissed", actions: ["sqs:SendMessage"], resources: [queueArn] });
    this.#key.grantQueueSend(scheduled);
    scheduled.function.configureAsyncInvoke({
      retryAttempts: 0,
      maxEventAge: ORDER_AGE_MAX,
      onFailure: { bind: () => ({ destination: queueArn }) },
    });
  }
}
