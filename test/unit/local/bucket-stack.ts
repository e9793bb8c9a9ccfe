import { allow, arnOf, fn, key, smallTemplate, via } from "./small-stack.ts";

const below = (bucket: string, path: string) => ({ "Fn::Join": ["", [arnOf(bucket), `/${path}`]] });
const encrypted = {
  ServerSideEncryptionConfiguration: [
    {
      BucketKeyEnabled: true,
      ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: arnOf("AuditKey") },
    },
  ],
};
const lockedBucket = (Mode: string) => ({
  Type: "AWS::S3::Bucket",
  Properties: {
    BucketEncryption: encrypted,
    LoggingConfiguration: { DestinationBucketName: { Ref: "AccessLogs" }, LogFilePrefix: "anchors/" },
    ObjectLockEnabled: true,
    ObjectLockConfiguration: {
      ObjectLockEnabled: "Enabled",
      Rule: { DefaultRetention: { Mode, Days: 30 } },
    },
    VersioningConfiguration: { Status: "Enabled" },
  },
});
const useKey = allow(["kms:GenerateDataKey", "kms:Decrypt"], arnOf("AuditKey"), via("s3"));
const EXPORT = ["dynamodb:ExportTableToPointInTime", "dynamodb:DescribeExport"];

/** The small stack with buckets: anchors under a lock, exports, and some that functions may not use fully. */
export const bucketTemplate = {
  Resources: {
    ...smallTemplate.Resources,
    Items: {
      ...smallTemplate.Resources.Items,
      Properties: {
        ...smallTemplate.Resources.Items.Properties,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
      },
    },
    Lasting: {
      Type: "AWS::DynamoDB::Table",
      Properties: {
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      },
    },
    AuditKey: key(),
    AccessLogs: { Type: "AWS::S3::Bucket", Properties: {} },
    AnchorsBucket: lockedBucket("GOVERNANCE"),
    StrictBucket: lockedBucket("COMPLIANCE"),
    ExportsBucket: {
      Type: "AWS::S3::Bucket",
      Properties: { BucketEncryption: encrypted, VersioningConfiguration: { Status: "Enabled" } },
    },
    ExportsPolicy: {
      Type: "AWS::S3::BucketPolicy",
      Properties: {
        Bucket: { Ref: "ExportsBucket" },
        PolicyDocument: {
          Statement: [
            {
              Effect: "Deny",
              Principal: { AWS: "*" },
              Action: "s3:*",
              Resource: [arnOf("ExportsBucket"), below("ExportsBucket", "*")],
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
            {
              Effect: "Deny",
              Principal: "*",
              Action: "s3:PutObject",
              Resource: below("ExportsBucket", "sealed/*"),
            },
            {
              Effect: "Deny",
              Principal: "*",
              Action: "s3:PutObject",
              Resource: below("ExportsBucket", "once/*"),
              Condition: { Null: { "s3:if-none-match": "true" } },
            },
            {
              Effect: "Deny",
              Principal: "*",
              Action: "s3:PutObject",
              Resource: below("ExportsBucket", "*"),
              Condition: {
                StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
                Null: { "s3:x-amz-server-side-encryption": "false" },
              },
            },
          ],
        },
      },
    },
    ...fn("Archivist", [
      allow(
        ["s3:PutObject", "s3:GetObject", "s3:GetObjectRetention"],
        [
          below("AnchorsBucket", "*"),
          below("StrictBucket", "*"),
          below("ExportsBucket", "*"),
          below("AccessLogs", "*"),
        ],
      ),
      allow(["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:GetObjectVersion"], "arn:aws:s3:::*"),
      allow("s3:ListBucket", [arnOf("AnchorsBucket"), arnOf("AccessLogs")]),
      useKey,
    ]),
    ...fn("Keeper", [
      allow(["s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"], "arn:aws:s3:::*"),
      useKey,
    ]),
    ...fn("Unkeyed", [allow(["s3:PutObject", "s3:GetObject"], below("ExportsBucket", "*"))]),
    ...fn("Exporter", [
      allow(EXPORT, [arnOf("Items"), below("Items", "export/*"), arnOf("Lasting")]),
      allow(
        ["s3:PutObject", "s3:PutObjectAcl", "s3:AbortMultipartUpload"],
        below("ExportsBucket", "tables/*"),
      ),
      useKey,
    ]),
    ...fn("Halfway", [allow(EXPORT, "*"), allow("s3:PutObject", below("ExportsBucket", "*")), useKey]),
  },
};
