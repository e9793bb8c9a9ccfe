import { Duration, Lazy, Stack } from "aws-cdk-lib";
import { type CfnBucket, HttpMethods } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { allow } from "./allow.ts";
import type { Keys } from "./keys.ts";
import { type AccessLogsBucket, KeyedBucket } from "./record-bucket.ts";
import { RedrivenQueue, URGENT } from "./redriven-queue.ts";
import type { ServiceFunction } from "./service-function.ts";

/** Where browsers put what nobody has looked at yet. */
const INCOMING = "incoming/";
/** Where the checking function puts what may be shown. */
const CHECKED = "checked/";
const READING = ["s3:GetObject", "s3:GetObjectVersion"];
/** S3 counts it from the upload, or from when a version was replaced, and rounds up to the next midnight UTC. */
const A_DAY = Duration.days(1);

/** What the bucket needs besides its place. */
export interface AttachmentsBucketProps {
  readonly keys: Keys;
  readonly accessLogs: AccessLogsBucket;
  /** The one origin whose pages may upload and read. */
  readonly portalOrigin: string;
}

/**
 * Photos and PDFs of patients and staff: the one store under the content key. A browser puts what it has to `incoming/`,
 * which the checking function alone can read; that puts what it let pass to `checked/`, and nobody else can.
 */
export class AttachmentsBucket extends KeyedBucket {
  /** Tells of every object in `incoming/`, by its key. */
  readonly arrivals: RedrivenQueue;
  readonly #content: Keys["content"];
  /** ARNs of the roles that each refusal of the bucket's policy leaves alone. */
  readonly #receivers = new Set<string>();
  readonly #checkers = new Set<string>();
  readonly #viewers = new Set<string>();

  constructor(scope: Construct, id: string, { keys, accessLogs, portalOrigin }: AttachmentsBucketProps) {
    super(scope, id, {
      key: keys.content.key,
      accessLogs,
      lifecycleRules: [
        { id: "UncheckedUploads", prefix: INCOMING, expiration: A_DAY },
        {
          id: "WhatWasReplaced",
          noncurrentVersionExpiration: A_DAY,
          expiredObjectDeleteMarker: true,
          abortIncompleteMultipartUploadAfter: A_DAY,
        },
      ],
      cors: [
        {
          allowedMethods: [HttpMethods.POST, HttpMethods.GET, HttpMethods.HEAD],
          allowedOrigins: [portalOrigin],
          maxAge: Duration.minutes(10).toSeconds(),
        },
      ],
    });
    this.#content = keys.content;
    this.arrivals = new RedrivenQueue(this, "Arrivals", {
      key: keys.events,
      // A patient waits for the picture to be ready before the message can be sent.
      handover: URGENT,
      retention: A_DAY,
      deadLetterRetention: Duration.days(4),
    });
    this.#tellArrivals();
    this.#refuseStrangers();
  }

  get environment() {
    return {
      ATTACHMENTS_BUCKET_NAME: this.bucket.bucketName,
      ATTACHMENTS_HOST: this.bucket.bucketRegionalDomainName,
    };
  }

  /** Signs uploads to `incoming/` for browsers, and can read none of them. */
  grantReceive(receiver: ServiceFunction<unknown>): void {
    this.#receivers.add(receiver.roleArn);
    this.allowObjects(receiver, "ReceiveIn", ["s3:PutObject"], [INCOMING]);
    this.#content.grantObjectSeal(receiver, this.arn);
  }

  /** Reads what came in, and keeps what may be shown. */
  grantCheck(checker: ServiceFunction<unknown>): void {
    this.#checkers.add(checker.roleArn);
    this.allowObjects(checker, "TakeFrom", ["s3:GetObject"], [INCOMING]);
    this.allowObjects(checker, "KeepIn", ["s3:PutObject"], [CHECKED]);
    this.#content.grantObjectOpen(checker, this.arn);
    this.#content.grantObjectSeal(checker, this.arn);
  }

  /** Signs downloads of what was checked. */
  grantShow(viewer: ServiceFunction<unknown>): void {
    this.#viewers.add(viewer.roleArn);
    this.allowObjects(viewer, "ShowFrom", ["s3:GetObject"], [CHECKED]);
    this.#content.grantObjectOpen(viewer, this.arn);
  }

  /** Finds every version of an object and deletes it, and reads none. */
  grantErase(eraser: ServiceFunction<unknown>): void {
    allow(eraser, {
      sid: `FindVersionsIn${this.node.id}`,
      actions: ["s3:ListBucketVersions"],
      resources: [this.arn],
      // A prefix with the id behind it: nobody lists all that is there.
      conditions: { StringLike: { "s3:prefix": [`${INCOMING}att_*`, `${CHECKED}att_*`] } },
    });
    this.allowObjects(eraser, "EraseFrom", ["s3:DeleteObjectVersion"], [INCOMING, CHECKED]);
  }

  /**
   * Without the CDK's own function, which would have rights on every bucket. S3 tries the queue when it gets the
   * notification, so the queue's policy comes first; it can name the bucket only by how CloudFormation's name for it begins.
   */
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

  /** Whatever a role allows: each part is read and written by those alone who were given it. */
  #refuseStrangers(): void {
    const writing = ["s3:PutObject"];
    this.refuse("RefuseOtherUploads", writing, INCOMING, allBut(this.#receivers));
    this.refuse("RefuseUncheckedAsChecked", writing, CHECKED, allBut(this.#checkers));
    this.refuse("RefuseReadingUnchecked", READING, INCOMING, allBut(this.#checkers));
    this.refuse("RefuseOtherReaders", READING, CHECKED, allBut(this.#viewers));
  }
}

/** Holds for every caller but these roles, which are known only when all functions are made; for all where there are none. */
function allBut(roles: ReadonlySet<string>): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const named = Lazy.any({
    produce: () => (roles.size === 0 ? undefined : { "aws:PrincipalArn": [...roles] }),
  });
  return { ArnNotEquals: named as unknown as Record<string, unknown> };
}
