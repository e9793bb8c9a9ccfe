import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { at, listOf, referenced, resourcesOf } from "#infra/checks/template.ts";
import { synthesized } from "./synthesized.ts";

const template = synthesized();
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

test("every dead-letter queue and every function is watched", () => {
  const watched = new Set(
    alarms.flatMap(({ properties }) =>
      listOf(properties["Dimensions"]).map((one) => referenced(at(one, "Value"))),
    ),
  );
  const queues = resourcesOf(template, "AWS::SQS::Queue").filter(({ id }) => id.includes("DeadLetters"));
  const functions = resourcesOf(template, "AWS::Lambda::Function");
  expect([...queues, ...functions].map(({ id }) => id).filter((id) => !watched.has(id))).toEqual([]);
});

test("what is counted in logs is what the functions write", () => {
  const patterns = resourcesOf(template, "AWS::Logs::MetricFilter").map(
    ({ properties }) => properties["FilterPattern"],
  );
  const catalogue = readFileSync(new URL("../../shared/runtime/log.ts", import.meta.url), "utf8");
  const codes = patterns.flatMap((pattern) => String(pattern).match(/(?<=\$\.code = ")\w+/g) ?? []);
  expect(codes.sort()).toEqual(["ALERT_UNKNOWN", "PROOF_REJECTED"]);
  for (const code of codes) expect(catalogue).toContain(`${code}:`);
});
