import {
  at,
  type Check,
  type Finding,
  isRecord,
  listOf,
  resourcesOf,
  type Template,
  type Value,
} from "./template.ts";

/** Policies that stand on a resource, by the property that holds them. */
const RESOURCE_POLICIES: Readonly<Record<string, string>> = {
  "AWS::KMS::Key": "KeyPolicy",
  "AWS::S3::BucketPolicy": "PolicyDocument",
  "AWS::SNS::TopicPolicy": "PolicyDocument",
  "AWS::SQS::QueuePolicy": "PolicyDocument",
};

function isAnybody(principal: Value): boolean {
  if (principal === "*") return true;
  return isRecord(principal) && Object.values(principal).some((one) => listOf(one).includes("*"));
}

function opened(template: Template): readonly Finding[] {
  const policies = Object.entries(RESOURCE_POLICIES).flatMap(([type, property]) =>
    resourcesOf(template, type).map(({ id, properties }) => ({ id, document: properties[property] })),
  );
  return policies.flatMap(({ id, document }) =>
    listOf(at(document, "Statement"))
      .filter((statement) => at(statement, "Effect") === "Allow" && isAnybody(at(statement, "Principal")))
      .map(() => ({ rule: "NoAnonymousPrincipal", resource: id, message: "allows anybody" })),
  );
}

/** No resource policy lets anybody in, no function may be invoked by anybody, and topics reach queues only. */
export const checkStrangers: Check = (template) => [
  ...opened(template),
  ...resourcesOf(template, "AWS::Lambda::Permission")
    .filter(({ properties }) => properties["Principal"] === "*")
    .map(({ id }) => ({ rule: "NoAnonymousPrincipal", resource: id, message: "lets anybody invoke" })),
  ...resourcesOf(template, "AWS::SNS::Subscription")
    .filter(({ properties }) => properties["Protocol"] !== "sqs")
    .map(({ id }) => ({
      rule: "TopicsReachQueuesOnly",
      resource: id,
      message: "subscribes something else than a queue, by which a topic could reach a person",
    })),
];
