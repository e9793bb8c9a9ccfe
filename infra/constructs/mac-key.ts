import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { Key, KeySpec, KeyUsage } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { allow } from "./allow.ts";
import { keyPolicy } from "./key-policy.ts";

/** An HMAC key. A MAC is checked by computing it again, so computing is the only grant. */
export class MacKey extends Construct {
  readonly #key: Key;

  constructor(scope: Construct, id: string, props: { readonly description: string }) {
    super(scope, id);
    this.#key = new Key(this, "Resource", {
      description: props.description,
      keySpec: KeySpec.HMAC_256,
      keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
      policy: keyPolicy(["kms:GenerateMac"]),
    });
  }

  get arn(): string {
    return this.#key.keyArn;
  }

  /** Lets `grantee` compute MACs. */
  grantCompute(grantee: IGrantable): void {
    allow(grantee, {
      sid: `ComputeWith${this.node.id}`,
      actions: ["kms:GenerateMac"],
      resources: [this.arn],
    });
  }
}
