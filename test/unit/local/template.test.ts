import { describe, expect, it } from "vitest";
import { parseTemplate } from "#infra/local/aws/template.ts";

const settings = { gatewayUrl: "http://127.0.0.1:1234" };
const resources = {
  JobsDDB9D109: { Type: "AWS::SQS::Queue", Properties: {} },
  Table: { Type: "AWS::DynamoDB::Table", Properties: { TableName: "items" } },
  Api: { Type: "AWS::ApiGateway::RestApi", Properties: {} },
};
const template = parseTemplate(
  {
    Resources: resources,
    Parameters: { Given: { Type: "String" }, Known: { Type: "String", Default: "k" } },
  },
  "Stack",
  settings,
);

describe("a loaded template", () => {
  it.each<[unknown, unknown]>([
    [{ Ref: "JobsDDB9D109" }, "http://127.0.0.1:1234/000000000000/Stack-JobsDDB9D109"],
    [{ "Fn::GetAtt": ["JobsDDB9D109", "Arn"] }, "arn:aws:sqs:us-east-1:000000000000:Stack-JobsDDB9D109"],
    [{ "Fn::GetAtt": "Table.Arn" }, "arn:aws:dynamodb:us-east-1:000000000000:table/items"],
    [{ "Fn::Join": ["-", ["a", { Ref: "AWS::Region" }]] }, "a-us-east-1"],
    [{ "Fn::Select": [1, { "Fn::Split": [":", "a:b:c"] }] }, "b"],
    [
      { "Fn::Sub": "${AWS::AccountId}/${Table}/${Table.Arn}/${!Literal}" },
      "000000000000/items/arn:aws:dynamodb:us-east-1:000000000000:table/items/${Literal}",
    ],
    [{ "Fn::Sub": ["${Own}", { Own: { Ref: "Known" } }] }, "k"],
    [{ a: { Ref: "AWS::NoValue" }, b: [1, true, null] }, { b: [1, true, null] }],
  ])("resolves %j", (value, expected) => {
    expect(template.resolve(value)).toEqual(expected);
  });

  it.each<[unknown]>([
    [{ Ref: "Nothing" }],
    [{ Ref: "Given" }],
    [{ Ref: "AWS::NotificationARNs" }],
    [{ "Fn::GetAtt": ["Table", "StreamArn"] }],
    [{ "Fn::If": ["a", "b", "c"] }],
    [{ "Fn::ImportValue": "x" }],
    ["{{resolve:ssm:/name}}"],
  ])("throws on %j rather than guess", (value) => {
    expect(() => template.resolve(value)).toThrow();
  });

  it("refuses resource types and conditions that it has not been taught", () => {
    const unknown = parseTemplate({ Resources: { X: { Type: "AWS::Unknown::Thing" } } }, "Stack", settings);
    expect(() => unknown.physicalId("X")).toThrow("AWS::Unknown::Thing");
    expect(() =>
      parseTemplate({ Resources: { X: { Type: "AWS::SQS::Queue", Condition: "C" } } }, "Stack", settings),
    ).toThrow("condition");
  });

  it("finds resources by their names in the code and keeps ids between loads", () => {
    expect(template.find("AWS::SQS::Queue", "Jobs")?.logicalId).toBe("JobsDDB9D109");
    expect(parseTemplate({ Resources: resources }, "Stack", settings).physicalId("Api")).toBe(
      template.physicalId("Api"),
    );
  });
});
