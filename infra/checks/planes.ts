import { allowedBy, mayBe, overlaps, type RoleRights, rolesOf } from "./statements.ts";
import {
  at,
  type Check,
  type Finding,
  isRecord,
  listOf,
  referenced,
  resourcesOf,
  type Template,
  type Value,
} from "./template.ts";

const SENDERS = new Set(["send-alert"]);
/** What sends, and what reads the carrier's list of numbers that want no texts; it holds patients' numbers. */
const ALERT_PLANE = new Set([...SENDERS, "reconcile-opt-outs"]);
const CONTENT_PLANE = new Set(["portal", "threads", "check-attachment"]);

/** AWS actions that reach a person. */
const REACHING = [
  "chime:*",
  "cognito-idp:AdminCreateUser",
  "cognito-idp:SignUp",
  "connect-campaigns:*",
  "connect:*",
  "mobiletargeting:*",
  "ses:Send*",
  "sms-voice:Send*",
  "sns:Subscribe",
  "social-messaging:*",
];

/** AWS actions that show or change the carrier's list. */
const OPT_OUT_LIST = [
  "sms-voice:CreateOptOutList",
  "sms-voice:DeleteOptOutList",
  "sms-voice:DeleteOptedOutNumber",
  "sms-voice:DescribeOptedOutNumbers",
  "sms-voice:PutOptedOutNumber",
];

/** AWS actions by which a role could get what it was not given: by another identity, or by changing a policy. */
const ESCALATING = [
  "cloudformation:*",
  "dynamodb:PutResourcePolicy",
  "events:Put*",
  "iam:*",
  "kms:CreateGrant",
  "kms:PutKeyPolicy",
  "lambda:*",
  "s3:PutBucketPolicy",
  "scheduler:*",
  "sms-voice:PutResourcePolicy",
  "sns:AddPermission",
  "sns:SetTopicAttributes",
  "sqs:AddPermission",
  "sqs:SetQueueAttributes",
  "ssm:*",
  "states:*",
  "sts:*",
];

const SEAL = "kms:GenerateDataKey";

/** What can send cannot read, what can read cannot send, and no role can make itself more than it is. */
export const checkPlanes: Check = (template) => {
  const keys = resourcesOf(template, "AWS::KMS::Key").map(({ id }) => id);
  const contentKeys = keys.filter((id) => id.startsWith("ContentKey"));
  const contactKeys = keys.filter((id) => id.startsWith("ContactKey"));
  const roles = rolesOf(template);
  return [
    ...roles.flatMap((rights) => [
      ...checkReach(template, rights),
      ...checkOptOutList(rights),
      ...contentKeys.flatMap((key) => checkContentKeyUse(template, rights, key)),
      ...checkEscalation(rights),
    ]),
    ...[...contentKeys, ...contactKeys].flatMap((key) => checkEnvelopeKeyPolicy(template, key)),
  ];
};

function reachingActions(template: Template, { allowed }: RoleRights): readonly string[] {
  const topics = new Set(resourcesOf(template, "AWS::SNS::Topic").map(({ id }) => id));
  return allowed.flatMap(({ actions, resources, open }) => {
    if (open) return ["everything that a statement does not name"];
    const direct = actions.filter((action) => REACHING.some((pattern) => overlaps(action, pattern)));
    // Publishing reaches a phone unless it is to a topic of this stack.
    const toPhones = resources.some((resource) => !topics.has(referenced(resource) ?? ""));
    const publishing = toPhones ? actions.filter((action) => overlaps(action, "sns:Publish*")) : [];
    return [...direct, ...publishing];
  });
}

function contentKeyActions({ allowed }: RoleRights, contentKey: string): readonly string[] {
  return allowed
    .filter(({ resources, open }) => open || resources.some((resource) => mayBe(resource, contentKey)))
    .flatMap(({ actions }) => actions.filter((action) => overlaps(action, "kms:*")));
}

function belongsTo({ functions }: RoleRights, plane: ReadonlySet<string>): boolean {
  return functions.length > 0 && functions.every((name) => plane.has(name));
}

function checkOptOutList(rights: RoleRights): readonly Finding[] {
  if (belongsTo(rights, ALERT_PLANE)) return [];
  return rights.allowed
    .flatMap(({ actions }) => actions)
    .filter((action) => OPT_OUT_LIST.some((pattern) => overlaps(action, pattern)))
    .map((action) => ({
      rule: "OnlyAlertPlaneKnowsOptOutList",
      resource: rights.role,
      message: `may ${action} outside of the alert plane`,
    }));
}

function checkReach(template: Template, rights: RoleRights): readonly Finding[] {
  if (belongsTo(rights, SENDERS)) return [];
  return reachingActions(template, rights).map((action) => ({
    rule: "OnlyAlertPlaneSends",
    resource: rights.role,
    message: `may ${action} outside of the alert plane`,
  }));
}

function checkContentKeyUse(template: Template, rights: RoleRights, contentKey: string): readonly Finding[] {
  const uses = contentKeyActions(rights, contentKey);
  if (uses.length === 0) return [];
  const finding = (rule: string, message: string): Finding => ({ rule, resource: rights.role, message });
  const sends = reachingActions(template, rights).length > 0;
  const beyondSealing = uses.filter((action) => action !== SEAL);
  const inContentPlane = belongsTo(rights, CONTENT_PLANE);
  return [
    ...(sends ? [finding("SendersCannotRead", "may send and may use the content key")] : []),
    ...(sends && beyondSealing.length > 0
      ? [finding("ReadersCannotSend", "may open content and may send")]
      : []),
    ...beyondSealing
      .filter((action) => !inContentPlane || action !== "kms:Decrypt")
      .map((action) => finding("WritersOnlySeal", `may ${action} on the content key`)),
    ...(rights.functions.length === 0
      ? [finding("WritersOnlySeal", "is no function's role and uses the content key")]
      : []),
  ];
}

function checkEscalation({ role, allowed, unseen, functions }: RoleRights): readonly Finding[] {
  const actions = allowed.flatMap((statement) => statement.actions);
  const escalating = actions.filter((action) => ESCALATING.some((pattern) => overlaps(action, pattern)));
  const finding = (message: string): Finding => ({ rule: "NoEscalation", resource: role, message });
  return [
    ...escalating.map((action) => finding(`may ${action}`)),
    ...unseen.map(() => finding("has a managed policy that this template does not show")),
    ...(functions.length > 1 ? [finding("is shared by several functions")] : []),
  ];
}

/** The key policy may only delegate to the account: no service and no other account uses it. */
function checkEnvelopeKeyPolicy(template: Template, key: string): readonly Finding[] {
  const policy = at(template.Resources[key]?.Properties, "KeyPolicy");
  const principals = listOf(at(policy, "Statement")).flatMap(
    (statement): readonly (readonly [string, Value])[] => {
      const principal = at(statement, "Principal");
      return isRecord(principal) ? Object.entries(principal) : [["*", principal]];
    },
  );
  const strangers = principals.filter(([kind, principal]) => kind !== "AWS" || !isOwnAccount(principal));
  const delegated = allowedBy(policy).flatMap(({ actions }) => actions);
  const finding = (message: string): Finding => ({
    rule: "EnvelopeKeysOnlyByRoles",
    resource: key,
    message,
  });
  return [
    ...strangers.map(() => finding("is opened by its key policy to more than the account's own roles")),
    ...delegated
      .filter((action) => action === "kms:CreateGrant")
      .map(() => finding("can be handed on by grants")),
  ];
}

function isOwnAccount(principal: Value): boolean {
  return listOf(principal).every((one) => /^arn:[^:]*:iam::\d{12}:root$/.test(literal(one)));
}

/** The text of a literal, or of a Join of literals and the partition. */
function literal(value: Value): string {
  if (typeof value === "string") return value;
  if (referenced(value) === "AWS::Partition") return "aws";
  const parts = at(value, "Fn::Join");
  return Array.isArray(parts) ? listOf(parts[1]).map(literal).join("") : "?";
}
