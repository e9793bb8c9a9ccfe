import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from "aws-cdk-lib/aws-iam";

const ADMINISTRATION = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];

/**
 * A key policy that lets the account's administrators care for the key and lets IAM policies hand out `uses`,
 * and nothing besides: an action that is not listed here cannot be granted by any role policy.
 */
export function keyPolicy(uses: readonly string[]): PolicyDocument {
  const account = new AccountRootPrincipal();
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: "Administration",
        principals: [account],
        actions: ADMINISTRATION,
        resources: ["*"],
      }),
      new PolicyStatement({
        sid: "UseGrantedByRolePolicies",
        principals: [account],
        actions: [...uses],
        resources: ["*"],
      }),
    ],
  });
}
