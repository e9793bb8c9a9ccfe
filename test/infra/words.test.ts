import { describe, expect, test } from "vitest";
import { findBreaches } from "#infra/checks/foundphone-checks.ts";
import { type Resource, resourcesOf } from "#infra/checks/template.ts";
import { synthesized } from "./synthesized.ts";

const template = synthesized();
const [table] = resourcesOf(template, "AWS::DynamoDB::Table").filter(({ id }) =>
  /^Practice[0-9A-F]{8}$/.test(id),
);
const Practice = { "Fn::GetAtt": [table?.id, "Arn"] };

const held = (operator: string, ...keys: readonly string[]) => ({
  Condition: { [`ForAllValues:${operator}`]: { "dynamodb:LeadingKeys": keys } },
});

/** The rules that the template breaks once a function has one more right. */
function brokenWith(functionName: string, statement: object): readonly string[] {
  const resources = structuredClone(template.Resources) as Record<string, Resource>;
  const policy = Object.entries(resources).find(
    ([id, { Type }]) => Type === "AWS::IAM::Policy" && id.startsWith(functionName),
  )?.[1];
  const document = policy?.Properties?.["PolicyDocument"] as { Statement: object[] };
  document.Statement.push({ Effect: "Allow", Resource: Practice, ...statement });
  return [...new Set(findBreaches({ Resources: resources }).map(({ rule }) => rule))].toSorted();
}

describe("what texts are made of", () => {
  test.each([
    ["AuthorizeFunction", { Action: "dynamodb:PutItem" }],
    ["TasksFunction", { Action: "dynamodb:UpdateItem", ...held("StringLike", "tsk_*", "voc*") }],
    ["PortalFunction", { Action: "dynamodb:DeleteItem", ...held("StringEquals", "vocabulary") }],
    ["MessagesFunction", { Action: "dynamodb:PutItem", ...held("StringLike", "practice") }],
    [
      "AppointmentsFunction",
      { Action: ["dynamodb:GetItem", "dynamodb:PutItem"], ...held("StringLike", "?emplate") },
    ],
    ["ImportRecordsFunction", { Action: "dynamodb:BatchWriteItem", ...held("StringEquals", "approval") }],
    // A condition on anything else holds nobody to keys.
    [
      "RemindFunction",
      { Action: "dynamodb:PutItem", Condition: { StringEquals: { "aws:SourceAccount": "1" } } },
    ],
    ["AuditFunction", { Action: "dynamodb:PartiQLInsert" }],
  ])("is not for %s to write: %j", (name, statement) => {
    expect(brokenWith(name, statement)).toContain("WordsByPracticeAlone");
  });

  test("is for one function to write, and other partitions are for others", () => {
    expect(brokenWith("PracticeFunction", { Action: "dynamodb:PutItem" })).toEqual([]);
    expect(
      brokenWith("AuthorizeFunction", { Action: "dynamodb:UpdateItem", ...held("StringLike", "staff#*") }),
    ).toEqual([]);
    expect(brokenWith("PortalFunction", { Action: "dynamodb:GetItem" })).toEqual([]);
  });
});

describe("what sends", () => {
  test.each([
    { Action: "dynamodb:UpdateItem" },
    { Action: "dynamodb:UpdateItem", ...held("StringEquals", "vocabulary") },
    { Action: "dynamodb:PutItem", ...held("StringLike", "pace#*", "staff#*") },
    { Action: "dynamodb:PutItem", ...held("StringLike", "request#*") },
  ])("writes turns and tasks in the same table, and not by %j", (statement) => {
    expect(brokenWith("SendAlertFunction", statement)).toContain("SendersWriteNoWords");
  });

  test("may be given turns and tasks once more", () => {
    const more = { Action: "dynamodb:UpdateItem", ...held("StringLike", "tsk_*") };
    expect(brokenWith("SendAlertFunction", more)).toEqual([]);
  });
});
