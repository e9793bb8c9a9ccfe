import {
  at,
  type Check,
  type Finding,
  listOf,
  referenced,
  resourcesOf,
  type Template,
  type Value,
} from "./template.ts";

interface Store {
  readonly type: string;
  readonly key: readonly string[];
}

const STORES: readonly Store[] = [
  { type: "AWS::DynamoDB::Table", key: ["SSESpecification", "KMSMasterKeyId"] },
  { type: "AWS::Logs::LogGroup", key: ["KmsKeyId"] },
  { type: "AWS::SNS::Topic", key: ["KmsMasterKeyId"] },
  { type: "AWS::SQS::Queue", key: ["KmsMasterKeyId"] },
  { type: "AWS::CloudTrail::Trail", key: ["KMSKeyId"] },
];

/** Keys that encrypt in the application; what they wrap must not lie in a store under the same key. */
const ENVELOPE_KEYS = ["ContentKey", "ContactKey"];

/** The stores that lie under such a key: nothing in them was encrypted by the application before. */
const UNDER_ENVELOPE_KEYS = [
  { bucket: /^Attachments[0-9A-Z]*$/u, key: "ContentKey", rule: "AttachmentsUnderContentKey" },
  { bucket: /^Imports[0-9A-Z]*$/u, key: "ContactKey", rule: "ImportsUnderContactKey" },
];

/**
 * Every store lies under a key of this stack, and none but the buckets of attachments and of imports under a key that the application opens
 * itself. Buckets that S3 itself writes logs to can only lie under keys of its own.
 */
export const checkStorage: Check = (template) => [
  ...STORES.flatMap(({ type, key }) =>
    resourcesOf(template, type).flatMap(({ id, properties }) =>
      checkKey(template, id, at(properties, ...key)),
    ),
  ),
  ...resourcesOf(template, "AWS::S3::Bucket").flatMap(({ id, properties }) =>
    checkBucket(template, id, properties),
  ),
  // The newer table resource would escape this check and the HIPAA pack's.
  ...resourcesOf(template, "AWS::DynamoDB::GlobalTable").map(({ id }) => ({
    rule: "OwnKey",
    resource: id,
    message: "is a global table, which the checks do not read",
  })),
];

function checkBucket(
  template: Template,
  resource: string,
  properties: Readonly<Record<string, Value>>,
): readonly Finding[] {
  const rules = listOf(at(properties, "BucketEncryption", "ServerSideEncryptionConfiguration"));
  const defaults = rules.map((rule) => at(rule, "ServerSideEncryptionByDefault"));
  const own = UNDER_ENVELOPE_KEYS.find(({ bucket }) => bucket.test(resource));
  if (defaults.every((one) => at(one, "SSEAlgorithm") === "AES256") && own === undefined) return [];
  return defaults.flatMap((one) => {
    const key = at(one, "KMSMasterKeyID");
    if (own === undefined) return checkKey(template, resource, key);
    return referenced(key)?.startsWith(own.key) === true
      ? []
      : [{ rule: own.rule, resource, message: `does not lie under ${own.key}` }];
  });
}

function checkKey(template: Template, resource: string, key: Value): readonly Finding[] {
  const id = referenced(key);
  if (id === undefined || template.Resources[id]?.Type !== "AWS::KMS::Key") {
    return [{ rule: "OwnKey", resource, message: "is not encrypted under a key of this stack" }];
  }
  if (ENVELOPE_KEYS.some((name) => id.startsWith(name))) {
    return [{ rule: "StorageKeyIsNoEnvelopeKey", resource, message: `lies under ${id}` }];
  }
  return [];
}
