import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CfnResource } from "aws-cdk-lib";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ACKNOWLEDGEMENTS } from "#infra/checks.ts";
import { createApp } from "#infra/synth.ts";

interface Suppressed {
  readonly acknowledgedId: string;
  readonly acknowledgedAt: string;
  readonly reason: string;
}

interface Report {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly unknown[];
    readonly suppressedViolations?: readonly Suppressed[];
  }[];
}

const outdir = mkdtempSync(join(tmpdir(), "foundphone-synth-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

let report: Report;
beforeAll(() => {
  createApp({ outdir, placeholderCode: true, validate: true }).app.synth();
  report = JSON.parse(readFileSync(join(outdir, "validation-report.json"), "utf8")) as Report;
});

test("no finding is left unacknowledged", () => {
  expect(report.pluginReports.flatMap(({ violations }) => violations)).toEqual([]);
});

test("every acknowledgement silences a finding, and nothing else is silenced", () => {
  const suppressed = report.pluginReports.flatMap(({ suppressedViolations }) => suppressedViolations ?? []);
  const used = suppressed.map(({ acknowledgedId, acknowledgedAt }) => `${acknowledgedId} ${acknowledgedAt}`);
  const recorded = ACKNOWLEDGEMENTS.flatMap(({ rule, constructs }) =>
    constructs.map((path) => `HIPAA.Security::HIPAA.Security-${rule} Foundphone/${path}`),
  );
  expect([...new Set(used)].sort()).toEqual(recorded.sort());
});

test("every acknowledgement gives a reason and a control", () => {
  for (const { reason, control } of ACKNOWLEDGEMENTS) {
    expect(reason.length).toBeGreaterThan(40);
    expect(control).toMatch(/^164\.3\d\d\(/);
  }
});

test("a finding of the HIPAA pack stops the synthesis", () => {
  const { app, stack } = createApp({ placeholderCode: true, validate: true });
  new Bucket(stack, "Open");
  expect(() => app.synth()).toThrow("S3BucketSSLRequestsOnly");
});

test("a breach of our own rules and a template that CloudFormation would refuse stop the synthesis", () => {
  const { app, stack } = createApp({ placeholderCode: true, validate: true });
  new CfnResource(stack, "Plain", { type: "AWS::SQS::Queue", properties: { DelaySeconds: "long" } });
  let message = "";
  try {
    app.synth();
  } catch (error) {
    message = String(error);
  }
  expect(message).toContain("Foundphone-OwnKey");
  expect(message).toContain("CloudFormation-Validate");
});
