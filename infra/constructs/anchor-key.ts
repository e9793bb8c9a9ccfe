import { Key, KeySpec, KeyUsage } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { keyPolicy } from "./key-policy.ts";

/** Signs the digests of the audit chains' heads. Anyone may have its public key; so far nobody may sign. */
export class AnchorKey extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new Key(this, "Resource", {
      description: "Foundphone: signs the anchors of the audit chains",
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      policy: keyPolicy(["kms:GetPublicKey", "kms:Sign", "kms:Verify"]),
    });
  }
}
