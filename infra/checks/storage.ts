import {
  at,
  type Check,
  type Finding,
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

/** Every store lies under a key of this stack, and no table under a key that the application opens itself. */
export const checkStorage: Check = (template) => [
  ...STORES.flatMap(({ type, key }) =>
    resourcesOf(template, type).flatMap(({ id, properties }) =>
      checkKey(template, id, at(properties, ...key)),
    ),
  ),
  // The newer table resource would escape this check and the HIPAA pack's.
  ...resourcesOf(template, "AWS::DynamoDB::GlobalTable").map(({ id }) => ({
    rule: "OwnKey",
    resource: id,
    message: "is a global table, which the checks do not read",
  })),
];

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
