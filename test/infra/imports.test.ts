import { describe, expect, test } from "vitest";
import { findBreaches } from "#infra/checks/foundphone-checks.ts";
import { rolesOf } from "#infra/checks/statements.ts";
import { at, listOf, type Resource, referenced, resourcesOf } from "#infra/checks/template.ts";
import { synthesized } from "./synthesized.ts";

const template = synthesized();
const [bucket] = resourcesOf(template, "AWS::S3::Bucket").filter(({ id }) => /^Imports[0-9A-F]{8}$/.test(id));
const key = (name: string) =>
  resourcesOf(template, "AWS::KMS::Key").find(({ id }) => id.startsWith(name))?.id ?? "";

/** The rules that the template breaks once `change` was made to a copy of it. */
function broken(change: (resources: Record<string, Resource>) => void): readonly string[] {
  const resources = structuredClone(template.Resources) as Record<string, Resource>;
  change(resources);
  return [...new Set(findBreaches({ Resources: resources }).map(({ rule }) => rule))].toSorted();
}

/** Gives a function one more right. */
function grant(functionName: string, statement: object) {
  return (resources: Record<string, Resource>) => {
    const policy = Object.entries(resources).find(
      ([id, { Type }]) => Type === "AWS::IAM::Policy" && id.startsWith(functionName),
    )?.[1];
    const document = policy?.Properties?.["PolicyDocument"] as { Statement: object[] };
    document.Statement.push({ Effect: "Allow", ...statement });
  };
}

const incoming = { "Fn::Join": ["", [{ "Fn::GetAtt": [bucket?.id, "Arn"] }, "/incoming/*"]] };

describe("the bucket of imports", () => {
  test("lies under the contact key, and keeps nothing for longer than a day", () => {
    const [rule] = listOf(at(bucket?.properties, "BucketEncryption", "ServerSideEncryptionConfiguration"));
    expect(referenced(at(rule, "ServerSideEncryptionByDefault", "KMSMasterKeyID"))).toBe(key("ContactKey"));
    expect(bucket?.properties).toMatchObject({
      LifecycleConfiguration: {
        Rules: [
          { Prefix: "incoming/", ExpirationInDays: 1 },
          { NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
        ],
      },
    });
    expect(bucket?.properties["CorsConfiguration"]).toBeUndefined();
  });

  test.each([
    ["PortalFunction", "s3:GetObject"],
    ["AppointmentsFunction", "s3:GetObject"],
    ["ImportRecordsFunction", "s3:PutObject"],
    ["SendAlertFunction", "s3:*"],
  ])("is not for %s to %s", (name, action) => {
    expect(broken(grant(name, { Action: action, Resource: incoming }))).toContain("ImportsByPart");
  });

  test("refuses strangers by its own policy, and no other key holds it", () => {
    const withoutRefusals = broken((resources) => {
      for (const { Type, Properties } of Object.values(resources)) {
        const document = Properties?.["PolicyDocument"] as { Statement: { Sid?: string }[] } | undefined;
        if (Type !== "AWS::S3::BucketPolicy" || document === undefined) continue;
        document.Statement = document.Statement.filter(({ Sid }) => Sid !== "RefuseOtherReaders");
      }
    });
    expect(withoutRefusals).toContain("ImportsRefuseStrangers");
    const elsewhere = broken((resources) => {
      const changed = JSON.parse(
        JSON.stringify(resources[bucket?.id ?? ""]).replaceAll(key("ContactKey"), key("DataKey")),
      ) as Resource;
      resources[bucket?.id ?? ""] = changed;
    });
    expect(elsewhere).toContain("ImportsUnderContactKey");
  });
});

test("whoever works through imports sends nothing, opens no content and erases no patient", () => {
  const worker = rolesOf(template).find(({ functions }) => functions.includes("import-records"));
  const allowed = worker?.allowed ?? [];
  const actions = allowed.flatMap((statement) => statement.actions);
  expect(
    actions.filter((action) => /^(?:sms-voice|ses|sns|lambda|iam):|sqs:SendMessage/u.test(action)),
  ).toEqual([]);
  const onContent = allowed.filter(({ resources }) =>
    resources.some((resource) => referenced(resource) === key("ContentKey")),
  );
  expect(onContent).toEqual([]);
  const erasing = allowed.filter((statement) => statement.actions.includes("dynamodb:DeleteItem"));
  expect(
    erasing.map(({ conditions }) => at(conditions, "ForAllValues:StringLike", "dynamodb:LeadingKeys")),
  ).toEqual([["number#*"]]);
});
