import { allowedBy, overlaps } from "./statements.ts";
import { at, type Check, type Finding, listOf, resourcesOf, type Template, type Value } from "./template.ts";

const DOCUMENT_PROPERTIES: Readonly<Record<string, string>> = {
  "AWS::IAM::Policy": "PolicyDocument",
  "AWS::IAM::ManagedPolicy": "PolicyDocument",
  "AWS::IAM::RolePolicy": "PolicyDocument",
  "AWS::KMS::Key": "KeyPolicy",
  "AWS::S3::BucketPolicy": "PolicyDocument",
  "AWS::SNS::TopicPolicy": "PolicyDocument",
  "AWS::SQS::QueuePolicy": "PolicyDocument",
  "AWS::ApiGateway::RestApi": "Policy",
};

function documentsOf(template: Template): readonly { readonly id: string; readonly document: Value }[] {
  const ofRoles = resourcesOf(template, "AWS::IAM::Role").flatMap(({ id, properties }) =>
    listOf(properties["Policies"]).map((policy) => ({ id, document: at(policy, "PolicyDocument") })),
  );
  const others = Object.entries(DOCUMENT_PROPERTIES).flatMap(([type, property]) =>
    resourcesOf(template, type).map(({ id, properties }) => ({ id, document: properties[property] })),
  );
  return [...ofRoles, ...others];
}

/** Every allowed action is named in full, in role policies and resource policies alike, and none is a scan. */
export const checkActions: Check = (template) =>
  documentsOf(template).flatMap(({ id, document }) =>
    allowedBy(document).flatMap(({ actions, open }): readonly Finding[] => [
      ...(open ? [{ rule: "NoWildcardAction", resource: id, message: "allows what it does not name" }] : []),
      ...actions
        .filter((action) => /[*?]/.test(action))
        .map((action) => ({ rule: "NoWildcardAction", resource: id, message: `allows ${action}` })),
      ...actions
        .filter((action) => overlaps(action, "dynamodb:Scan") || overlaps(action, "dynamodb:PartiQL*"))
        .map((action) => ({ rule: "NoScan", resource: id, message: `allows ${action}` })),
    ]),
  );
