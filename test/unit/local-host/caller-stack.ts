import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { FIXTURE_TEMPLATE, writeFixture } from "../../support/fixture-stack/template.ts";
import { type LocalHost, startLocalHost } from "../../support/host.ts";
import { exportedItems } from "../../support/table-export.ts";
import { ORIGINATION_ARN, smallTemplate } from "../local/small-stack.ts";

/** The function's own time-out, in seconds. */
export const CALLER_TIMEOUT_SECONDS = 7;
/** How long a message of the urgent queue is hidden once it was received, in seconds. */
export const URGENT_VISIBILITY_SECONDS = 45;

const arnOf = (logicalId: string) => ({ "Fn::GetAtt": [logicalId, "Arn"] });
const queue = (VisibilityTimeout: number) => ({ Type: "AWS::SQS::Queue", Properties: { VisibilityTimeout } });
const source = (logicalId: string, more: Readonly<Record<string, unknown>> = {}) => ({
  Type: "AWS::Lambda::EventSourceMapping",
  Properties: {
    EventSourceArn: arnOf(logicalId),
    FunctionName: { Ref: "Caller" },
    BatchSize: 1,
    FunctionResponseTypes: ["ReportBatchItemFailures"],
    ...more,
  },
});
const {
  DataKey,
  EventsKey,
  Items,
  DeliveryEvents,
  InboundTexts,
  EventQueuesPolicy,
  DeliveryEventsTopic,
  InboundTextsTopic,
  TopicsPolicy,
  DeliverySubscription,
  InboundSubscription,
  OptOuts,
  Protect,
  Texts,
} = smallTemplate.Resources;

/** The fixture with a function that makes AWS calls: for API requests, for two queues and, where it listens, for texts. */
const resources = ({ listens, scheduled }: CallerStackOptions) => ({
  DataKey,
  EventsKey,
  Messages: Items,
  DeliveryEvents,
  InboundTexts,
  EventQueuesPolicy,
  DeliveryEventsTopic,
  InboundTextsTopic,
  TopicsPolicy,
  DeliverySubscription,
  InboundSubscription,
  OptOuts,
  Protect,
  Texts,
  Urgent: queue(URGENT_VISIBILITY_SECONDS),
  Bulk: queue(60),
  UrgentSource: source("Urgent"),
  BulkSource: source("Bulk", { ScalingConfig: { MaximumConcurrency: 2 } }),
  ...(listens === true ? { InboundSource: source("InboundTexts") } : {}),
  EveryMinute: {
    ...FIXTURE_TEMPLATE.Resources.EveryMinute,
    Properties: {
      ...FIXTURE_TEMPLATE.Resources.EveryMinute.Properties,
      ...(scheduled === true
        ? { Targets: [{ Id: "Target0", Arn: arnOf("Caller") }] }
        : { State: "DISABLED" }),
    },
  },
  CallerRole: { Type: "AWS::IAM::Role", Properties: {} },
  CallerPolicy: {
    Type: "AWS::IAM::Policy",
    Properties: {
      PolicyName: "caller",
      Roles: [{ Ref: "CallerRole" }],
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: ["dynamodb:PutItem", "dynamodb:GetItem"], Resource: arnOf("Messages") },
          { Effect: "Allow", Action: "sqs:*", Resource: "*" },
          { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: "*" },
          { Effect: "Allow", Action: "sms-voice:SendTextMessage", Resource: "*" },
        ],
      },
    },
  },
  Caller: {
    Type: "AWS::Lambda::Function",
    Properties: {
      ...FIXTURE_TEMPLATE.Resources.Echo.Properties,
      Code: { S3Bucket: "assets", S3Key: "caller.zip" },
      Description: "functions/caller/index.ts",
      Role: arnOf("CallerRole"),
      MemorySize: 512,
      Timeout: CALLER_TIMEOUT_SECONDS,
      Environment: {
        Variables: {
          TABLE: { Ref: "Messages" },
          URGENT_URL: { Ref: "Urgent" },
          BULK_URL: { Ref: "Bulk" },
          ORIGINATION_IDENTITY: ORIGINATION_ARN,
          CONFIGURATION_SET: { Ref: "Texts" },
        },
      },
    },
  },
  CallResource: {
    Type: "AWS::ApiGateway::Resource",
    Properties: { RestApiId: { Ref: "Api" }, ParentId: { Ref: "Open" }, PathPart: "call" },
  },
  CallTask: {
    Type: "AWS::ApiGateway::Resource",
    Properties: { RestApiId: { Ref: "Api" }, ParentId: { Ref: "CallResource" }, PathPart: "{task}" },
  },
  PostCall: {
    Type: "AWS::ApiGateway::Method",
    Properties: {
      ...FIXTURE_TEMPLATE.Resources.GetOpenFixed.Properties,
      ResourceId: { Ref: "CallTask" },
      HttpMethod: "POST",
      Integration: {
        Type: "AWS_PROXY",
        IntegrationHttpMethod: "POST",
        Uri: {
          "Fn::Join": [
            "",
            [
              "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/",
              arnOf("Caller"),
              "/invocations",
            ],
          ],
        },
      },
    },
  },
});

export type CallerStackOptions = {
  /** Whether the function reads the queue of patients' texts. */
  readonly listens?: boolean;
  /** Whether the function is called every minute. */
  readonly scheduled?: boolean;
};

export type CallRow = {
  readonly function: string;
  readonly service: string;
  readonly action: string;
  readonly error?: string;
  readonly fault?: { readonly when: string; readonly kind: string };
};

export type CallerHost = LocalHost & {
  /** Lets the function perform a task for an API request. */
  call(task: string): Promise<{ readonly status: number; readonly body: unknown }>;
  /** The calls of the function, oldest first. */
  calls(): Promise<readonly CallRow[]>;
  /** What the function stored: key and the local time when it did. */
  stored(): Promise<ReadonlyMap<string, number>>;
  now(): Promise<number>;
};

/** Starts a host of the stack in a process of its own; stopping it also removes its template. */
export async function startCallerHost(options: CallerStackOptions = {}): Promise<CallerHost> {
  const templatePath = writeFixture(resources(options));
  const assetsPath = templatePath.replace(".template.json", ".assets.json");
  const assets = JSON.parse(readFileSync(assetsPath, "utf8")) as { files: Record<string, unknown> };
  assets.files["caller"] = { source: { path: join(import.meta.dirname, "caller-function") } };
  writeFileSync(assetsPath, JSON.stringify(assets));
  const remove = () => {
    rmSync(dirname(templatePath), { recursive: true });
  };
  const host = await startLocalHost({ templatePath }).catch((error: unknown) => {
    remove();
    throw error;
  });
  return {
    ...host,
    async call(task) {
      const answer = await fetch(`${host.base}/t/open/call/${encodeURIComponent(task)}`, { method: "POST" });
      return { status: answer.status, body: await answer.json() };
    },
    async calls() {
      const { body } = await host.local("GET", "/calls");
      return (body as { items: readonly CallRow[] }).items.filter((row) => row.function === "caller");
    },
    async stored() {
      const items = await exportedItems(host, "Messages");
      return new Map(items.map(({ pk, at }) => [String(pk), Number(at)]));
    },
    async now() {
      const { body } = await host.local("GET", "/clock");
      return Date.parse((body as { now: string }).now);
    },
    async stop(signal) {
      const code = await host.stop(signal);
      remove();
      return code;
    },
  };
}
