import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { CfnTrail } from "aws-cdk-lib/aws-cloudtrail";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectLockRetention,
} from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { ObjectLockSettings } from "../stages.ts";
import { allow } from "./allow.ts";
import { EncryptedLogGroup } from "./encrypted-log-group.ts";
import type { StorageKey } from "./storage-key.ts";

/** What the trail records and how long nobody can delete it. */
export interface AuditTrailProps {
  readonly key: StorageKey;
  readonly trailName: string;
  readonly tableArns: readonly string[];
  /** Buckets with what auditors get, and the one with attachments. */
  readonly bucketArns: readonly string[];
  readonly lock: ObjectLockSettings;
  readonly logRetentionDays: number;
}

/**
 * CloudTrail of the whole account, of every access to an item of our tables and of every access to an object of the
 * auditors' buckets and of the attachments; validated, encrypted, locked.
 * Accesses to items have a trail of their own, into the same bucket: they are many, no alarm looks at them, and their
 * copy in CloudWatch Logs would cost more than recording them does.
 * Data events of the SMS service stay off: they would hold patients' numbers.
 */
export class AuditTrail extends Construct {
  /** For metric filters. */
  readonly logs: EncryptedLogGroup;

  constructor(scope: Construct, id: string, props: AuditTrailProps) {
    super(scope, id);
    const { partition, region, account } = Stack.of(this);
    const { key, trailName } = props;
    const itemsTrailName = `${trailName}-items`;
    const cloudTrail = new ServicePrincipal("cloudtrail.amazonaws.com");
    const fromTrail = {
      "aws:SourceArn": [trailName, itemsTrailName].map(
        (name) => `arn:${partition}:cloudtrail:${region}:${account}:trail/${name}`,
      ),
    };

    key.allowService("cloudtrail.amazonaws.com", ["kms:DescribeKey"], { StringEquals: fromTrail });
    key.allowService("cloudtrail.amazonaws.com", ["kms:GenerateDataKey"], {
      StringEquals: fromTrail,
      StringLike: {
        "kms:EncryptionContext:aws:cloudtrail:arn": `arn:${partition}:cloudtrail:*:${account}:trail/*`,
      },
    });

    const bucket = this.#lockedBucket(props);
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: "TrailChecksBucket",
        principals: [cloudTrail],
        actions: ["s3:GetBucketAcl"],
        resources: [bucket.bucketArn],
        conditions: { StringEquals: fromTrail },
      }),
    );
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: "TrailWrites",
        principals: [cloudTrail],
        actions: ["s3:PutObject"],
        resources: [bucket.arnForObjects(`AWSLogs/${account}/*`)],
        conditions: { StringEquals: { ...fromTrail, "s3:x-amz-acl": "bucket-owner-full-control" } },
      }),
    );

    this.logs = new EncryptedLogGroup(this, "Logs", { key, retentionDays: props.logRetentionDays });
    const role = new Role(this, "LogsRole", {
      description: "Foundphone: CloudTrail writes to its log group",
      assumedBy: cloudTrail,
    });
    allow(role, {
      sid: "WriteTrailLogs",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [this.logs.logGroup.logGroupArn],
    });

    const kept = {
      isLogging: true,
      isMultiRegionTrail: true,
      enableLogFileValidation: true,
      kmsKeyId: key.key.keyArn,
      s3BucketName: bucket.bucketName,
    };
    const trail = new CfnTrail(this, "Resource", {
      ...kept,
      trailName,
      includeGlobalServiceEvents: true,
      cloudWatchLogsLogGroupArn: this.logs.logGroup.logGroupArn,
      cloudWatchLogsRoleArn: role.roleArn,
      advancedEventSelectors: [
        {
          name: "Management",
          fieldSelectors: [{ field: "eventCategory", equalTo: ["Management"] }],
        },
        {
          name: "Anchors, exports and attachments",
          fieldSelectors: [
            { field: "eventCategory", equalTo: ["Data"] },
            { field: "resources.type", equalTo: ["AWS::S3::Object"] },
            { field: "resources.ARN", startsWith: props.bucketArns.map((arn) => `${arn}/`) },
          ],
        },
      ],
    });
    trail.node.addDependency(bucket, role);
    const items = new CfnTrail(this, "Items", {
      ...kept,
      trailName: itemsTrailName,
      includeGlobalServiceEvents: false,
      advancedEventSelectors: [
        {
          name: "Items of our tables",
          fieldSelectors: [
            { field: "eventCategory", equalTo: ["Data"] },
            { field: "resources.type", equalTo: ["AWS::DynamoDB::Table"] },
            { field: "resources.ARN", equalTo: [...props.tableArns] },
          ],
        },
      ],
    });
    items.node.addDependency(bucket);
  }

  #lockedBucket({ key, lock }: AuditTrailProps): Bucket {
    const shared = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
    };
    // S3 delivers access logs only to a bucket with its own keys and without a lock.
    const accessLogs = new Bucket(this, "AccessLogs", { ...shared, encryption: BucketEncryption.S3_MANAGED });
    const duration = Duration.days(lock.days);
    return new Bucket(this, "Bucket", {
      ...shared,
      encryption: BucketEncryption.KMS,
      encryptionKey: key.key,
      // With a bucket key CloudTrail would also need kms:Decrypt, which its statement does not give.
      bucketKeyEnabled: false,
      objectLockEnabled: true,
      objectLockDefaultRetention:
        lock.mode === "compliance"
          ? ObjectLockRetention.compliance(duration)
          : ObjectLockRetention.governance(duration),
      serverAccessLogsBucket: accessLogs as IBucket,
      serverAccessLogsPrefix: "trail/",
    });
  }
}
