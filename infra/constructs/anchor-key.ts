import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { Key, KeySpec, KeyUsage } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { allow } from "./allow.ts";
import { keyPolicy } from "./key-policy.ts";

/** Signs the anchors of the audit chains. Its private half never leaves KMS; anyone may have the public one. */
export class AnchorKey extends Construct {
  readonly #key: Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.#key = new Key(this, "Resource", {
      description: "Foundphone: signs the anchors of the audit chains",
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      policy: keyPolicy(["kms:GetPublicKey", "kms:Sign", "kms:Verify"]),
    });
  }

  get environment() {
    return { ANCHOR_KEY_ARN: this.#key.keyArn };
  }

  /** Signs, and shows the public key that goes with the signatures. */
  grantSign(grantee: IGrantable): void {
    allow(grantee, {
      sid: `SignWith${this.node.id}`,
      actions: ["kms:GetPublicKey", "kms:Sign"],
      resources: [this.#key.keyArn],
    });
  }
}
