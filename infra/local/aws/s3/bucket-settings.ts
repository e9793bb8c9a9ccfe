import { type JsonRecord, listOf, numberOf, recordOf, textOf } from "../../json-shape.ts";
import { keyArn } from "../dynamodb/tables.ts";
import type { Template } from "../template.ts";
import { type CorsRule, readCorsRules } from "./bucket-cors.ts";
import { type EventTarget, readEventTargets } from "./bucket-events.ts";

/** How long and how strictly Object Lock holds every new version of a bucket. */
export type LockRetention = { readonly mode: "GOVERNANCE" | "COMPLIANCE"; readonly days: number };

/** How an object is encrypted at rest. */
export type ObjectEncryption = {
  readonly algorithm: "AES256" | "aws:kms";
  /** The key of `aws:kms`. */
  readonly keyArn?: string;
};

/** One bucket of the template. */
export type BucketSettings = {
  readonly name: string;
  readonly logicalId: string;
  readonly arn: string;
  readonly isVersioned: boolean;
  readonly hasObjectLock: boolean;
  /** The retention of versions that name none; undefined where the bucket has no default. */
  readonly retention: LockRetention | undefined;
  /** What S3 does for objects that name no encryption. */
  readonly encryption: ObjectEncryption;
  /** With a bucket key, KMS is asked for the bucket and not for each object. */
  readonly hasBucketKey: boolean;
  /** The logical id of the bucket that gets this one's access logs. */
  readonly logBucket: string | undefined;
  /** Which pages of other origins may ask; its origins are those of this host. */
  readonly corsRules: readonly CorsRule[];
  readonly eventTargets: readonly EventTarget[];
};

/** What can stand in the template; lifecycle rules and access logs are kept by S3 alone and not imitated. */
const KNOWN_PROPERTIES: ReadonlySet<string> = new Set([
  "AccessControl",
  "BucketEncryption",
  "BucketName",
  "CorsConfiguration",
  "LifecycleConfiguration",
  "LoggingConfiguration",
  "NotificationConfiguration",
  "ObjectLockConfiguration",
  "ObjectLockEnabled",
  "OwnershipControls",
  "PublicAccessBlockConfiguration",
  "Tags",
  "VersioningConfiguration",
]);
const DAYS_OF_A_YEAR = 365;

/**
 * Reads every bucket of the template; throws for what this host could only guess about. `localised` turns an origin of the
 * template into one of this host.
 */
export function readBuckets(
  template: Template,
  localised: (origin: string) => string = (origin) => origin,
): readonly BucketSettings[] {
  const buckets = template.byType("AWS::S3::Bucket");
  const logicalIds = new Map(buckets.map(({ logicalId }) => [template.physicalId(logicalId), logicalId]));
  return buckets.map(({ logicalId, properties }): BucketSettings => {
    const unknown = Object.keys(properties).find((name) => !KNOWN_PROPERTIES.has(name));
    if (unknown !== undefined)
      throw new Error(`The local host does not know the property ${unknown} of a bucket (${logicalId}).`);
    const hasObjectLock = properties["ObjectLockEnabled"] === true;
    const logs = textOf(recordOf(properties["LoggingConfiguration"])["DestinationBucketName"]);
    return {
      name: template.physicalId(logicalId),
      logicalId,
      arn: template.attribute(logicalId, "Arn"),
      // Object Lock brings versioning along.
      isVersioned: hasObjectLock || recordOf(properties["VersioningConfiguration"])["Status"] === "Enabled",
      hasObjectLock,
      retention: hasObjectLock ? defaultRetention(properties, logicalId) : undefined,
      ...defaultEncryption(template, properties),
      logBucket: logs === undefined ? undefined : logicalIds.get(logs),
      corsRules: readCorsRules(properties, localised),
      eventTargets: readEventTargets(properties, logicalId),
    };
  });
}

function defaultRetention(properties: JsonRecord, logicalId: string): LockRetention | undefined {
  const rule = recordOf(recordOf(properties["ObjectLockConfiguration"])["Rule"]);
  const { Mode: mode, Days: days, Years: years } = recordOf(rule["DefaultRetention"]);
  if (mode === undefined) return undefined;
  const length = numberOf(days) ?? (numberOf(years) ?? 0) * DAYS_OF_A_YEAR;
  if ((mode !== "GOVERNANCE" && mode !== "COMPLIANCE") || length < 1)
    throw new Error(`The default retention of ${logicalId} is not one that S3 knows.`);
  return { mode, days: length };
}

function defaultEncryption(
  template: Template,
  properties: JsonRecord,
): Pick<BucketSettings, "encryption" | "hasBucketKey"> {
  const [rule] = listOf(recordOf(properties["BucketEncryption"])["ServerSideEncryptionConfiguration"]).map(
    recordOf,
  );
  const { SSEAlgorithm: algorithm = "AES256", KMSMasterKeyID: key } = recordOf(
    rule?.["ServerSideEncryptionByDefault"],
  );
  if (algorithm === "AES256") return { encryption: { algorithm }, hasBucketKey: false };
  const named = textOf(key);
  if (algorithm !== "aws:kms" || named === undefined)
    throw new Error("The local host knows buckets encrypted by S3 itself or with a key of the template.");
  return {
    encryption: { algorithm, keyArn: keyArn(template, named) },
    hasBucketKey: rule?.["BucketKeyEnabled"] === true,
  };
}
