import { type Duration, RemovalPolicy } from "aws-cdk-lib";
import { AnyPrincipal, Effect, type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CorsRule,
  type IBucket,
  type LifecycleRule,
  type ObjectLockRetention,
} from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { type Allowance, allow } from "./allow.ts";
import type { StorageKey } from "./storage-key.ts";

/** What a bucket needs besides its place. */
export interface RecordBucketProps {
  readonly key: StorageKey;
  readonly accessLogs: AccessLogsBucket;
  /** Nobody may delete a version before this is over; without it, versions can be deleted. */
  readonly retention?: ObjectLockRetention;
  /** How long parts of an upload that broke off are kept. */
  readonly brokenUploadsKept: Duration;
}

/** Object actions that a role may be given on records. Deleting and changing a retention are not among them. */
export type ObjectAction = "s3:AbortMultipartUpload" | "s3:GetObject" | "s3:PutObject" | "s3:PutObjectAcl";

/** What every bucket with contents of ours needs besides its place. */
export interface KeyedBucketProps {
  readonly key: IKey;
  readonly accessLogs: AccessLogsBucket;
  readonly lifecycleRules: readonly LifecycleRule[];
  /** Nobody may delete a version before this is over; without it, versions can be deleted. */
  readonly retention?: ObjectLockRetention | undefined;
  /** Which pages of other origins may send and read; none unless told. */
  readonly cors?: readonly CorsRule[];
}

/** Where S3 logs who read and wrote the objects of the other buckets. */
export class AccessLogsBucket extends Construct {
  readonly bucket: IBucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // S3 delivers access logs only to a bucket with its own keys and without a lock.
    this.bucket = new Bucket(this, "Resource", {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
    }) as IBucket;
  }
}

/** A versioned bucket under one key of the stack, which takes nothing under another one and is kept when the stack goes. */
export abstract class KeyedBucket extends Construct {
  protected readonly bucket: Bucket;
  readonly #key: IKey;

  constructor(
    scope: Construct,
    id: string,
    { key, accessLogs, lifecycleRules, retention, cors = [] }: KeyedBucketProps,
  ) {
    super(scope, id);
    this.#key = key;
    this.bucket = new Bucket(this, "Resource", {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [...lifecycleRules],
      ...(cors.length === 0 ? {} : { cors: [...cors] }),
      ...(retention === undefined ? {} : { objectLockEnabled: true, objectLockDefaultRetention: retention }),
      serverAccessLogsBucket: accessLogs.bucket,
      serverAccessLogsPrefix: `${id.toLowerCase()}/`,
    });
    this.#refuseOtherKeys();
  }

  /** For the trail, which records every access to an object. */
  get arn(): string {
    return this.bucket.bucketArn;
  }

  /** Allows `actions` on the objects whose keys begin with one of `prefixes`. */
  protected allowObjects(
    grantee: IGrantable,
    verb: string,
    actions: readonly string[],
    prefixes: readonly string[],
  ): void {
    allow(grantee, {
      sid: `${verb}${this.node.id}`,
      actions,
      resources: prefixes.map((prefix) => this.bucket.arnForObjects(`${prefix}*`)),
    });
  }

  /** Refuses `actions` on the objects below `prefix` to anybody under `conditions`, whatever a role allows. */
  protected refuse(
    sid: string,
    actions: readonly string[],
    prefix: string,
    conditions: Allowance["conditions"],
  ): void {
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: [...actions],
        resources: [this.bucket.arnForObjects(`${prefix}*`)],
        conditions: { ...conditions },
      }),
    );
  }

  #refuseOtherKeys(): void {
    // Without these headers the bucket's own key is taken.
    for (const [sid, header, value] of [
      ["RefuseOtherEncryption", "s3:x-amz-server-side-encryption", "aws:kms"],
      ["RefuseOtherKeys", "s3:x-amz-server-side-encryption-aws-kms-key-id", this.#key.keyArn],
    ] as const) {
      this.refuse(sid, ["s3:PutObject"], "", {
        StringNotEquals: { [header]: value },
        Null: { [header]: "false" },
      });
    }
  }
}

/** A keyed bucket for records that only services and auditors read, under a key that functions reach through S3. */
export abstract class RecordBucket extends KeyedBucket {
  readonly #storageKey: StorageKey;

  constructor(scope: Construct, id: string, props: RecordBucketProps) {
    super(scope, id, {
      key: props.key.key,
      accessLogs: props.accessLogs,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: props.brokenUploadsKept }],
      retention: props.retention,
    });
    this.#storageKey = props.key;
  }

  protected get bucketName(): string {
    return this.bucket.bucketName;
  }

  /** Allows `actions` on the objects whose keys begin with one of `prefixes`. */
  protected grant(
    grantee: IGrantable,
    verb: string,
    actions: readonly ObjectAction[],
    prefixes: readonly string[],
  ): void {
    this.allowObjects(grantee, verb, actions, prefixes);
    this.#storageKey.grantObjectUse(grantee);
  }

  /** Refuses puts to anybody under `conditions`, whatever a role allows. */
  protected refusePuts(sid: string, conditions: Allowance["conditions"]): void {
    this.refuse(sid, ["s3:PutObject"], "", conditions);
  }
}
