import { describe, expect, test } from "vitest";
import { findBreaches } from "#infra/checks/foundphone-checks.ts";
import type { Resource, Template } from "#infra/checks/template.ts";
import { synthesized } from "./synthesized.ts";

type Resources = Readonly<Record<string, Resource>>;

/** The rules that a template of just these resources breaks. */
function broken(Resources: Resources): readonly string[] {
  return [...new Set(findBreaches({ Resources }).map(({ rule }) => rule))].sort();
}

const own = { "Fn::GetAtt": ["DataKey", "Arn"] };
const contentKey = { "Fn::GetAtt": ["ContentKey1", "Arn"] };
const root = { AWS: "arn:aws:iam::000000000000:root" };

const key = (...statements: readonly object[]): Resource => ({
  Type: "AWS::KMS::Key",
  Properties: { KeyPolicy: { Statement: statements } },
});
const delegated = {
  Effect: "Allow",
  Principal: root,
  Action: ["kms:Decrypt", "kms:GenerateDataKey"],
  Resource: "*",
};
const keys = { DataKey: key(delegated), ContentKey1: key(delegated) };

/** A function folder with a role and the statements of its policy. */
function functionWith(name: string, ...statements: readonly object[]): Resources {
  return {
    ...keys,
    Topic: { Type: "AWS::SNS::Topic", Properties: { KmsMasterKeyId: own } },
    Role: { Type: "AWS::IAM::Role", Properties: {} },
    Function: {
      Type: "AWS::Lambda::Function",
      Properties: { Description: `functions/${name}/index.ts`, Role: { "Fn::GetAtt": ["Role", "Arn"] } },
    },
    Policy: {
      Type: "AWS::IAM::Policy",
      Properties: { Roles: [{ Ref: "Role" }], PolicyDocument: { Statement: statements } },
    },
  };
}

const allow = (Action: string | readonly string[], Resource: unknown = "*") => ({
  Effect: "Allow",
  Action,
  Resource,
});

test("the stack itself breaks no rule", () => {
  expect(findBreaches(synthesized())).toEqual([]);
});

describe("the two planes", () => {
  test.each([
    ["sms-voice:SendTextMessage", "*"],
    ["sms-voice:SendMediaMessage", "*"],
    ["ses:SendEmail", "*"],
    ["ses:SendRawEmail", "*"],
    ["sns:Publish", "*"],
    ["mobiletargeting:SendMessages", "*"],
    ["social-messaging:SendWhatsAppMessage", "*"],
    ["connect:StartOutboundVoiceContact", "*"],
    ["sns:Subscribe", { Ref: "Topic" }],
    ["cognito-idp:AdminCreateUser", "*"],
  ])("%s outside of the alert plane is a breach", (action, resource) => {
    expect(broken(functionWith("messages", allow(action, resource)))).toContain("OnlyAlertPlaneSends");
  });

  test("sending is for the alert plane, and publishing to a topic of the stack for anyone", () => {
    expect(broken(functionWith("send-alert", allow("sms-voice:SendTextMessage", "arn:x")))).toEqual([]);
    expect(broken(functionWith("messages", allow("sns:Publish", { Ref: "Topic" })))).toEqual([]);
  });

  test.each([
    "sms-voice:PutOptedOutNumber",
    "sms-voice:DeleteOptedOutNumber",
    "sms-voice:DescribeOptedOutNumbers",
  ])("%s is for the alert plane", (action) => {
    expect(broken(functionWith("receive-text", allow(action, "arn:x")))).toEqual([
      "OnlyAlertPlaneKnowsOptOutList",
    ]);
    expect(broken(functionWith("send-alert", allow(action, "arn:x")))).toEqual([]);
    expect(broken(functionWith("reconcile-opt-outs", allow(action, "arn:x")))).toEqual([]);
  });

  test("what compares opt-out lists may not send", () => {
    expect(broken(functionWith("reconcile-opt-outs", allow("sms-voice:SendTextMessage", "arn:x")))).toEqual([
      "OnlyAlertPlaneSends",
    ]);
  });

  test("a role of no function may not send", () => {
    const { Function: _, ...orphan } = functionWith("send-alert", allow("ses:SendEmail"));
    expect(broken(orphan)).toContain("OnlyAlertPlaneSends");
  });

  test.each([
    contentKey,
    "*",
    "arn:aws:kms:us-east-1:000000000000:key/*",
    { "Fn::Join": ["", [contentKey]] },
  ])("a sender with any use of the content key is a breach: %j", (resource) => {
    const rights = [allow("sms-voice:SendTextMessage", "arn:x"), allow("kms:GenerateDataKey", resource)];
    expect(broken(functionWith("send-alert", ...rights))).toContain("SendersCannotRead");
  });

  test("a reader that may send is a breach", () => {
    const rights = [allow("kms:Decrypt", contentKey), allow("sms-voice:SendTextMessage")];
    expect(broken(functionWith("portal", ...rights))).toEqual(
      expect.arrayContaining(["OnlyAlertPlaneSends", "ReadersCannotSend", "SendersCannotRead"]),
    );
  });

  test("a writer may seal and not open", () => {
    expect(broken(functionWith("messages", allow("kms:GenerateDataKey", contentKey)))).toEqual([]);
    expect(broken(functionWith("messages", allow("kms:Decrypt", contentKey)))).toContain("WritersOnlySeal");
    expect(broken(functionWith("messages", allow("kms:ReEncryptFrom", contentKey)))).toContain(
      "WritersOnlySeal",
    );
  });

  test("the content plane may open and not re-encrypt", () => {
    const ofMessages = { StringLike: { "kms:EncryptionContext:use": ["msg_*"] } };
    const opening = { ...allow("kms:Decrypt", contentKey), Condition: ofMessages };
    expect(broken(functionWith("portal", opening))).toEqual([]);
    expect(broken(functionWith("portal", allow("kms:ReEncryptTo", contentKey)))).toContain("WritersOnlySeal");
  });

  test.each([
    "iam:PassRole",
    "sts:AssumeRole",
    "lambda:InvokeFunction",
    "lambda:UpdateFunctionCode",
    "kms:CreateGrant",
    "kms:PutKeyPolicy",
    "scheduler:CreateSchedule",
    "dynamodb:PutResourcePolicy",
    "lambda:AddPermission",
    "s3:PutBucketPolicy",
    "sms-voice:PutResourcePolicy",
    "sns:AddPermission",
    "sns:SetTopicAttributes",
    "sqs:AddPermission",
    "sqs:SetQueueAttributes",
  ])("%s is a breach for any role", (action) => {
    expect(broken(functionWith("practice", allow(action, "arn:x")))).toContain("NoEscalation");
  });

  test("a managed policy and a shared role are breaches", () => {
    const managed = functionWith("practice");
    const Role = {
      Type: "AWS::IAM::Role",
      Properties: { ManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] },
    };
    expect(broken({ ...managed, Role })).toContain("NoEscalation");
    const twin = managed["Function"];
    expect(broken({ ...managed, ...(twin === undefined ? {} : { Twin: twin }) })).toContain("NoEscalation");
  });

  test("rights are found wherever they are written", () => {
    const document = { Statement: allow("ses:SendEmail") };
    const Role = { Type: "AWS::IAM::Role", Properties: { Policies: [{ PolicyDocument: document }] } };
    expect(broken({ Role })).toContain("OnlyAlertPlaneSends");
    const Managed = {
      Type: "AWS::IAM::ManagedPolicy",
      Properties: { Roles: [{ Ref: "Role" }], PolicyDocument: document },
    };
    expect(broken({ Role: { Type: "AWS::IAM::Role" }, Managed })).toContain("OnlyAlertPlaneSends");
  });

  test("a content key that its policy opens to a service or another account is a breach", () => {
    const service = { ...delegated, Principal: { Service: "s3.amazonaws.com" } };
    expect(broken({ ContentKey1: key(service) })).toContain("EnvelopeKeysOnlyByRoles");
    expect(broken({ ContentKey1: key({ ...delegated, Principal: "*" }) })).toContain(
      "EnvelopeKeysOnlyByRoles",
    );
    expect(broken({ ContentKey1: key({ ...delegated, Action: "kms:CreateGrant" }) })).toContain(
      "EnvelopeKeysOnlyByRoles",
    );
  });
});

describe("actions", () => {
  test.each(["dynamodb:*", "kms:Generate*", "*"])("%s is a breach", (action) => {
    expect(broken(functionWith("practice", allow(action, "arn:x")))).toContain("NoWildcardAction");
  });

  test("a statement that names what it does not allow is a breach", () => {
    const statement = { Effect: "Allow", NotAction: "iam:PassRole", Resource: "*" };
    expect(broken(functionWith("practice", statement))).toContain("NoWildcardAction");
  });

  test("scanning a table is a breach, also by PartiQL", () => {
    expect(broken(functionWith("practice", allow("dynamodb:Scan", "arn:x")))).toEqual(["NoScan"]);
    expect(broken(functionWith("practice", allow("dynamodb:PartiQLSelect", "arn:x")))).toEqual(["NoScan"]);
  });

  test("a wildcard in a key, queue, topic or bucket policy is a breach", () => {
    const Statement = [{ ...delegated, Action: "kms:*" }];
    expect(broken({ Some: { Type: "AWS::KMS::Key", Properties: { KeyPolicy: { Statement } } } })).toEqual([
      "NoWildcardAction",
    ]);
    for (const type of ["AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy", "AWS::S3::BucketPolicy"]) {
      const PolicyDocument = { Statement: allow("sqs:*") };
      expect(broken({ Some: { Type: type, Properties: { PolicyDocument } } })).toEqual(["NoWildcardAction"]);
    }
  });
});

describe("storage", () => {
  test.each([
    ["AWS::SQS::Queue", "KmsMasterKeyId", "alias/aws/sqs"],
    ["AWS::SNS::Topic", "KmsMasterKeyId", "alias/aws/sns"],
    ["AWS::Logs::LogGroup", "KmsKeyId", undefined],
    ["AWS::CloudTrail::Trail", "KMSKeyId", undefined],
  ])("%s without a key of the stack is a breach", (type, property, value) => {
    expect(broken({ Store: { Type: type, Properties: { [property]: value } } })).toEqual(["OwnKey"]);
    expect(broken({ ...keys, Store: { Type: type, Properties: { [property]: own } } })).toEqual([]);
  });

  test("a table without a key of the stack is a breach, and one under the content key another", () => {
    const table = (KMSMasterKeyId?: unknown) => ({
      Type: "AWS::DynamoDB::Table",
      Properties: { SSESpecification: { SSEEnabled: true, KMSMasterKeyId } },
    });
    expect(broken({ Table: table() })).toEqual(["OwnKey"]);
    expect(broken({ ...keys, Table: table(contentKey) })).toEqual(["StorageKeyIsNoEnvelopeKey"]);
    expect(broken({ Table: { Type: "AWS::DynamoDB::GlobalTable" } })).toEqual(["OwnKey"]);
  });
});

describe("sign-in", () => {
  const pool = (properties: object) => ({
    Pool: { Type: "AWS::Cognito::UserPool", Properties: { ...properties } },
  });
  const safe = { MfaConfiguration: "ON", EnabledMfas: ["SOFTWARE_TOKEN_MFA"] };

  test("a pool without required TOTP, or with texts, is a breach", () => {
    expect(broken(pool(safe))).toEqual([]);
    expect(broken(pool({ ...safe, MfaConfiguration: "OPTIONAL" }))).toEqual(["SecondFactor"]);
    expect(broken(pool({ ...safe, EnabledMfas: ["SOFTWARE_TOKEN_MFA", "SMS_MFA"] }))).toEqual([
      "SecondFactor",
    ]);
    expect(broken(pool({ ...safe, SmsConfiguration: {} }))).toEqual(["SecondFactor"]);
  });

  const client = (properties: object) => ({
    Client: { Type: "AWS::Cognito::UserPoolClient", Properties: { ...properties } },
  });
  const careful = {
    ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
    EnableTokenRevocation: true,
    PreventUserExistenceErrors: "ENABLED",
  };

  test("a client with unsafe or unset settings is a breach", () => {
    expect(broken(client(careful))).toEqual([]);
    expect(broken(client({ ...careful, AllowedOAuthFlows: ["implicit", "code"] }))).toEqual(["SafeClient"]);
    for (const name of Object.keys(careful)) {
      expect(broken(client({ ...careful, [name]: undefined }))).toEqual(["SafeClient"]);
    }
  });
});

describe("logs of the portal", () => {
  const template = synthesized();

  /** The stack with one property of one resource of a kind changed. */
  function changed(
    type: string,
    idPrefix: string,
    change: (properties: Record<string, unknown>) => void,
  ): Template {
    const copy = structuredClone(template) as {
      Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
    };
    const found = Object.entries(copy.Resources).find(
      ([id, one]) => one.Type === type && id.startsWith(idPrefix),
    );
    if (found === undefined) throw new Error(`no ${type} ${idPrefix}`);
    change(found[1].Properties);
    return copy;
  }

  test.each<[string, string, string, (properties: Record<string, unknown>) => void]>([
    [
      "tracing",
      "AWS::ApiGateway::Stage",
      "PortalApi",
      (stage) => {
        stage["TracingEnabled"] = true;
      },
    ],
    [
      "execution logs",
      "AWS::ApiGateway::Stage",
      "PortalApi",
      (stage) => {
        stage["MethodSettings"] = [{ LoggingLevel: "ERROR" }];
      },
    ],
    [
      "data traces of staff",
      "AWS::ApiGateway::Stage",
      "StaffApi",
      (stage) => {
        stage["MethodSettings"] = [{ DataTraceEnabled: true }];
      },
    ],
    [
      "a path in the access log",
      "AWS::ApiGateway::Stage",
      "PortalApi",
      (stage) => {
        stage["AccessLogSetting"] = { Format: "$context.path" };
      },
    ],
    [
      "an address in the access log",
      "AWS::ApiGateway::Stage",
      "PortalApi",
      (stage) => {
        stage["AccessLogSetting"] = { Format: "$context.identity.sourceIp" };
      },
    ],
    [
      "traces of its function",
      "AWS::Lambda::Function",
      "PortalFunction",
      (one) => {
        one["TracingConfig"] = { Mode: "Active" };
      },
    ],
    [
      "sampled requests",
      "AWS::WAFv2::WebACL",
      "PortalFirewall",
      (acl) => {
        acl["VisibilityConfig"] = { SampledRequestsEnabled: true };
      },
    ],
    [
      "paths in the firewall's log",
      "AWS::WAFv2::LoggingConfiguration",
      "PortalFirewall",
      (log) => {
        log["RedactedFields"] = [];
      },
    ],
    [
      "no firewall",
      "AWS::WAFv2::WebACLAssociation",
      "PortalFirewall",
      (association) => {
        association["ResourceArn"] = "arn:x";
      },
    ],
  ])("%s is a breach", (_what, type, idPrefix, change) => {
    const rules = findBreaches(changed(type, idPrefix, change)).map(({ rule }) => rule);
    expect(new Set(rules)).toEqual(new Set(["PortalLogsNoToken"]));
  });
});

describe("strangers", () => {
  const anybody = { Effect: "Allow", Principal: "*", Action: ["sqs:SendMessage"], Resource: own };

  test.each([
    ["AWS::SQS::QueuePolicy", "PolicyDocument", "*"],
    ["AWS::SNS::TopicPolicy", "PolicyDocument", { AWS: "*" }],
    ["AWS::S3::BucketPolicy", "PolicyDocument", { AWS: ["*"] }],
    ["AWS::KMS::Key", "KeyPolicy", "*"],
  ])("in a %s are a breach", (Type, property, Principal) => {
    const Properties = { [property]: { Statement: [{ ...anybody, Principal }] } };
    expect(broken({ ...keys, Opened: { Type, Properties } })).toContain("NoAnonymousPrincipal");
  });

  test("may be denied by name of anybody", () => {
    const Properties = { PolicyDocument: { Statement: [{ ...anybody, Effect: "Deny" }] } };
    expect(broken({ ...keys, Closed: { Type: "AWS::SQS::QueuePolicy", Properties } })).toEqual([]);
  });

  test("may not invoke a function", () => {
    const Properties = { Principal: "*", Action: "lambda:InvokeFunction" };
    expect(broken({ ...keys, Open: { Type: "AWS::Lambda::Permission", Properties } })).toContain(
      "NoAnonymousPrincipal",
    );
  });

  test.each(["sms", "email", "https", "lambda"])("behind a topic (%s) are a breach", (Protocol) => {
    const subscription = { Type: "AWS::SNS::Subscription", Properties: { Protocol } };
    expect(broken({ ...keys, Subscription: subscription })).toContain("TopicsReachQueuesOnly");
  });

  test("see a role's policy wherever it is written", () => {
    const Statement = [allow("sms-voice:SendTextMessage")];
    const policy = {
      Type: "AWS::IAM::RolePolicy",
      Properties: { RoleName: { Ref: "Role" }, PolicyDocument: { Statement } },
    };
    expect(broken({ ...functionWith("messages"), Aside: policy })).toContain("OnlyAlertPlaneSends");
  });
});
