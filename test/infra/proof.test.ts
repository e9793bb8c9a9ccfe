import { describe, expect, test } from "vitest";
import { findBreaches } from "#infra/checks/foundphone-checks.ts";
import { rolesOf } from "#infra/checks/statements.ts";
import { at, listOf, mentions, referenced, resourcesOf, type Template } from "#infra/checks/template.ts";
import { stageSettings } from "#infra/stages.ts";
import { resolveText } from "./resolve.ts";
import { synthesized } from "./synthesized.ts";

const template = synthesized();

type Properties = Record<string, unknown>;

/** Everything that a function's role may do, one line for each action and resource. */
function rightsOf(name: string): readonly string[] {
  const [rights] = rolesOf(template).filter(({ functions }) => functions.includes(name));
  return (rights?.allowed ?? [])
    .flatMap(({ actions, resources }) =>
      resources.flatMap((resource) => actions.map((action) => `${action} ${nameOf(resource)}`)),
    )
    .filter((right) => !/^(logs|xray):/.test(right))
    .sort();
}

/** Logical ids without their hash. */
function nameOf(resource: unknown): string {
  return resolveText(template, resource)
    .replace("arn:aws:service:us-east-1:000000000000:", "")
    .replace(/^(\w+?)[0-9A-F]{8}(?=\/|$)/, "$1");
}

/** The stack with the properties of the one resource of a kind changed. */
function changed(type: string, idPrefix: string, change: (properties: Properties) => void): Template {
  const copy = structuredClone(template) as {
    Resources: Record<string, { Type: string; Properties: Properties }>;
  };
  const found = Object.entries(copy.Resources).find(
    ([id, one]) => one.Type === type && id.startsWith(idPrefix),
  );
  if (found === undefined) throw new Error(`no ${type} ${idPrefix}`);
  change(found[1].Properties);
  return copy;
}

/** The rules that are broken when a function may do one thing more. */
function brokenBy(functionId: string, Action: string, Resource: unknown): readonly string[] {
  const copy = changed("AWS::IAM::Policy", functionId, (policy) => {
    const document = policy["PolicyDocument"] as { Statement: unknown[] };
    document.Statement.push({ Effect: "Allow", Action, Resource });
  });
  return [...new Set(findBreaches(copy).map(({ rule }) => rule))].sort();
}

function idOf(type: string, prefix: string): string {
  const found = resourcesOf(template, type).find(({ id }) => id.startsWith(prefix));
  if (found === undefined) throw new Error(`no ${type} ${prefix}`);
  return found.id;
}

const arnOf = (type: string, prefix: string) => ({ "Fn::GetAtt": [idOf(type, prefix), "Arn"] });
const bucket = (prefix: string) => arnOf("AWS::S3::Bucket", prefix);
const objects = (prefix: string, path = "/*") => ({ "Fn::Join": ["", [bucket(prefix), path]] });
const table = (prefix: string) => arnOf("AWS::DynamoDB::Table", prefix);

test("anchor may find heads, sign, add anchors to both buckets and write its own chain, and nothing else", () => {
  expect(rightsOf("anchor")).toEqual(
    [
      "dynamodb:Query Audit/index/heads",
      ...["GetItem", "PutItem"].map((action) => `dynamodb:${action} Audit`),
      ...["GetPublicKey", "Sign"].map((action) => `kms:${action} AnchorKey`),
      // Through the table; through the buckets.
      ...["Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo"].map(
        (action) => `kms:${action} AuditKey`,
      ),
      ...["Decrypt", "GenerateDataKey"].map((action) => `kms:${action} AuditKey`),
      "s3:GetObject Anchors/anchors/*",
      ...["Anchors", "Exports"].flatMap((name) => [
        `s3:PutObject ${name}/anchor-keys/*`,
        `s3:PutObject ${name}/anchors/*`,
      ]),
    ].sort(),
  );
});

test("export-audit may have three tables exported into one place and write actors' chains, and reads no export", () => {
  const rights = rightsOf("export-audit").filter((right) => !right.startsWith("kms:"));
  expect(rights).toEqual(
    [
      ...["Audit", "Consents", "Practice"].flatMap((name) => [
        `dynamodb:ExportTableToPointInTime ${name}`,
        `dynamodb:DescribeExport ${name}/export/*`,
      ]),
      ...["Audit", "Practice"].flatMap((name) =>
        ["BatchGetItem", "GetItem", "PutItem"].map((action) => `dynamodb:${action} ${name}`),
      ),
      ...["AbortMultipartUpload", "PutObject", "PutObjectAcl"].map(
        (action) => `s3:${action} Exports/tables/*`,
      ),
      "s3:PutObject Exports/safeguards/*",
    ].sort(),
  );
});

test("both reach no patient's chain", () => {
  const leadingKeys = (name: string) => {
    const role = rolesOf(template).find(({ functions }) => functions.includes(name))?.role ?? "";
    return resourcesOf(template, "AWS::IAM::Policy")
      .filter(({ properties }) => mentions(properties["Roles"], role))
      .flatMap(({ properties }) => listOf(at(properties, "PolicyDocument", "Statement")))
      .filter((statement) => listOf(at(statement, "Action")).includes("dynamodb:PutItem"))
      .filter((statement) => referenced(at(statement, "Resource"))?.startsWith("Audit"))
      .map((statement) => at(statement, "Condition"));
  };
  expect(leadingKeys("anchor")).toEqual([
    { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["actor#function:anchor"] } },
  ]);
  expect(leadingKeys("export-audit")).toEqual([
    { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["actor#*"] } },
  ]);
});

describe("the buckets", () => {
  const properties = (prefix: string) =>
    resourcesOf(template, "AWS::S3::Bucket").find(({ id }) => id.startsWith(prefix))?.properties ?? {};
  const denials = (prefix: string) =>
    resourcesOf(template, "AWS::S3::BucketPolicy")
      .filter(({ properties: policy }) => referenced(policy["Bucket"])?.startsWith(prefix))
      .flatMap(({ properties: policy }) => listOf(at(policy, "PolicyDocument", "Statement")))
      .filter((statement) => at(statement, "Effect") === "Deny");
  const conditions = (prefix: string) =>
    Object.fromEntries(
      denials(prefix).flatMap((statement) => {
        const sid = at(statement, "Sid");
        return sid === undefined ? [] : [[String(sid), at(statement, "Condition")]];
      }),
    );

  test("lock anchors for six years and exports not at all", () => {
    expect(properties("Anchors")).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 2192 } } },
    });
    expect(properties("Exports")["ObjectLockEnabled"]).toBeUndefined();
  });

  test.each(["Anchors", "Exports"])(
    "%s are versioned, logged, and under the key of the audit table",
    (prefix) => {
      const [encryption] = listOf(
        at(properties(prefix), "BucketEncryption", "ServerSideEncryptionConfiguration"),
      );
      expect(referenced(at(encryption, "ServerSideEncryptionByDefault", "KMSMasterKeyID"))).toMatch(
        /^AuditKey/,
      );
      expect(properties(prefix)["VersioningConfiguration"]).toEqual({ Status: "Enabled" });
      expect(referenced(at(properties(prefix), "LoggingConfiguration", "DestinationBucketName"))).toMatch(
        /^BucketAccessLogs/,
      );
      expect(Object.keys(conditions(prefix))).toEqual(
        expect.arrayContaining(["RefuseOtherEncryption", "RefuseOtherKeys"]),
      );
      expect(denials(prefix)).toContainEqual(
        expect.objectContaining({ Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      );
    },
  );

  test("let nobody but anchor put an anchor, and not even anchor put one over another", () => {
    const { RefuseEverybodyElse: others, RefuseOverwriting: overwriting } = conditions("Anchors");
    const role = rolesOf(template).find(({ functions }) => functions.includes("anchor"))?.role;
    expect(referenced(at(others, "ArnNotEquals", "aws:PrincipalArn"))).toBe(role);
    expect(overwriting).toEqual({ Null: { "s3:if-none-match": "true" } });
  });

  test("are watched by the trail", () => {
    const [trail] = resourcesOf(template, "AWS::CloudTrail::Trail");
    const selectors = listOf(trail?.properties["AdvancedEventSelectors"]);
    const [ofObjects] = selectors.filter((selector) => JSON.stringify(selector).includes("AWS::S3::Object"));
    for (const prefix of ["Anchors", "Exports"]) {
      expect(mentions(ofObjects, idOf("AWS::S3::Bucket", prefix))).toBe(true);
    }
  });
});

describe("what nobody may", () => {
  test.each([
    "s3:BypassGovernanceRetention",
    "s3:PutObjectRetention",
    "s3:PutObjectLegalHold",
    "s3:PutBucketObjectLockConfiguration",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:DeleteBucket",
    "s3:PutLifecycleConfiguration",
    "s3:PutBucketVersioning",
  ])("%s is a breach, for anchor too", (action) => {
    expect(brokenBy("AnchorFunction", action, objects("Anchors"))).toContain("NobodyUnlocks");
    expect(brokenBy("PracticeFunction", action, "arn:aws:s3:::any/*")).toContain("NobodyUnlocks");
  });

  test("signing is a breach for every role but anchor's", () => {
    const key = arnOf("AWS::KMS::Key", "AnchorKey");
    expect(brokenBy("ExportAuditFunction", "kms:Sign", key)).toEqual(["OnlyAnchorSigns"]);
    expect(
      brokenBy("MessagesFunction", "kms:Sign", "arn:aws:kms:us-east-1:000000000000:key/other"),
    ).toContain("OnlyAnchorSigns");
  });

  test.each([["Patients"], ["ContentKeys"], ["Messages"], ["Appointments"]])(
    "exporting %s is a breach for export-audit",
    (name) => {
      const action = "dynamodb:ExportTableToPointInTime";
      expect(brokenBy("ExportAuditFunction", action, table(name))).toEqual(["OnlyTheRecordIsExported"]);
    },
  );

  test("exporting what is not named, or by another function, is a breach", () => {
    const action = "dynamodb:ExportTableToPointInTime";
    expect(brokenBy("ExportAuditFunction", action, "*")).toEqual(["OnlyTheRecordIsExported"]);
    expect(brokenBy("AnchorFunction", action, table("Audit"))).toEqual(["OnlyTheRecordIsExported"]);
    expect(brokenBy("ExportAuditFunction", "dynamodb:CreateBackup", table("Audit"))).toEqual([
      "OnlyTheRecordIsExported",
    ]);
  });

  test.each([
    ["all of the bucket", () => objects("Anchors")],
    ["one folder", () => objects("Anchors", "/anchors/*")],
    ["every bucket", () => "arn:aws:s3:::*"],
    ["everything", () => "*"],
  ])("putting among the anchors is a breach for others: %s", (_what, resource) => {
    for (const action of ["s3:PutObject", "s3:PutObjectAcl"])
      expect(brokenBy("ExportAuditFunction", action, resource())).toContain("OnlyAnchorWritesAnchors");
  });

  test("putting into another bucket is none", () => {
    expect(brokenBy("ExportAuditFunction", "s3:PutObject", objects("Exports"))).toEqual([]);
  });
});

describe("the lock", () => {
  const broken = (changedTemplate: Template) => [
    ...new Set(findBreaches(changedTemplate).map(({ rule }) => rule)),
  ];
  const withRetention = (retention: unknown) =>
    changed("AWS::S3::Bucket", "Anchors", (properties) => {
      properties["ObjectLockConfiguration"] = { Rule: { DefaultRetention: retention } };
    });

  test.each([
    { Mode: "GOVERNANCE", Days: 2191 },
    { Mode: "COMPLIANCE", Days: 30 },
    { Mode: "COMPLIANCE" },
    { Days: 2192 },
    undefined,
  ])("of less than six years is a breach: %j", (retention) => {
    expect(broken(withRetention(retention))).toEqual(["AnchorsAreLocked"]);
  });

  test("that is off is a breach, and so is a key that signs for no bucket", () => {
    const off = changed("AWS::S3::Bucket", "Anchors", (properties) => {
      properties["ObjectLockEnabled"] = false;
    });
    expect(broken(off)).toEqual(["AnchorsAreLocked"]);
    const { [idOf("AWS::S3::Bucket", "Anchors")]: _gone, ...Resources } = template.Resources;
    expect(broken({ Resources })).toEqual(["AnchorsAreLocked"]);
  });

  test("of every stage but the trial can be shortened by nobody, whatever the stage is called", () => {
    const stage = (name: string, mode: "governance" | "compliance") =>
      synthesized({ ...stageSettings("evaluation"), stage: name, anchorLock: { mode, days: 2192 } });
    expect(broken(stage("prod", "governance"))).toEqual(["AnchorsAreLocked"]);
    expect(broken(stage("production", "compliance"))).toEqual([]);
    const { [idOf("AWS::CloudTrail::Trail", "")]: _gone, ...Resources } = template.Resources;
    expect(broken({ Resources })).toContain("AnchorsAreLocked");
  });
});
