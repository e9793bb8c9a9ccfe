import { readFileSync } from "node:fs";
import * as sesErrors from "@aws-sdk/client-sesv2";
import { expect, test } from "vitest";
import { at, listOf, referenced, resourcesOf } from "#infra/checks/template.ts";
import { ACCOUNT_REFUSALS } from "#infra/constructs/text-watches.ts";
import { synthesized, withSecondReader } from "./synthesized.ts";

// With everything that a stage can switch on.
const template = synthesized(withSecondReader());
const alarms = resourcesOf(template, "AWS::CloudWatch::Alarm");
const described = alarms.map(({ properties }) =>
  String(properties["AlarmDescription"]).replace("infra/runbook.md: ", ""),
);
const runbook = readFileSync(new URL("../../infra/runbook.md", import.meta.url), "utf8");

test("every alarm has its heading in the runbook, and every heading its alarm", () => {
  const headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  expect(headings.map(String).sort()).toEqual([...described].sort());
});

test("every heading tells what the alarm means, where to look and what to do", () => {
  const sections = runbook.split(/^## /m).slice(1);
  const incomplete = sections.filter(
    (section) => !["- Means: ", "- Look: ", "- Do: "].every((part) => section.includes(part)),
  );
  expect(incomplete).toEqual([]);
});

test("every alarm goes to the encrypted alarm topic", () => {
  const [topic] = resourcesOf(template, "AWS::SNS::Topic").filter(({ id }) => id.startsWith("AlarmTopic"));
  expect(referenced(topic?.properties["KmsMasterKeyId"])).toMatch(/^DataKey/);
  const targets = alarms.map(({ properties }) => listOf(properties["AlarmActions"]).map(referenced));
  expect(new Set(targets.flat())).toEqual(new Set([topic?.id]));
});

/** The resources that an alarm's one metric, or those of its expression, are about. */
function dimensionsOf(alarm: Readonly<Record<string, unknown>>) {
  const metrics = listOf(alarm["Metrics"]).map((one) => at(one, "MetricStat", "Metric"));
  return [alarm, ...metrics]
    .flatMap((metric) => listOf(at(metric, "Dimensions")))
    .map((one) => referenced(at(one, "Value")));
}

test("every dead-letter queue and every function is watched", () => {
  const watched = new Set(alarms.flatMap(({ properties }) => dimensionsOf(properties)));
  const queues = resourcesOf(template, "AWS::SQS::Queue").filter(({ id }) => /DeadLetters|^Missed/.test(id));
  const functions = resourcesOf(template, "AWS::Lambda::Function");
  expect([...queues, ...functions].map(({ id }) => id).filter((id) => !watched.has(id))).toEqual([]);
});

test("what is counted in logs is what the functions write", () => {
  const patterns = resourcesOf(template, "AWS::Logs::MetricFilter").map(
    ({ properties }) => properties["FilterPattern"],
  );
  const catalogue = readFileSync(new URL("../../shared/runtime/log.ts", import.meta.url), "utf8");
  const codes = patterns.flatMap((pattern) => String(pattern).match(/(?<=\$\.code = ")\w+/g) ?? []);
  expect([...new Set(codes)].sort()).toEqual([
    "ALERT_DEFERRED",
    "ALERT_EXPIRED",
    "ALERT_NOT_SENT",
    "ALERT_UNKNOWN",
    "ANCHOR_SIGNED",
    "FOREIGN_FORM",
    "NEW_LINK_NOT_ASKED",
    "PROOF_REJECTED",
    "SECOND_READER_SILENT",
    "TASK_LATE",
  ]);
  for (const code of codes) expect(catalogue).toContain(`${code}:`);
});

test("a function's alarm counts its failed invocations and the lines of level ERROR in its own log", () => {
  const functions = resourcesOf(template, "AWS::Lambda::Function");
  const filters = resourcesOf(template, "AWS::Logs::MetricFilter");
  for (const { id, properties } of functions) {
    const alarm = alarms.find((one) => dimensionsOf(one.properties).includes(id));
    const metrics = listOf(alarm?.properties["Metrics"]);
    const names = metrics.map((one) => at(one, "MetricStat", "Metric", "MetricName")).filter(Boolean);
    const filter = filters.find((one) => {
      const [transformation] = listOf(one.properties["MetricTransformations"]);
      return names.includes(at(transformation, "MetricName"));
    });
    expect(metrics.map((one) => at(one, "Expression")).filter(Boolean)).toEqual([
      "FILL(failed, 0) + FILL(lines, 0)",
    ]);
    expect(names).toContain("Errors");
    expect(names).toHaveLength(2);
    expect(filter?.properties["FilterPattern"]).toBe('{ $.level = "ERROR" }');
    expect(referenced(filter?.properties["LogGroupName"])).toBe(
      referenced(at(properties, "LoggingConfig", "LogGroup")),
    );
  }
});

test("texts that failed and an account that may not send raise alarms", () => {
  const patterns = resourcesOf(template, "AWS::Logs::MetricFilter")
    .filter(({ properties }) => referenced(properties["LogGroupName"])?.startsWith("SendAlertFunction"))
    .map(({ properties }) => String(properties["FilterPattern"]));
  const withCode = (code: string) => patterns.find((pattern) => pattern.includes(code)) ?? "";
  expect(withCode("ALERT_NOT_SENT")).toContain('&& ($.outcome = "failed")');
  for (const reason of ACCOUNT_REFUSALS) {
    expect(withCode("ALERT_DEFERRED")).toContain(`($.reason = "${reason}")`);
  }
});

test("what counts as a refusal of the account is the service's own word, in small letters", () => {
  const model = JSON.parse(
    readFileSync(new URL("../../infra/local/aws/sms-model.json", import.meta.url), "utf8"),
  );
  const exceptions = ["AccessDeniedException", "ServiceQuotaExceededException"];
  const words: string[] = exceptions.flatMap((name) => [name, ...model.shapes[`${name}Reason`].enum]);
  const ofEmail = Object.keys(sesErrors);
  const known = new Set([...words, ...ofEmail].map((word) => word.toLowerCase()));
  expect(ACCOUNT_REFUSALS.filter((reason) => !known.has(reason))).toEqual([]);
});

test("the event bus's rule is watched by its name", () => {
  const rule = resourcesOf(template, "AWS::Events::Rule").find(({ id }) =>
    id.startsWith("DeliveryEventsRule"),
  );
  const alarm = alarms.find(({ properties }) => properties["MetricName"] === "FailedInvocations");
  expect(dimensionsOf(alarm?.properties ?? {})).toEqual([rule?.id]);
});

test("the alarm topic's ARN is an output", () => {
  const { Outputs } = template as unknown as { Outputs: Record<string, { Value: unknown }> };
  expect(referenced(Outputs["AlarmTopicArn"]?.Value)).toMatch(/^AlarmTopic/);
});

test("three hours without an anchor raise an alarm, also where the function writes nothing at all", () => {
  const [alarm] = alarms.filter(({ id }) => id.startsWith("AnchorsMissing"));
  expect(alarm?.properties).toMatchObject({
    MetricName: "AnchorsSigned",
    Period: 3600,
    EvaluationPeriods: 3,
    Threshold: 1,
    ComparisonOperator: "LessThanThreshold",
    TreatMissingData: "breaching",
  });
});
