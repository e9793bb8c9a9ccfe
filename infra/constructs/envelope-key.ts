import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { allow } from "./allow.ts";
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
}
