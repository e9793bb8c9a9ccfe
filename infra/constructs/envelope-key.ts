import { Stack } from "aws-cdk-lib";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { type IKey, Key } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { type Allowance, allow } from "./allow.ts";
import { keyPolicy } from "./key-policy.ts";

/**
 * A key that wraps the data keys of what we encrypt in the application.
 * Sealing and opening are two grants: a writer that may seal cannot read what it wrote.
 */
export class EnvelopeKey extends Construct {
  readonly #key: Key;

  constructor(scope: Construct, id: string, props: { readonly description: string }) {
    super(scope, id);
    this.#key = new Key(this, "Resource", {
      description: props.description,
      enableKeyRotation: true,
      policy: keyPolicy(["kms:Decrypt", "kms:GenerateDataKey"]),
    });
  }

  get arn(): string {
    return this.#key.keyArn;
  }

  /** For the one bucket that lies under this key; nobody else needs the key itself. */
  get key(): IKey {
    return this.#key;
  }

  /** Lets `grantee` encrypt under fresh data keys, and not decrypt. */
  grantSeal(grantee: IGrantable): void {
    allow(grantee, {
      sid: `SealUnder${this.node.id}`,
      actions: ["kms:GenerateDataKey"],
      resources: [this.arn],
    });
  }

  /** Lets `grantee` decrypt data keys that were made for one of `uses` (patterns), and no others. */
  grantOpen(grantee: IGrantable, uses: readonly string[]): void {
    allow(grantee, {
      sid: `OpenUnder${this.node.id}`,
      actions: ["kms:Decrypt"],
      resources: [this.arn],
      conditions: { StringLike: { "kms:EncryptionContext:use": [...uses] } },
    });
  }

  /** Lets S3 encrypt under fresh data keys what `grantee` puts into the bucket `bucketArn`, and not decrypt. */
  grantObjectSeal(grantee: IGrantable, bucketArn: string): void {
    allow(grantee, {
      sid: `SealObjectsUnder${this.node.id}`,
      actions: ["kms:GenerateDataKey"],
      resources: [this.arn],
      conditions: this.#throughBucket(bucketArn),
    });
  }

  /** Lets S3 decrypt what `grantee` gets from the bucket `bucketArn`, and nothing else that lies under this key. */
  grantObjectOpen(grantee: IGrantable, bucketArn: string): void {
    allow(grantee, {
      sid: `OpenObjectsUnder${this.node.id}`,
      actions: ["kms:Decrypt"],
      resources: [this.arn],
      conditions: this.#throughBucket(bucketArn),
    });
  }

  /** A bucket with a bucket key has its own ARN as the context of its keys; without one it would be the object's. */
  #throughBucket(bucketArn: string): NonNullable<Allowance["conditions"]> {
    return {
      StringEquals: {
        "kms:ViaService": `s3.${Stack.of(this).region}.amazonaws.com`,
        "kms:EncryptionContext:aws:s3:arn": bucketArn,
      },
    };
  }
}
