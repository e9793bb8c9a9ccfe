import { expect, test } from "vitest";
import { at, listOf, referenced, resourcesOf } from "#infra/checks/template.ts";
import { synthesized } from "./synthesized.ts";

const template = synthesized() as unknown as {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown>; DeletionPolicy?: string }>;
};

const KEPT = [
  "AWS::Cognito::UserPool",
  "AWS::DynamoDB::Table",
  "AWS::KMS::Key",
  "AWS::Logs::LogGroup",
  "AWS::S3::Bucket",
];

test("what must outlive a mistake is retained", () => {
  const dropped = Object.entries(template.Resources)
    .filter(([, { Type }]) => KEPT.includes(Type))
    .filter(([, { DeletionPolicy }]) => DeletionPolicy !== "Retain")
    .map(([id]) => id);
  expect(dropped).toEqual([]);
});

test("every table is on demand, encrypted, restorable, protected, with time to live", () => {
  const tables = resourcesOf(template, "AWS::DynamoDB::Table");
  expect(tables).toHaveLength(7);
  for (const { id, properties } of tables) {
    expect(properties).toMatchObject({
      BillingMode: "PAY_PER_REQUEST",
      DeletionProtectionEnabled: true,
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: true,
        RecoveryPeriodInDays: id.startsWith("ContentKeys") ? 7 : 35,
      },
      SSESpecification: { SSEEnabled: true, SSEType: "KMS" },
      TimeToLiveSpecification: { AttributeName: "expiresAtSeconds", Enabled: true },
    });
    const key = referenced(at(properties, "SSESpecification", "KMSMasterKeyId"));
    expect(key).toMatch(id.startsWith("Audit") ? /^AuditKey/ : /^DataKey/);
  }
});

test("every log group is encrypted and forgets", () => {
  const groups = resourcesOf(template, "AWS::Logs::LogGroup");
  expect(groups.length).toBeGreaterThan(12);
  for (const { properties } of groups) {
    expect(referenced(properties["KmsKeyId"])).toMatch(/^(Data|Audit)Key/);
    expect(properties["RetentionInDays"]).toBeGreaterThan(0);
  }
});

test("every queue but a dead-letter queue has a dead-letter queue and five attempts", () => {
  const queues = resourcesOf(template, "AWS::SQS::Queue");
  const redriven = queues.filter(({ properties }) => properties["RedrivePolicy"] !== undefined);
  expect(redriven.map(({ id }) => id.slice(0, -8)).sort()).toEqual([
    "BulkAlerts",
    "DeliveryEvents",
    "InboundTexts",
    "UrgentAlerts",
  ]);
  for (const { properties } of redriven) expect(at(properties, "RedrivePolicy", "maxReceiveCount")).toBe(5);
  const targets = redriven.map(({ properties }) =>
    referenced(at(properties, "RedrivePolicy", "deadLetterTargetArn")),
  );
  expect(new Set(targets).size).toBe(redriven.length);
});

test("queues that AWS fills with patients' numbers lie under the events key for four days", () => {
  const fed = resourcesOf(template, "AWS::SQS::Queue").filter(({ id }) =>
    /^(DeliveryEvents|InboundTexts)/.test(id),
  );
  expect(fed).toHaveLength(4);
  for (const { properties } of fed) {
    expect(referenced(properties["KmsMasterKeyId"])).toMatch(/^EventsKey/);
    expect(properties["MessageRetentionPeriod"]).toBe(4 * 24 * 3600);
  }
});

test("services that deliver to encrypted topics and queues may use their key", () => {
  const key = resourcesOf(template, "AWS::KMS::Key").find(({ id }) => id.startsWith("EventsKey"));
  const services = listOf(at(key?.properties["KeyPolicy"], "Statement")).map((statement) =>
    at(statement, "Principal", "Service"),
  );
  expect(services).toEqual(
    expect.arrayContaining(["sms-voice.amazonaws.com", "sns.amazonaws.com", "events.amazonaws.com"]),
  );
});

test("the trail covers all regions, is validated, encrypted and locked, and sees every table and no text", () => {
  const [trail] = resourcesOf(template, "AWS::CloudTrail::Trail");
  expect(trail?.properties).toMatchObject({
    EnableLogFileValidation: true,
    IsLogging: true,
    IsMultiRegionTrail: true,
  });
  expect(referenced(trail?.properties["KMSKeyId"])).toMatch(/^AuditKey/);
  const selectors = JSON.stringify(trail?.properties["AdvancedEventSelectors"]);
  for (const { id } of resourcesOf(template, "AWS::DynamoDB::Table")) expect(selectors).toContain(id);
  expect(selectors).not.toContain("SMSVoice");
  const bucket = template.Resources[referenced(trail?.properties["S3BucketName"]) ?? ""];
  expect(bucket?.Properties).toMatchObject({
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 30 } } },
    VersioningConfiguration: { Status: "Enabled" },
  });
});

test("the template is far from CloudFormation's limit of 500 resources", () => {
  expect(Object.keys(template.Resources).length).toBeLessThan(400);
});
