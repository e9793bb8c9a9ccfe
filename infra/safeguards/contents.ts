/** What kind of data a resource holds or moves. */
export type Kind =
  /** Content of messages, or what tells that somebody is a patient. */
  | "ePHI"
  /** Secrets and keys that open ePHI, and no ePHI. */
  | "keys"
  /** Ids, codes, times; no name, number or content. */
  | "ids"
  /** Nothing of patients. */
  | "none";

/** What a resource holds, in words. A template cannot tell this; a person wrote it. */
export interface Contents {
  readonly kind: Kind;
  readonly holds: string;
}

/** Of a resource that nobody has described; the inventory says so, and its safeguard falls. */
export const NOT_DESCRIBED = "not described: say in infra/safeguards/contents.ts what it holds";

const DEAD_LETTERS = "what its queue could not deliver";

/** By the logical id without its hash; a name ending in `*` is a beginning. The first that fits counts. */
const CONTENTS: readonly (readonly [type: string, name: string, contents: Contents])[] = [
  [
    "AWS::DynamoDB::Table",
    "Patients",
    {
      kind: "ePHI",
      holds:
        "who is a patient; names, birth dates and contact details sealed under ContactKey; blind indexes",
    },
  ],
  [
    "AWS::DynamoDB::Table",
    "Consents",
    { kind: "ePHI", holds: "decisions about being written to, by opaque ids; sealed evidence" },
  ],
  [
    "AWS::DynamoDB::Table",
    "Messages",
    { kind: "ePHI", holds: "threads, alerts, links; words sealed under ContentKey" },
  ],
  [
    "AWS::DynamoDB::Table",
    "ContentKeys",
    { kind: "keys", holds: "wrapped data keys of content, salted verifiers of birth dates" },
  ],
  [
    "AWS::DynamoDB::Table",
    "Appointments",
    {
      kind: "ePHI",
      holds:
        "visits by patient and day, without what they are about; their external ids are sealed; what became of imported files, by line",
    },
  ],
  [
    "AWS::DynamoDB::Table",
    "Practice",
    {
      kind: "ids",
      holds:
        "settings, directory, templates, vocabulary, vendors, staff sessions; tasks that name patients by opaque id",
    },
  ],
  [
    "AWS::DynamoDB::Table",
    "Audit",
    {
      kind: "ePHI",
      holds: "who did what when, by opaque ids; texts as sent, of which some tell a visit's time and place",
    },
  ],
  ["AWS::SQS::Queue", "UrgentAlerts", { kind: "ids", holds: "ids of alerts" }],
  ["AWS::SQS::Queue", "BulkAlerts", { kind: "ids", holds: "ids of alerts" }],
  ["AWS::SQS::Queue", "UrgentAlertsDeadLetters", { kind: "ids", holds: DEAD_LETTERS }],
  ["AWS::SQS::Queue", "BulkAlertsDeadLetters", { kind: "ids", holds: DEAD_LETTERS }],
  ["AWS::SQS::Queue", "DeliveryEvents", { kind: "ePHI", holds: "delivery reports with patients' numbers" }],
  ["AWS::SQS::Queue", "DeliveryEventsDeadLetters", { kind: "ePHI", holds: DEAD_LETTERS }],
  ["AWS::SQS::Queue", "InboundTexts", { kind: "ePHI", holds: "patients' words and numbers" }],
  ["AWS::SQS::Queue", "InboundTextsDeadLetters", { kind: "ePHI", holds: DEAD_LETTERS }],
  [
    "AWS::SQS::Queue",
    "AttachmentsArrivals",
    { kind: "ids", holds: "ids of uploads, sizes, the browser's address" },
  ],
  ["AWS::SQS::Queue", "AttachmentsArrivalsDeadLetters", { kind: "ids", holds: DEAD_LETTERS }],
  [
    "AWS::SQS::Queue",
    "ImportsArrivals",
    { kind: "ids", holds: "ids of imports, sizes, the caller's address" },
  ],
  ["AWS::SQS::Queue", "ImportsArrivalsDeadLetters", { kind: "ids", holds: DEAD_LETTERS }],
  [
    "AWS::SQS::Queue",
    "MissedReminds",
    { kind: "none", holds: "the scheduler's event and the error of invocations that failed" },
  ],
  ["AWS::SNS::Topic", "DeliveryEventsTopic", { kind: "ePHI", holds: "delivery reports with numbers" }],
  ["AWS::SNS::Topic", "InboundTextsTopic", { kind: "ePHI", holds: "patients' words and numbers" }],
  ["AWS::SNS::Topic", "EmailSendingEventsTopic", { kind: "ePHI", holds: "delivery reports with addresses" }],
  ["AWS::SNS::Topic", "AlarmTopic", { kind: "none", holds: "names and states of alarms" }],
  [
    "AWS::S3::Bucket",
    "AuditTrailBucket",
    {
      kind: "ePHI",
      holds: "CloudTrail's record of the account and of every access to an item, keys in clear",
    },
  ],
  [
    "AWS::S3::Bucket",
    "*AccessLogs",
    { kind: "ids", holds: "who used the other buckets, from where; ids of files" },
  ],
  [
    "AWS::S3::Bucket",
    "Anchors*",
    { kind: "ids", holds: "signed anchors, heads of chains by opaque id, the public key" },
  ],
  [
    "AWS::S3::Bucket",
    "Exports*",
    { kind: "ePHI", holds: "exports of Audit, Consents and Practice for auditors; anchors; this report" },
  ],
  [
    "AWS::S3::Bucket",
    "Attachments",
    {
      kind: "ePHI",
      holds: "photos and PDFs by opaque ids, sealed by S3 under ContentKey; unchecked uploads for days",
    },
  ],
  [
    "AWS::S3::Bucket",
    "Imports",
    {
      kind: "ePHI",
      holds:
        "files with patients, consents and visits by opaque ids until they are worked through, sealed by S3 under ContactKey",
    },
  ],
  ["AWS::Logs::LogGroup", "AuditTrail*", { kind: "ePHI", holds: "what the trail's bucket holds" }],
  [
    "AWS::Logs::LogGroup",
    "*AccessLogs",
    { kind: "ids", holds: "request ids, routes, status; staff addresses; no token, no body" },
  ],
  ["AWS::Logs::LogGroup", "*ExecutionLogs", { kind: "ids", holds: "errors of API Gateway; no bodies" }],
  [
    "AWS::Logs::LogGroup",
    "*FirewallLogs*",
    { kind: "ids", holds: "requests with address; path, query and cookies redacted" },
  ],
  ["AWS::Logs::LogGroup", "*FunctionLogs", { kind: "ids", holds: "codes, opaque ids, faults; never input" }],
  ["AWS::KMS::Key", "*", { kind: "keys", holds: "" }],
  [
    "AWS::Lambda::Function",
    "ClassificationsFunction",
    { kind: "ePHI", holds: "words to classify, in passing; keeps and reaches nothing" },
  ],
  ["AWS::ApiGateway::RestApi", "PortalApi", { kind: "ePHI", holds: "what patients read, in passing" }],
  ["AWS::ApiGateway::RestApi", "StaffApi", { kind: "ePHI", holds: "what staff write and read, in passing" }],
  ["AWS::Cognito::UserPool", "StaffDirectory", { kind: "none", holds: "staff: addresses, passwords, TOTP" }],
  [
    "AWS::SMSVOICE::ConfigurationSet",
    "TextSendingConfigurationSet",
    { kind: "ePHI", holds: "numbers and alert-only texts, in passing" },
  ],
  [
    "AWS::SMSVOICE::OptOutList",
    "TextSendingOptOutList",
    { kind: "ePHI", holds: "numbers that want no texts" },
  ],
  [
    "AWS::SES::ConfigurationSet",
    "EmailSendingConfigurationSet",
    { kind: "ePHI", holds: "addresses and alert-only e-mails, in passing" },
  ],
  ["AWS::CloudTrail::Trail", "AuditTrail*", { kind: "ePHI", holds: "see its bucket and log group" }],
];

/** What a resource holds; undefined when nobody has described it. */
export function contentsOf(type: string, name: string): Contents | undefined {
  return CONTENTS.find(([ofType, pattern]) => ofType === type && fits(name, pattern))?.[2];
}

function fits(name: string, pattern: string): boolean {
  const inner = pattern.replace(/^\*|\*$/g, "");
  if (pattern.startsWith("*") && pattern.endsWith("*")) return name.includes(inner);
  if (pattern.startsWith("*")) return name.endsWith(inner);
  return pattern.endsWith("*") ? name.startsWith(inner) : name === inner;
}

/** Types of resources that say who may do what, how things are joined, or what is watched; they keep no data. */
const WITHOUT_DATA = new Set([
  "AWS::ApiGateway::Account",
  "AWS::ApiGateway::Authorizer",
  "AWS::ApiGateway::BasePathMapping",
  "AWS::ApiGateway::Deployment",
  "AWS::ApiGateway::DomainName",
  "AWS::ApiGateway::GatewayResponse",
  "AWS::ApiGateway::Method",
  "AWS::ApiGateway::Resource",
  "AWS::ApiGateway::Stage",
  "AWS::CloudWatch::Alarm",
  "AWS::Cognito::UserPoolClient",
  "AWS::Cognito::UserPoolDomain",
  "AWS::Cognito::UserPoolGroup",
  "AWS::Cognito::UserPoolResourceServer",
  "AWS::Events::Rule",
  "AWS::IAM::Policy",
  "AWS::IAM::Role",
  "AWS::Lambda::EventInvokeConfig",
  "AWS::Lambda::EventSourceMapping",
  "AWS::Lambda::Permission",
  "AWS::Logs::MetricFilter",
  "AWS::S3::BucketPolicy",
  "AWS::SES::ConfigurationSetEventDestination",
  "AWS::SMSVOICE::ProtectConfiguration",
  "AWS::SNS::Subscription",
  "AWS::SNS::TopicPolicy",
  "AWS::SQS::QueuePolicy",
  "AWS::WAFv2::LoggingConfiguration",
  "AWS::WAFv2::WebACL",
  "AWS::WAFv2::WebACLAssociation",
]);

/** Whether resources of a type are known to keep no data. What nobody has thought of may keep some. */
export function keepsNoData(type: string): boolean {
  return WITHOUT_DATA.has(type);
}
