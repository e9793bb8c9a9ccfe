import { type App, type Stack, Validations } from "aws-cdk-lib";
import { HIPAASecurityChecks } from "cdk-nag";
import { createFoundphoneChecks } from "./checks/foundphone-checks.ts";

/** A finding of HIPAA.Security that we looked at and leave as it is. */
export interface Acknowledgement {
  /** Rule of the pack, without its prefix. */
  readonly rule: string;
  /** Paths of the constructs inside the stack. */
  readonly constructs: readonly string[];
  readonly reason: string;
  /** The control of 45 CFR 164 that the rule serves, and that is met as the reason says. */
  readonly control: string;
}

const TABLES = ["Patients", "Consents", "Messages", "ContentKeys", "Appointments", "Practice", "Audit"];

const FUNCTIONS = [
  "AnchorFunction",
  "AppointmentsFunction",
  "AttachmentsFunction",
  "AuditFunction",
  "AuthorizeFunction",
  "CheckAttachmentFunction",
  "ClassificationsFunction",
  "ConsentsFunction",
  "ExportAuditFunction",
  "ImportRecordsFunction",
  "MessagesFunction",
  "PatientsFunction",
  "PortalFunction",
  "PracticeFunction",
  "ReceiveTextFunction",
  "ReconcileOptOutsFunction",
  "RecordDeliveryFunction",
  "RemindFunction",
  "SendAlertFunction",
  "ServiceInfoFunction",
  "TasksFunction",
  "ThreadsFunction",
];

/** Every acknowledged finding. Nothing else in the project silences a check. */
export const ACKNOWLEDGEMENTS: readonly Acknowledgement[] = [
  {
    rule: "DynamoDBInBackupPlan",
    constructs: TABLES,
    reason:
      "Point-in-time recovery restores every table to any second of the last 35 days (ContentKeys: 7, so that an " +
      "erasure becomes final). A backup plan would keep copies of erased keys for longer.",
    control: "164.308(a)(7)(ii)(A)",
  },
  {
    rule: "IAMNoInlinePolicy",
    constructs: [...FUNCTIONS, "ApiGatewayLogging", "AuditTrail"],
    reason:
      "Each role is used by exactly one function or service and has exactly one policy, which nobody else can " +
      "attach; read together they are the whole of its rights. Our own checks read every one of them.",
    control: "164.312(a)(1)",
  },
  {
    rule: "CloudTrailCloudWatchLogsEnabled",
    constructs: ["AuditTrail/Items"],
    reason:
      "Accesses to items are recorded in the locked bucket with signed digests, where the auditors' queries read them. " +
      "No alarm looks at them; what alarms look at, every management event, is in CloudWatch Logs by the other trail.",
    control: "164.312(b)",
  },
  {
    rule: "LambdaInsideVPC",
    constructs: FUNCTIONS,
    reason:
      "The functions talk only to AWS services over TLS, and each call is bounded by the function's role. None " +
      "reaches or is reached by anything in a VPC.",
    control: "164.312(e)(1)",
  },
  {
    rule: "LambdaConcurrency",
    constructs: FUNCTIONS,
    reason:
      "Concurrency is bounded where work comes in: API throttling, firewall rates, two concurrent batches for bulk " +
      "alerts. A reserved share would take capacity from the others, and cannot be deployed to a new account. The " +
      "alarm FunctionThrottles tells when the account's limit is near.",
    control: "164.312(b)",
  },
  {
    rule: "LambdaDLQ",
    constructs: FUNCTIONS,
    reason:
      "A function's own dead-letter queue serves asynchronous invocation. API functions answer their callers, queue " +
      "functions have the queues' dead-letter queues, failed runs of remind go to a queue as their failure destination, and what " +
      "reconcile-opt-outs, anchor and export-audit miss with their next run.",
    control: "164.312(b)",
  },
  {
    rule: "APIGWCacheEnabledAndEncrypted",
    constructs: ["StaffApi", "PortalApi"],
    reason: "No answer is cached, so no health information is kept in a cache.",
    control: "164.312(a)(2)(iv)",
  },
  {
    rule: "APIGWSSLEnabled",
    constructs: ["StaffApi", "PortalApi"],
    reason:
      "A client certificate authenticates API Gateway to an HTTP backend. The only backends are Lambda functions, " +
      "invoked through the signed AWS API.",
    control: "164.312(e)(1)",
  },
  {
    rule: "APIGWExecutionLoggingEnabled",
    constructs: ["PortalApi"],
    reason:
      "An execution log would hold the link's token, which stands in the path. The access log keeps request id, " +
      "resource, method, status and latency; every opening is in the audit table.",
    control: "164.312(b)",
  },
  {
    rule: "APIGWXrayEnabled",
    constructs: ["PortalApi"],
    reason: "A trace would hold the link's token, which stands in the path.",
    control: "164.312(b)",
  },
  {
    rule: "S3BucketReplicationEnabled",
    constructs: [
      "AuditTrail/Bucket",
      "AuditTrail/AccessLogs",
      "Anchors",
      "Exports",
      "Attachments",
      "Imports",
      "BucketAccessLogs",
    ],
    reason:
      "The objects are versioned, those of trail and anchors locked against deletion, in a service that stores them in " +
      "several zones. " +
      "A copy in a second region would be a second store of the same records under other keys.",
    control: "164.308(a)(7)(ii)(A)",
  },
  {
    rule: "S3DefaultEncryptionKMS",
    constructs: ["AuditTrail/AccessLogs", "BucketAccessLogs"],
    reason: "S3 delivers server access logs only to buckets encrypted with its own keys (SSE-S3).",
    control: "164.312(a)(2)(iv)",
  },
];

/** Attaches HIPAA.Security and our own checks to `app`, and records what is acknowledged in `stack`. */
export function addChecks(app: App, stack: Stack): void {
  Validations.of(app).addPlugins(new HIPAASecurityChecks(app), createFoundphoneChecks());
  for (const { rule, constructs, reason, control } of ACKNOWLEDGEMENTS) {
    for (const path of constructs) {
      const construct = path
        .split("/")
        .reduce<ReturnType<typeof stack.node.findChild>>((parent, id) => parent.node.findChild(id), stack);
      // With the pack's name in front, the report lists the finding as acknowledged instead of leaving it out.
      Validations.of(construct).acknowledge({
        id: `HIPAA.Security::HIPAA.Security-${rule}`,
        reason: `${reason} Control: ${control}.`,
      });
    }
  }
}
