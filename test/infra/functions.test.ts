import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ZodObject } from "zod";
import { rolesOf } from "#infra/checks/statements.ts";
import { at, isRecord, listOf, mentions, referenced, resourcesOf } from "#infra/checks/template.ts";
import { resolveText } from "./resolve.ts";
import { synthesized } from "./synthesized.ts";

const FUNCTIONS_FOLDER = join(import.meta.dirname, "../../functions");
const COMMON = ["NODE_OPTIONS"];

const template = synthesized();
const functions = resourcesOf(template, "AWS::Lambda::Function").map(({ id, properties }) => ({
  id,
  properties,
  name: String(properties["Description"]).replace(/^functions\/(.+)\/index\.ts$/, "$1"),
  environment: at(properties, "Environment", "Variables"),
}));

async function schemaOf(name: string): Promise<ZodObject | undefined> {
  const file = join(FUNCTIONS_FOLDER, name, "env.ts");
  if (!existsSync(file)) return undefined;
  const exported: Record<string, unknown> = await import(file);
  const found = Object.entries(exported).find(([key]) => key.endsWith("Environment"));
  return found?.[1] as ZodObject | undefined;
}

test("the stack has every function that the repository has", () => {
  const folders = readdirSync(FUNCTIONS_FOLDER).filter((name) =>
    existsSync(join(FUNCTIONS_FOLDER, name, "index.ts")),
  );
  expect(functions.map(({ name }) => name)).toEqual(expect.arrayContaining(folders));
});

describe.each(functions)("$name", ({ name, id, properties, environment }) => {
  const variables = isRecord(environment) ? environment : {};
  const rights = rolesOf(template).find(({ functions: names }) => names.includes(name));
  const statements = resourcesOf(template, "AWS::IAM::Policy")
    .filter((policy) => mentions(policy.properties["Roles"], rights?.role ?? ""))
    .flatMap((policy) => listOf(at(policy.properties, "PolicyDocument", "Statement")));
  const touched = (prefix: string, type: string, direct = false) =>
    statements
      .filter((statement) =>
        listOf(at(statement, "Action")).some((action) => String(action).startsWith(prefix)),
      )
      .filter((statement) => !direct || !JSON.stringify(statement).includes("kms:ViaService"))
      .flatMap((statement) => listOf(at(statement, "Resource")))
      .map((resource) => referenced(resource) ?? "")
      .filter((logicalId) => template.Resources[logicalId]?.Type === type);
  const named = (type: string) =>
    Object.values(variables)
      .map((value) => referenced(value) ?? "")
      .filter((logicalId) => template.Resources[logicalId]?.Type === type);
  const distinct = (ids: readonly string[]) => [...new Set(ids)].sort();

  test("gets an environment that its own schema accepts, and nothing more", async () => {
    const schema = await schemaOf(name);
    const texts = Object.fromEntries(
      Object.entries(variables).map(([key, value]) => [key, resolveText(template, value)]),
    );
    const own = Object.keys(texts).filter((key) => !COMMON.includes(key));
    if (schema === undefined) expect(own).toEqual([]);
    else {
      expect(schema.safeParse(texts).error).toBeUndefined();
      const required = Object.entries(schema.shape).filter(([, one]) => !one.safeParse(undefined).success);
      expect(own).toEqual(expect.arrayContaining(required.map(([key]) => key)));
      expect(Object.keys(schema.shape)).toEqual(expect.arrayContaining(own));
    }
  });

  test("may use the tables that it is told, and no others", () => {
    expect(distinct(touched("dynamodb:", "AWS::DynamoDB::Table"))).toEqual(
      distinct(named("AWS::DynamoDB::Table")),
    );
  });

  test("may use the keys that it is told, and no others but through tables, queues and buckets", () => {
    const told = distinct(named("AWS::KMS::Key"));
    expect(told).toEqual(expect.arrayContaining(distinct(touched("kms:", "AWS::KMS::Key", true))));
    expect(distinct(touched("kms:", "AWS::KMS::Key"))).toEqual(expect.arrayContaining(told));
  });

  test("may send to the queues that it is told, and no others", () => {
    // Where Lambda puts its failed invocations in its name, which it is not told.
    const failures = resourcesOf(template, "AWS::Lambda::EventInvokeConfig")
      .filter((one) => referenced(one.properties["FunctionName"]) === id)
      .map((one) => referenced(at(one.properties, "DestinationConfig", "OnFailure", "Destination")) ?? "");
    expect(distinct(touched("sqs:SendMessage", "AWS::SQS::Queue"))).toEqual(
      distinct([...named("AWS::SQS::Queue"), ...failures]),
    );
  });

  test("runs on Node 24 on arm64 with its own log group, in JSON", () => {
    expect(properties).toMatchObject({
      Architectures: ["arm64"],
      Handler: "index.handler",
      Runtime: "nodejs24.x",
      LoggingConfig: { LogFormat: "JSON" },
    });
    const logGroup = referenced(at(properties, "LoggingConfig", "LogGroup"));
    const sharers = functions.filter(
      (one) => referenced(at(one.properties, "LoggingConfig", "LogGroup")) === logGroup,
    );
    expect(sharers.map((one) => one.id)).toEqual([id]);
  });
});

test("only the alert plane may use the SMS service, and it has nothing to do with the content key", () => {
  const senders = rolesOf(template).filter(({ allowed }) =>
    allowed.some(({ actions }) => actions.some((action) => action.startsWith("sms-voice:"))),
  );
  const uses = senders.flatMap(({ functions: [name], allowed }) =>
    allowed
      .flatMap(({ actions }) => actions)
      .filter((action) => action.startsWith("sms-voice:"))
      .map((action) => `${name} ${action}`),
  );
  expect(uses.sort()).toEqual([
    "reconcile-opt-outs sms-voice:DescribeOptedOutNumbers",
    "send-alert sms-voice:DeleteOptedOutNumber",
    "send-alert sms-voice:PutOptedOutNumber",
    "send-alert sms-voice:SendTextMessage",
  ]);
  const contentKey =
    resourcesOf(template, "AWS::KMS::Key").find(({ id }) => id.startsWith("ContentKey"))?.id ?? "";
  expect(contentKey).not.toBe("");
  for (const { allowed } of senders) {
    expect(
      allowed.some(({ resources }) => resources.some((resource) => mentions(resource, contentKey))),
    ).toBe(false);
  }
});

test("the content key is opened by portal and threads, for files by who checks them, and else only sealed under", () => {
  const uses = rolesOf(template).flatMap(({ functions: [name], allowed }) =>
    allowed
      .filter(({ resources }) => resources.some((resource) => referenced(resource)?.startsWith("ContentKey")))
      .flatMap(({ actions, conditions }) => {
        const files = at(conditions, "StringEquals", "kms:ViaService") === undefined ? "" : " of files";
        return actions
          .filter((action) => action.startsWith("kms:"))
          .map((action) => `${name} ${action}${files}`);
      }),
  );
  expect(uses.sort()).toEqual([
    "attachments kms:GenerateDataKey",
    "attachments kms:GenerateDataKey of files",
    "check-attachment kms:Decrypt of files",
    "check-attachment kms:GenerateDataKey of files",
    "messages kms:GenerateDataKey",
    "portal kms:Decrypt",
    "portal kms:Decrypt of files",
    "portal kms:GenerateDataKey",
    "portal kms:GenerateDataKey of files",
    "receive-text kms:GenerateDataKey",
    "tasks kms:GenerateDataKey",
    "threads kms:Decrypt",
    "threads kms:Decrypt of files",
    "threads kms:GenerateDataKey",
  ]);
});

test("a queue leaves its function six times the time-out, or lets a waiting person's request come back sooner", () => {
  const mappings = resourcesOf(template, "AWS::Lambda::EventSourceMapping");
  const seen = mappings.flatMap(({ properties }) => {
    const consumer = functions.find(({ id }) => mentions(properties["FunctionName"], id));
    const queue = template.Resources[referenced(properties["EventSourceArn"]) ?? ""]?.Properties;
    expect(properties["FunctionResponseTypes"]).toEqual(["ReportBatchItemFailures"]);
    // A file takes minutes; what it leaves comes back as soon as it can.
    expect(consumer?.properties["Timeout"]).toBe(consumer?.name === "import-records" ? 900 : 60);
    const handover = {
      to: consumer?.name,
      batchSize: properties["BatchSize"],
      visibilitySeconds: at(queue, "VisibilityTimeout"),
      concurrencyMax: at(properties, "ScalingConfig", "MaximumConcurrency"),
    };
    return [[referenced(properties["EventSourceArn"])?.slice(0, -8), handover]];
  });
  expect(Object.fromEntries(seen)).toEqual({
    AttachmentsArrivals: { to: "check-attachment", batchSize: 1, visibilitySeconds: 90 },
    BulkAlerts: { to: "send-alert", batchSize: 3, visibilitySeconds: 360, concurrencyMax: 4 },
    DeliveryEvents: { to: "record-delivery", batchSize: 10, visibilitySeconds: 360, concurrencyMax: 2 },
    ImportsArrivals: { to: "import-records", batchSize: 1, visibilitySeconds: 960 },
    InboundTexts: { to: "receive-text", batchSize: 1, visibilitySeconds: 90, concurrencyMax: 10 },
    UrgentAlerts: { to: "send-alert", batchSize: 1, visibilitySeconds: 90 },
  });
});

test("five attempts of an urgent request begin while a code is still good", () => {
  const codeSeconds = 10 * 60;
  const urgent = resourcesOf(template, "AWS::SQS::Queue").find(
    ({ id, properties }) => id.startsWith("UrgentAlerts") && properties["RedrivePolicy"] !== undefined,
  );
  const attempts = Number(at(urgent?.properties["RedrivePolicy"], "maxReceiveCount"));
  expect((attempts - 1) * Number(urgent?.properties["VisibilityTimeout"])).toBeLessThan(codeSeconds);
});

const actionsOn = (name: string, table: string) =>
  rolesOf(template)
    .filter(({ functions: names }) => names.includes(name))
    .flatMap(({ allowed }) => allowed)
    .filter(({ resources }) => resources.some((resource) => referenced(resource)?.startsWith(table)))
    .flatMap(({ actions }) => actions)
    .sort();

test("record-delivery adds no alert", () => {
  expect(actionsOn("record-delivery", "Messages")).toEqual([
    "dynamodb:BatchGetItem",
    "dynamodb:GetItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
  ]);
});

test("send-alert holds to the patient that it read", () => {
  expect(actionsOn("send-alert", "Patients")).toEqual([
    "dynamodb:BatchGetItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:GetItem",
    // Numbers, by the partition keys that the grants name: what the carrier says of them is recorded.
    "dynamodb:PutItem",
    "dynamodb:Query",
  ]);
});
