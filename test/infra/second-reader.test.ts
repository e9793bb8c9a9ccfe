import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ClassificationsEnvironment } from "#functions/classifications/env.ts";
import { MessagesEnvironment } from "#functions/messages/env.ts";
import { findBreaches } from "#infra/checks/foundphone-checks.ts";
import { rolesOf } from "#infra/checks/statements.ts";
import { at, isRecord, listOf, referenced, resourcesOf, type Template } from "#infra/checks/template.ts";
import { secondReaderModel } from "#infra/second-reader.ts";
import { stageSettings } from "#infra/stages.ts";
import { createApp } from "#infra/synth.ts";
import { resolveText } from "./resolve.ts";
import { READER_MODEL, synthesized, withSecondReader } from "./synthesized.ts";

const MODEL_ARN = `arn:aws:bedrock:us-east-1::foundation-model/${READER_MODEL}`;
const off = synthesized();
const on = synthesized(withSecondReader());

function rightsOf(template: Template, name: string) {
  return rolesOf(template)
    .filter(({ functions }) => functions.includes(name))
    .flatMap(({ allowed }) => allowed);
}

function variablesOf(template: Template, name: string): Readonly<Record<string, string>> {
  const found = resourcesOf(template, "AWS::Lambda::Function").find(
    ({ properties }) => properties["Description"] === `functions/${name}/index.ts`,
  );
  const variables = at(found?.properties, "Environment", "Variables");
  return Object.fromEntries(
    Object.entries(isRecord(variables) ? variables : {}).map(([key, value]) => [
      key,
      resolveText(template, value),
    ]),
  );
}

describe("a stage without a second reader", () => {
  test("is every stage that is shipped", () => {
    expect(stageSettings("evaluation").secondReader).toBeUndefined();
  });

  test("has no permission, no variable, no metric and no alarm of it", () => {
    expect(JSON.stringify(off)).not.toMatch(/bedrock|second_?reader/i);
  });

  test("leaves classifications without any right but to its own log", () => {
    expect(rightsOf(off, "classifications").flatMap(({ actions }) => actions)).toEqual([
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "xray:PutTraceSegments",
      "xray:PutTelemetryRecords",
    ]);
  });
});

describe("a stage with a second reader", () => {
  test("lets the two functions that judge texts ask this one model in this region, and no other function", () => {
    const asking = rolesOf(on).flatMap(({ functions, allowed }) =>
      allowed
        .filter(({ actions }) => actions.some((action) => action.startsWith("bedrock")))
        .map(({ actions, resources }) => ({ functions, actions, resources })),
    );

    expect(asking).toEqual(
      expect.arrayContaining(
        ["messages", "classifications"].map((name) => ({
          functions: [name],
          actions: ["bedrock:InvokeModel"],
          resources: [MODEL_ARN],
        })),
      ),
    );
    expect(asking).toHaveLength(2);
  });

  test("tells these two the model, and an environment that their schemas accept", () => {
    const messages = variablesOf(on, "messages");
    const classifications = variablesOf(on, "classifications");

    expect(MessagesEnvironment.safeParse(messages).error).toBeUndefined();
    expect(ClassificationsEnvironment.safeParse(classifications).error).toBeUndefined();
    expect(messages["SECOND_READER_MODEL_ID"]).toBe(READER_MODEL);
    expect(Object.keys(classifications).sort()).toEqual([
      "NODE_OPTIONS",
      "PRACTICE_TABLE_NAME",
      "SECOND_READER_MODEL_ID",
    ]);
  });

  test("gives messages nothing else, and classifications only the look at the vendors' agreements", () => {
    const actionsOf = (template: Template, name: string) =>
      rightsOf(template, name).flatMap(({ actions }) => actions);
    const gained = (name: string) =>
      actionsOf(on, name).filter((action) => !actionsOf(off, name).includes(action));
    const [vendors] = resourcesOf(on, "AWS::IAM::Policy")
      .flatMap(({ properties }) => listOf(at(properties, "PolicyDocument", "Statement")))
      .filter((statement) => at(statement, "Sid") === "ReadVendorsOfPractice");

    expect(gained("messages")).toEqual(["bedrock:InvokeModel"]);
    expect(
      gained("classifications")
        .filter((action) => !action.startsWith("kms:"))
        .sort(),
    ).toEqual(["bedrock:InvokeModel", "dynamodb:GetItem"]);
    expect(vendors).toMatchObject({
      Action: "dynamodb:GetItem",
      Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["vendor"] } },
    });
  });

  test("changes no other function", () => {
    const others = (template: Template) =>
      resourcesOf(template, "AWS::IAM::Policy")
        .filter(({ id }) => !/^(?:Messages|Classifications)Function/.test(id))
        .map(({ properties }) => properties["PolicyDocument"]);

    expect(others(on)).toEqual(others(off));
  });

  test("counts silences in the logs of both as one metric, which has an alarm", () => {
    const filters = resourcesOf(on, "AWS::Logs::MetricFilter").filter(({ properties }) =>
      String(properties["FilterPattern"]).includes("SECOND_READER_SILENT"),
    );
    const names = filters.map(({ properties }) =>
      at(listOf(properties["MetricTransformations"])[0], "MetricName"),
    );
    const alarm = resourcesOf(on, "AWS::CloudWatch::Alarm").find(
      ({ properties }) => properties["MetricName"] === "SecondReaderSilent",
    );

    expect(names).toEqual(["SecondReaderSilent", "SecondReaderSilent"]);
    expect(filters.map(({ properties }) => referenced(properties["LogGroupName"]))).toEqual([
      expect.stringMatching(/^ClassificationsFunction/),
      expect.stringMatching(/^MessagesFunction/),
    ]);
    expect(alarm?.properties["Threshold"]).toBe(10);
  });

  test("passes our own checks, and CloudFormation's and the HIPAA pack's", () => {
    expect(findBreaches(on)).toEqual([]);
    const { app } = createApp({ settings: withSecondReader(), placeholderCode: true, validate: true });
    expect(() => app.synth()).not.toThrow();
  });
});

describe("the model of a stage", () => {
  test.each([
    "amazon.nova-lite-v1:0",
    "amazon.nova-micro-v1:0",
    "anthropic.claude-3-haiku-20240307-v1:0",
    "anthropic.claude-3-haiku-20240307-v1:0:48k",
    "ai21.jamba-1-5-mini-v1:0",
    "zai.glm-4.7",
  ])("is a foundation model's id: %s", (modelId) => {
    expect(secondReaderModel({ secondReader: { modelId } })).toBe(modelId);
  });

  test.each([
    "us.anthropic.claude-3-haiku-20240307-v1:0",
    "eu.amazon.nova-lite-v1:0",
    "apac.amazon.nova-lite-v1:0",
    "us-gov.anthropic.claude-3-haiku-20240307-v1:0",
    "global.anthropic.claude-sonnet-4-20250514-v1:0",
  ])("is no inference profile that takes texts out of the region: %s", (modelId) => {
    expect(() => synthesized(withSecondReader(modelId))).toThrow("out of the stage's region");
  });

  test.each([
    "arn:aws:bedrock:us-east-1:000000000000:inference-profile/us.amazon.nova-lite-v1:0",
    "arn:aws:bedrock:us-east-1:000000000000:application-inference-profile/abc",
    "arn:aws:bedrock:us-east-1:000000000000:provisioned-model/abc",
  ])("is no ARN: %s", (modelId) => {
    expect(() => synthesized(withSecondReader(modelId))).toThrow("not an ARN");
  });

  test.each([
    "",
    "nova",
    "amazon.",
    "Amazon.Nova",
    "amazon.nova *",
    "amazon.nova-*",
    "amazon..nova",
    "amazon.nova\n",
  ])("is no other text: %j", (modelId) => {
    expect(() => synthesized(withSecondReader(modelId))).toThrow("no model id of Amazon Bedrock");
  });
});

describe("the check of who may ask a model", () => {
  type Change = (statement: Record<string, unknown>, variables: Record<string, unknown>) => void;

  /** The rules that a template with one function breaks, whose role may ask the model that its environment names. */
  function broken(name: string, change: Change = () => undefined): readonly string[] {
    const statement = { Effect: "Allow", Action: "bedrock:InvokeModel", Resource: MODEL_ARN as unknown };
    const variables: Record<string, unknown> = { SECOND_READER_MODEL_ID: READER_MODEL };
    change(statement, variables);
    const Resources = {
      Role: { Type: "AWS::IAM::Role", Properties: {} },
      Function: {
        Type: "AWS::Lambda::Function",
        Properties: {
          Description: `functions/${name}/index.ts`,
          Role: { "Fn::GetAtt": ["Role", "Arn"] },
          Environment: { Variables: variables },
        },
      },
      Policy: {
        Type: "AWS::IAM::Policy",
        Properties: { Roles: [{ Ref: "Role" }], PolicyDocument: { Statement: [statement] } },
      },
    };
    return findBreaches({ Resources }).map(({ rule }) => rule);
  }

  test.each(["messages", "classifications"])("accepts %s with the model that it is told", (name) => {
    expect(broken(name)).toEqual([]);
  });

  test.each(["send-alert", "portal", "threads", "patients", "practice"])("refuses %s", (name) => {
    expect(broken(name)).toContain("SecondReaderOnlyWhereOn");
  });

  test.each<[string, Change]>([
    [
      "where the stage has none",
      (_statement, variables) => {
        delete variables["SECOND_READER_MODEL_ID"];
      },
    ],
    [
      "another model",
      (_statement, variables) => {
        variables["SECOND_READER_MODEL_ID"] = "amazon.nova-pro-v1:0";
      },
    ],
    [
      "every model",
      (statement) => {
        statement["Resource"] = "*";
      },
    ],
    [
      "every model of a provider",
      (statement) => {
        statement["Resource"] = "arn:aws:bedrock:us-east-1::foundation-model/amazon.*";
      },
    ],
    [
      "models of every region",
      (statement) => {
        statement["Resource"] = `arn:aws:bedrock:*::foundation-model/${READER_MODEL}`;
      },
    ],
    [
      "an inference profile besides",
      (statement) => {
        statement["Resource"] = [
          MODEL_ARN,
          `arn:aws:bedrock:us-east-1:000000000000:inference-profile/us.${READER_MODEL}`,
        ];
      },
    ],
    [
      "with a stream",
      (statement) => {
        statement["Action"] = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];
      },
    ],
    [
      "by another service",
      (statement) => {
        statement["Action"] = ["bedrock:InvokeModel", "comprehend:DetectEntities"];
      },
    ],
    [
      "a model that it is told and may not ask",
      (statement) => {
        statement["Action"] = "logs:PutLogEvents";
      },
    ],
  ])("refuses messages: %s", (_what, change) => {
    expect(broken("messages", change)).toContain("SecondReaderOnlyWhereOn");
  });
});

test("the runbook tells what each reason of a silence asks for", () => {
  const runbook = readFileSync(new URL("../../infra/runbook.md", import.meta.url), "utf8");
  const [, section = ""] = /^## SecondReaderSilent\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(runbook) ?? [];
  const reasons = [
    "no_agreement",
    "paused",
    "timeout",
    "throttled",
    "denied",
    "refused",
    "malformed",
    "unavailable",
  ];

  expect(reasons.filter((reason) => !section.includes(`\`${reason}\``))).toEqual([]);
});
