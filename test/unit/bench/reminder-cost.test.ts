import { describe, expect, it } from "vitest";
import { fixedCost, runsAMonth } from "#infra/bench/fixed-cost.ts";
import { readPrices } from "#infra/bench/prices.ts";
import { billOf, type MeteredRun, totalOf, usageOf } from "#infra/bench/reminder-cost.ts";

const prices = readPrices();
const report = (durationMs: number) =>
  JSON.stringify({ type: "platform.report", record: { metrics: { durationMs } } });
const tableCall = (name: string, units: { read?: number; write?: number; items: number }, tables = 1) => ({
  function: name,
  service: "dynamodb",
  action: "TransactWriteItems",
  resource: Array.from({ length: tables }, (_, index) => `arn:${String(index)}`).join(","),
  units: { read: 0, write: 0, indexRead: 0, indexWrite: 0, ...units },
});

const RUN: MeteredRun = {
  calls: [
    tableCall("send-alert", { write: 20, items: 8 }, 3),
    tableCall("send-alert", { write: 10, items: 4 }),
    tableCall("remind", { read: 2, items: 4 }),
    tableCall("patients", { write: 1_000, items: 1 }),
    { function: "send-alert", service: "kms", action: "Decrypt", resource: "arn:key" },
    { function: "remind", service: "sqs", action: "SendMessageBatch", resource: "arn:queue" },
    { function: "patients", service: "sqs", action: "SendMessage", resource: "arn:queue" },
  ],
  lines: [
    { function: "send-alert", message: report(500) },
    { function: "remind", message: report(100) },
    { function: "remind", message: "something else" },
    { function: "patients", message: report(9_000) },
  ],
  topicMessages: 2,
  trailIsCopied: true,
  memoryMb: new Map([
    ["send-alert", 512],
    ["remind", 1_024],
  ]),
};
const PATH = new Set(["send-alert", "remind"]);

describe("the price table", () => {
  it("is dated, names its region and says what AWS itself was not seen to name", () => {
    expect(prices.region).toBe("us-east-1");
    expect(prices.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/u);
    expect(prices.unconfirmed).toContain("dynamodb-write-unit");
    expect(prices.unconfirmed).not.toContain("cloudtrail-data-event");
    expect(prices.dollars("cloudtrail-data-event", 100_000)).toBeCloseTo(0.1);
    expect(prices.dollars("dynamodb-write-unit", 2_000_000)).toBeCloseTo(1.25);
  });
});

describe("what a run used", () => {
  const usage = usageOf(RUN, PATH);

  it("is summed over the functions that belong to it, and no others", () => {
    expect(usage).toMatchObject({
      writeUnits: 30,
      readUnits: 2,
      dataEvents: 3,
      kmsRequests: 1,
      invocations: 2,
      // 0.5 s of half a GB, and 0.1 s of one.
      gbSeconds: 0.35,
      // A call, two messages of a topic, and receive and delete for the one batch that a queue fed.
      sqsRequests: 5,
      snsPublishes: 2,
    });
    expect(Object.fromEntries(usage.calls)).toEqual({
      "send-alert dynamodb TransactWriteItems": 2,
      "remind dynamodb TransactWriteItems": 1,
      "send-alert kms Decrypt": 1,
      "remind sqs SendMessageBatch": 1,
    });
  });

  it("costs what the table says for each", () => {
    const bill = new Map(billOf(usage, prices).map(({ what, dollars }) => [what, dollars]));
    expect(bill.get("DynamoDB, writes")).toBeCloseTo((30 * 0.625) / 1e6, 12);
    expect(bill.get("DynamoDB, reads")).toBeCloseTo((2 * 0.125) / 1e6, 12);
    expect(bill.get("CloudTrail, data events")).toBeCloseTo(3 / 1e6, 12);
    expect(bill.get("KMS")).toBeCloseTo(3 / 1e6, 12);
    expect(bill.get("Lambda")).toBeCloseTo(0.35 * 0.0000133334 + (2 * 0.2) / 1e6, 12);
    expect(bill.get("SQS and SNS")).toBeCloseTo((5 * 0.4 + 2 * 0.5) / 1e6, 12);
    expect(totalOf(billOf(usage, prices))).toBeCloseTo(
      [...bill.values()].reduce((sum, dollars) => sum + dollars, 0),
      12,
    );
  });

  it("grows by what a trail's record of more items and tables takes, where it is copied", () => {
    const of = (items: number, tables: number, trailIsCopied = true) => {
      const calls = [tableCall("remind", { write: 1, items }, tables)];
      return usageOf({ ...RUN, calls, trailIsCopied }, PATH).trailCopyBytes;
    };
    expect(of(10, 4, false)).toBe(0);
    expect(of(10, 1)).toBeGreaterThan(of(1, 1));
    expect(of(1, 4)).toBeGreaterThan(of(1, 1));
  });
});

describe("the fixed cost", () => {
  it("counts what the template has, whatever is sent", () => {
    const rule = (name: string) => ({ Name: name });
    const template = {
      Resources: {
        A: { Type: "AWS::KMS::Key", Properties: {} },
        B: { Type: "AWS::KMS::Key", Properties: {} },
        C: { Type: "AWS::CloudWatch::Alarm", Properties: {} },
        D: {
          Type: "AWS::CloudWatch::Alarm",
          Properties: { Metrics: [{ MetricStat: {} }, { MetricStat: {} }, { Expression: "a+b" }] },
        },
        E: { Type: "AWS::WAFv2::WebACL", Properties: { Rules: [rule("rate"), rule("size")] } },
        F: {
          Type: "AWS::Logs::MetricFilter",
          Properties: { MetricTransformations: [{ MetricName: "one" }] },
        },
        G: { Type: "AWS::Lambda::EventSourceMapping", Properties: {} },
      },
    };
    const bill = fixedCost(template, prices, new Map([["remind", { dollars: 0.00001, runsAMonth: 43_800 }]]));

    expect(bill.map(({ what, dollars }) => [what, Number(dollars.toFixed(4))])).toEqual([
      ["2 KMS keys", 2],
      ["2 alarms", 0.3],
      ["1 metrics from logs", 0.3],
      ["1 web ACLs with 2 rules", 7],
      // 5 pollers × 3 a minute × 43,800 minutes × $0.40 a million.
      ["1 queues, asked while empty", 0.2628],
      ["remind, 43800 runs with nothing due", 0.438],
    ]);
  });

  it("knows how often a schedule comes due", () => {
    expect(runsAMonth("rate(1 minute)")).toBe(43_800);
    expect(runsAMonth("rate(5 minutes)")).toBe(8_760);
    expect(runsAMonth("rate(1 day)")).toBeCloseTo(30.4, 1);
    expect(runsAMonth("cron(0 9 * * ? *)")).toBeUndefined();
  });
});
