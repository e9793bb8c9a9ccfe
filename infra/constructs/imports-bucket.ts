import { Duration, Lazy, Stack } from "aws-cdk-lib";
import type { CfnBucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { allow } from "./allow.ts";
import type { EnvelopeKey } from "./envelope-key.ts";
import type { Keys } from "./keys.ts";
import { type AccessLogsBucket, KeyedBucket } from "./record-bucket.ts";
import { RedrivenQueue } from "./redriven-queue.ts";
import type { ServiceFunction } from "./service-function.ts";

/** Where files to be imported are put. */
const INCOMING = "incoming/";
const READING = ["s3:GetObject", "s3:GetObjectVersion"];
/** S3 counts it from the upload, or from when a version was replaced, and rounds up to the next midnight UTC. */
const A_DAY = Duration.days(1);

/** What the bucket needs besides its place. */
export interface ImportsBucketProps {
  readonly keys: Keys;
  readonly accessLogs: AccessLogsBucket;
}

/**
 * Files with patients, consents and visits, for as long as it takes to work through them: the one store under the contact
 * key. Whoever may ask for an import posts one file; one function can read it, and deletes it.
 */
export class ImportsBucket extends KeyedBucket {
  /** Tells of every file that came in, by its key. */
  readonly arrivals: RedrivenQueue;
  readonly #contact: EnvelopeKey;
  /** ARNs of the roles that each refusal of the bucket's policy leaves alone. */
  readonly #receivers = new Set<string>();
  readonly #readers = new Set<string>();

  constructor(scope: Construct, id: string, { keys, accessLogs }: ImportsBucketProps) {
    super(scope, id, {
      key: keys.contact.key,
      accessLogs,
      lifecycleRules: [
        { id: "FilesLeftBehind", prefix: INCOMING, expiration: A_DAY },
        {
          id: "WhatWasReplaced",
          noncurrentVersionExpiration: A_DAY,
          expiredObjectDeleteMarker: true,
          abortIncompleteMultipartUploadAfter: A_DAY,
        },
      ],
    });
    this.#contact = keys.contact;
    this.arrivals = new RedrivenQueue(this, "Arrivals", {
      key: keys.events,
      // A run may take 15 minutes, and what it leaves is gone on with soon.
      handover: { batchSize: 1, visibilityTimeout: Duration.minutes(16) },
      retention: A_DAY,
      deadLetterRetention: Duration.days(4),
    });
    this.#tellArrivals();
    this.refuse("RefuseOtherUploads", ["s3:PutObject"], INCOMING, allBut(this.#receivers));
    this.refuse("RefuseOtherReaders", READING, INCOMING, allBut(this.#readers));
  }

  get environment() {
    return { IMPORTS_BUCKET_NAME: this.bucket.bucketName };
  }

  /** Signs uploads, and can read none of them. */
  grantReceive(receiver: ServiceFunction<unknown>): void {
    this.#receivers.add(receiver.roleArn);
    this.allowObjects(receiver, "ReceiveIn", ["s3:PutObject"], [INCOMING]);
    this.#contact.grantObjectSeal(receiver, this.arn);
  }

  /** Reads what came in, by version, and deletes it for good. */
  grantWorkThrough(worker: ServiceFunction<unknown>): void {
    this.#readers.add(worker.roleArn);
    this.allowObjects(worker, "TakeFrom", READING, [INCOMING]);
    this.#contact.grantObjectOpen(worker, this.arn);
    allow(worker, {
      sid: `FindVersionsIn${this.node.id}`,
      actions: ["s3:ListBucketVersions"],
      resources: [this.arn],
      // A prefix with the id behind it: nobody lists all that is there.
      conditions: { StringLike: { "s3:prefix": [`${INCOMING}imp_*`] } },
    });
    this.allowObjects(worker, "EraseFrom", ["s3:DeleteObjectVersion"], [INCOMING]);
  }

  /** As for attachments: the queue's policy can name the bucket only by how CloudFormation's name for it begins. */
  #tellArrivals(): void {
    const bucket = this.bucket.node.defaultChild as CfnBucket;
    const { stackName } = Stack.of(this);
    this.arrivals.allowBucketEvents(`${stackName}-${this.node.id}`.toLowerCase());
    bucket.notificationConfiguration = {
      queueConfigurations: [
        {
          event: "s3:ObjectCreated:*",
          queue: this.arrivals.arn,
          filter: { s3Key: { rules: [{ name: "prefix", value: INCOMING }] } },
        },
      ],
    };
    bucket.node.addDependency(this.arrivals.queue);
  }
}

/** Holds for every caller but these roles, which are known only when all functions are made. */
function allBut(roles: ReadonlySet<string>): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const named = Lazy.any({
    produce: () => (roles.size === 0 ? undefined : { "aws:PrincipalArn": [...roles] }),
  });
  return { ArnNotEquals: named as unknown as Record<string, unknown> };
}
