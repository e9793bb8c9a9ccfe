import { describe, expect, test } from "vitest";
import { findBreaches } from "#infra/checks/foundphone-checks.ts";
import { at, isRecord, listOf, type Resource, referenced, resourcesOf } from "#infra/checks/template.ts";
import { synthesized, withDomain } from "./synthesized.ts";

type Resources = Readonly<Record<string, Resource>>;

const template = synthesized();
const attachments = (of = template) =>
  resourcesOf(of, "AWS::S3::Bucket").find(({ id }) => /^Attachments[0-9A-F]{8}$/.test(id)) ?? {
    id: "",
    properties: {},
  };

describe("the bucket of attachments", () => {
  test("lies under the content key with a bucket key, keeps versions for a day, and is kept itself", () => {
    const { id, properties } = attachments();
    const [rule] = listOf(at(properties, "BucketEncryption", "ServerSideEncryptionConfiguration"));
    expect(referenced(at(rule, "ServerSideEncryptionByDefault", "KMSMasterKeyID"))).toMatch(/^ContentKey/);
    expect(properties).toMatchObject({
      VersioningConfiguration: { Status: "Enabled" },
      LifecycleConfiguration: {
        Rules: [
          { Prefix: "incoming/", ExpirationInDays: 1, Status: "Enabled" },
          {
            NoncurrentVersionExpiration: { NoncurrentDays: 1 },
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            Status: "Enabled",
          },
        ],
      },
    });
    expect(template.Resources[id]).toMatchObject({ DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
  });

  test("lets pages of the portal alone ask, at its own host where it has one", () => {
    const originsOf = (of: typeof template) =>
      listOf(at(attachments(of).properties, "CorsConfiguration", "CorsRules")).flatMap((rule) =>
        listOf(at(rule, "AllowedOrigins")),
      );
    expect(originsOf(synthesized(withDomain("p.example.org", "Clinic")))).toEqual(["https://p.example.org"]);
    const [api] = resourcesOf(template, "AWS::ApiGateway::RestApi").filter(({ id }) =>
      id.startsWith("PortalApi"),
    );
    expect(JSON.stringify(originsOf(template))).toContain(`"https://",{"Ref":"${api?.id ?? ""}"}`);
  });

  test("tells its queue of uploads, which lets S3 in for this account's buckets before the bucket is made", () => {
    const { id, properties } = attachments();
    const [told] = listOf(at(properties, "NotificationConfiguration", "QueueConfigurations"));
    const queue = referenced(at(told, "Queue"));
    expect(queue).toMatch(/^AttachmentsArrivals/);
    expect(told).toMatchObject({
      Event: "s3:ObjectCreated:*",
      Filter: { S3Key: { Rules: [{ Name: "prefix", Value: "incoming/" }] } },
    });
    const policy = resourcesOf(template, "AWS::SQS::QueuePolicy").find(
      ({ properties: { Queues } }) => referenced(listOf(Queues)[0]) === queue,
    );
    const [letIn] = listOf(at(policy?.properties["PolicyDocument"], "Statement")).filter(
      (statement) => at(statement, "Principal", "Service") === "s3.amazonaws.com",
    );
    expect(at(letIn, "Condition")).toEqual({
      StringEquals: { "aws:SourceAccount": "000000000000" },
      ArnLike: { "aws:SourceArn": "arn:aws:s3:::foundphone-attachments*" },
    });
    // CloudFormation names a bucket by its stack and its logical id, in small letters.
    expect(`foundphone-${id}`.toLowerCase()).toMatch(/^foundphone-attachments/);
    const bucket = template.Resources[id] as Resource & { readonly DependsOn?: readonly string[] };
    expect(bucket.DependsOn).toContain(policy?.id);
  });

  test("has no function of the CDK's that would care for its notifications", () => {
    expect(Object.keys(template.Resources).filter((id) => /BucketNotification/i.test(id))).toEqual([]);
  });
});

const root = { AWS: "arn:aws:iam::000000000000:root" };
const key: Resource = {
  Type: "AWS::KMS::Key",
  Properties: {
    KeyPolicy: {
      Statement: [
        { Effect: "Allow", Principal: root, Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: "*" },
      ],
    },
  },
};
const arn = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });
const below = (path: string) => ({ "Fn::Join": ["", [arn("Attachments1"), path]] });
const allow = (Action: string | readonly string[], Resource: unknown, Condition?: unknown) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});
const refuse = (Action: string | readonly string[], path: string, ...roles: readonly string[]) => ({
  Effect: "Deny",
  Principal: { AWS: "*" },
  Action,
  Resource: below(path),
  Condition: { ArnNotEquals: { "aws:PrincipalArn": roles.map(arn) } },
});
const READING = ["s3:GetObject", "s3:GetObjectVersion"];
const CAREFUL = [
  refuse(READING, "/incoming/*"),
  refuse(READING, "/checked/*"),
  refuse("s3:PutObject", "/checked/*"),
  refuse("s3:PutObject", "/incoming/*"),
];

/** The bucket with the function `name` under a role of its own. */
function stackOf({
  name = "portal",
  rights = [] as readonly object[],
  policy = CAREFUL as readonly object[],
  underKey = arn("ContentKey1") as unknown,
  bucketKey = true,
  cors = { AllowedMethods: ["POST"], AllowedOrigins: ["https://portal.example"] } as object,
}): Resources {
  return {
    ContentKey1: key,
    DataKey1: key,
    Attachments1: {
      Type: "AWS::S3::Bucket",
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              BucketKeyEnabled: bucketKey,
              ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: underKey },
            },
          ],
        },
        CorsConfiguration: { CorsRules: [cors] },
      },
    },
    AttachmentsPolicy1: {
      Type: "AWS::S3::BucketPolicy",
      Properties: { Bucket: { Ref: "Attachments1" }, PolicyDocument: { Statement: policy } },
    },
    Role: { Type: "AWS::IAM::Role", Properties: {} },
    Function: {
      Type: "AWS::Lambda::Function",
      Properties: { Description: `functions/${name}/index.ts`, Role: arn("Role") },
    },
    Policy: {
      Type: "AWS::IAM::Policy",
      Properties: { Roles: [{ Ref: "Role" }], PolicyDocument: { Statement: rights } },
    },
  };
}

/** The rules that the stack of {@link stackOf} breaks. */
function broken(...[options]: Parameters<typeof stackOf>): readonly string[] {
  return [...new Set(findBreaches({ Resources: stackOf(options) }).map(({ rule }) => rule))].sort();
}

describe("the checks of attachments", () => {
  test.each([
    ["portal", "s3:PutObject", "/incoming/*"],
    ["portal", "s3:GetObject", "/checked/*"],
    ["attachments", "s3:PutObject", "/incoming/*"],
    ["threads", "s3:GetObject", "/checked/*"],
    ["check-attachment", "s3:GetObject", "/incoming/*"],
    ["check-attachment", "s3:PutObject", "/checked/*"],
    ["check-attachment", "s3:DeleteObjectVersion", "/checked/*"],
  ])("%s may %s in %s", (name, action, path) => {
    expect(broken({ name, rights: [allow(action, below(path))] })).toEqual([]);
  });

  test.each([
    ["portal", "s3:GetObject", "/incoming/*"],
    ["portal", "s3:PutObject", "/checked/*"],
    ["portal", "s3:GetObject", "/*"],
    ["attachments", "s3:GetObject", "/checked/*"],
    ["attachments", "s3:GetObject", "/incoming/*"],
    ["threads", "s3:PutObject", "/incoming/*"],
    ["check-attachment", "s3:GetObject", "/checked/*"],
    ["send-alert", "s3:GetObject", "/checked/*"],
    ["send-alert", "s3:PutObject", "/incoming/*"],
    ["messages", "s3:ListBucketVersions", ""],
  ])("%s with %s in %s is a breach", (name, action, path) => {
    expect(broken({ name, rights: [allow(action, below(path))] })).toEqual(["AttachmentsByPart"]);
  });

  test("any right on every bucket is a breach, and one in another bucket is none", () => {
    for (const resource of ["*", "arn:aws:s3:::*", { "Fn::Sub": "arn:aws:s3:::x/*" }])
      expect(broken({ name: "anchor", rights: [allow("s3:GetObject", resource)] })).toContain(
        "AttachmentsByPart",
      );
    const elsewhere = { "Fn::Join": ["", [arn("Exports1"), "/anchors/*"]] };
    expect(broken({ name: "anchor", rights: [allow("s3:PutObject", elsewhere)] })).toEqual([]);
  });

  test("only the checking function deletes, and only here", () => {
    const deletes = ["s3:DeleteObjectVersion"];
    expect(broken({ name: "portal", rights: [allow(deletes, below("/checked/*"))] })).toEqual([
      "AttachmentsByPart",
    ]);
    const anchors = { "Fn::Join": ["", [arn("Anchors1"), "/*"]] };
    expect(
      broken({ name: "check-attachment", rights: [allow(deletes, [below("/checked/*"), anchors])] }),
    ).toContain("NobodyUnlocks");
  });

  test.each([0, 1, 2, 3])(
    "a policy without refusal %i is a breach, and so is one that spares a stranger",
    (index) => {
      const without = CAREFUL.filter((_statement, at) => at !== index);
      expect(broken({ policy: without })).toEqual(["AttachmentsRefuseStrangers"]);
      const sparing = CAREFUL.map((statement, at) =>
        at === index
          ? { ...statement, Condition: { ArnNotEquals: { "aws:PrincipalArn": [arn("Role")] } } }
          : statement,
      );
      expect(broken({ name: "messages", policy: sparing })).toEqual(["AttachmentsRefuseStrangers"]);
    },
  );

  test("a refusal that holds only sometimes is none", () => {
    const sometimes = CAREFUL.map((statement) => ({
      ...statement,
      Condition: { ...statement.Condition, Bool: { "aws:SecureTransport": "false" } },
    }));
    expect(broken({ policy: sometimes })).toEqual(["AttachmentsRefuseStrangers"]);
  });

  test("a policy may spare the roles whose part it is", () => {
    const sparing = [
      refuse(READING, "/incoming/*"),
      refuse(READING, "/checked/*", "Role"),
      refuse("s3:PutObject", "/checked/*"),
      refuse("s3:PutObject", "/incoming/*", "Role"),
    ];
    expect(broken({ name: "portal", policy: sparing })).toEqual([]);
  });

  test("another key, or none of its own, is a breach", () => {
    expect(broken({ underKey: arn("DataKey1") })).toEqual(["AttachmentsUnderContentKey"]);
    expect(broken({ underKey: "alias/aws/s3" })).toEqual(["AttachmentsUnderContentKey"]);
    expect(broken({ bucketKey: false })).toEqual(["AttachmentsHaveABucketKey"]);
  });

  test("any other bucket under the content key, or without a key of the stack, is a breach", () => {
    const other = (KMSMasterKeyID: unknown) => ({
      ...stackOf({}),
      Exports1: {
        Type: "AWS::S3::Bucket",
        Properties: {
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [
              { ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID } },
            ],
          },
        },
      },
    });
    const rules = (KMSMasterKeyID: unknown) =>
      findBreaches({ Resources: other(KMSMasterKeyID) }).map(({ rule }) => rule);
    expect(rules(arn("DataKey1"))).toEqual([]);
    expect(rules(arn("ContentKey1"))).toEqual(["StorageKeyIsNoEnvelopeKey"]);
    expect(rules("alias/aws/s3")).toEqual(["OwnKey"]);
  });

  test("pages of several origins, of any, or with more than forms are a breach", () => {
    for (const cors of [
      { AllowedMethods: ["POST"], AllowedOrigins: ["*"] },
      { AllowedMethods: ["POST"], AllowedOrigins: ["https://*.example"] },
      { AllowedMethods: ["POST"], AllowedOrigins: ["https://a.example", "https://b.example"] },
      { AllowedMethods: ["PUT"], AllowedOrigins: ["https://a.example"] },
    ])
      expect(broken({ cors })).toEqual(["OnePageAsks"]);
  });

  const throughBucket = (bucket: string, service = "s3.us-east-1.amazonaws.com") => ({
    StringEquals: { "kms:ViaService": service, "kms:EncryptionContext:aws:s3:arn": arn(bucket) },
  });
  const opening = (Condition?: unknown) => [allow("kms:Decrypt", arn("ContentKey1"), Condition)];

  test("opening is held to named uses, or to this bucket through S3", () => {
    expect(broken({ rights: opening(throughBucket("Attachments1")) })).toEqual([]);
    expect(broken({ rights: opening({ StringLike: { "kms:EncryptionContext:use": ["msg_*"] } }) })).toEqual(
      [],
    );
    for (const condition of [
      undefined,
      throughBucket("Exports1"),
      throughBucket("Attachments1", "dynamodb.us-east-1.amazonaws.com"),
      { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
      { StringLike: { "kms:EncryptionContext:use": ["*"] } },
    ])
      expect(broken({ rights: opening(condition) })).toEqual(["OpensOnlyWhatIsNamed"]);
  });

  test("whoever sends or only seals may not open attachments, through S3 or not", () => {
    const rights = opening(throughBucket("Attachments1"));
    expect(
      broken({ name: "send-alert", rights: [...rights, allow("sms-voice:SendTextMessage", "arn:x")] }),
    ).toEqual(["ReadersCannotSend", "SendersCannotRead", "WritersOnlySeal"]);
    expect(broken({ name: "attachments", rights })).toEqual(["WritersOnlySeal"]);
  });
});

test("a key statement for objects stands beside each function that signs for them", () => {
  const statements = resourcesOf(template, "AWS::IAM::Policy").flatMap(({ id, properties }) =>
    listOf(at(properties["PolicyDocument"], "Statement"))
      .filter(isRecord)
      .map((statement) => ({ id, sid: String(statement["Sid"]) })),
  );
  const having = (sid: string) =>
    statements
      .filter((statement) => statement.sid === sid)
      .map(({ id }) => id.replace(/FunctionRole.*$/, ""));
  expect(having("SealObjectsUnderContentKey").sort()).toEqual(["Attachments", "CheckAttachment", "Portal"]);
  expect(having("OpenObjectsUnderContentKey").sort()).toEqual(["CheckAttachment", "Portal", "Threads"]);
});
