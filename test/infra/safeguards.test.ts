import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { resourcesOf, type Template } from "#infra/checks/template.ts";
import { runSafeguards } from "#infra/safeguards/command.ts";
import { flowsOf } from "#infra/safeguards/flows.ts";
import { inventoryOf } from "#infra/safeguards/inventory.ts";
import { mermaidOf } from "#infra/safeguards/mermaid.ts";
import { PROPOSED_RULE } from "#infra/safeguards/proposed-rule.ts";
import { safeguardsReport } from "#infra/safeguards/report.ts";
import { type Judged, judge, STATUSES } from "#infra/safeguards/safeguard.ts";
import { SECURITY_RULE } from "#infra/safeguards/security-rule.ts";
import { readSystem } from "#infra/safeguards/system.ts";
import { type StageSettings, stageSettings } from "#infra/stages.ts";
import { synthesized, withDomain, withSecondReader } from "./synthesized.ts";

type Values = Record<string, unknown>;
interface Loose {
  Resources: Record<string, { Type: string; Properties: Values; DeletionPolicy?: string }>;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const settings = stageSettings("evaluation");
const template = synthesized();
const system = readSystem(template, settings);

/** A copy of the template that may be changed. */
function copy(): Loose {
  return structuredClone(template) as unknown as Loose;
}

/** The only resource whose logical id begins with `name` and goes on with the CDK's hash. */
function idOf(name: string, of: Loose = copy()): string {
  const ids = Object.keys(of.Resources).filter((id) => id.replace(/[0-9A-F]{8}$/, "") === name);
  expect(ids, name).toHaveLength(1);
  return ids[0] ?? "";
}

function propertiesOf(of: Loose, name: string): Values {
  return of.Resources[idOf(name, of)]?.Properties ?? {};
}

/** Gives the role of a function one right more. */
function allowFurther(of: Loose, name: string, action: string, resource: unknown): void {
  const [policy] = Object.entries(of.Resources).filter(([id]) => id.startsWith(`${name}RoleDefaultPolicy`));
  const document = policy?.[1].Properties["PolicyDocument"] as { Statement: unknown[] } | undefined;
  document?.Statement.push({ Effect: "Allow", Action: action, Resource: resource });
}

function find(citation: string, changed: unknown, rules = SECURITY_RULE): Judged {
  const found = rules.find((safeguard) => safeguard.citation === citation);
  if (found === undefined) throw new Error(`no row ${citation}`);
  return judge(found, readSystem(changed, settings));
}

const lackingOf = ({ evidence }: Judged) => evidence.flatMap(({ lacking }) => lacking);

describe("the report", () => {
  const report = safeguardsReport(template, settings);

  test("is the same for the same template, whatever code its functions have", () => {
    const other = copy();
    for (const { Type, Properties } of Object.values(other.Resources)) {
      if (Type === "AWS::Lambda::Function") Properties["Code"] = { S3Bucket: "b", S3Key: "other.zip" };
    }
    const [deployment] = resourcesOf(template, "AWS::ApiGateway::Deployment");
    const text = JSON.stringify(other).replaceAll(deployment?.id ?? "?", "DeploymentOfOtherCode");
    expect(safeguardsReport(JSON.parse(text), settings)).toEqual(report);
  });

  test("names only tests and files that there are", () => {
    const judged = [...SECURITY_RULE, ...PROPOSED_RULE].map((one) => judge(one, system));
    const tests = judged.flatMap(({ evidence }) => evidence.flatMap((one) => one.tests));
    expect(new Set(tests).size).toBeGreaterThan(10);
    expect(tests.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    const mentioned =
      report.markdown.match(/(?:infra|functions|shared|test)\/[\w./-]+\.(?:md|ts|sql)/g) ?? [];
    expect(mentioned.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test("is a page that needs nothing from elsewhere and lets no text become markup", () => {
    const hostile = { ...settings.practice, textName: `<img src=x onerror="a">&'` };
    const { html } = safeguardsReport(template, { ...settings, practice: hostile });
    expect(html).not.toContain("<img");
    expect(html).toContain("&#60;img src=x onerror=&#34;a&#34;&#62;&#38;&#39;");
    expect(html).not.toMatch(/<[^>]+\s(?:src|href)=/);
    expect(html).not.toMatch(/<script|@import|url\((?!#)/);
  });

  test("names every cell of a table by its head, which a narrow screen shows beside it", () => {
    const cells = report.html.match(/<td(?: [^>]*)?>/g) ?? [];
    const named = cells.filter((cell) => /data-head="[^"]+"/.test(cell));
    const rows = SECURITY_RULE.length + PROPOSED_RULE.length;
    expect(named.length).toBe(rows * 5 + inventoryOf(system).length * 8);
  });

  test("says in every form what no template can tell", () => {
    for (const text of Object.values(report)) {
      expect(text).toContain("whether staff were trained");
      expect(text).toContain("the signed agreement with AWS");
    }
    expect(report.markdown).toContain("cannot know: ");
  });

  test("is made of other stages' templates too", () => {
    for (const stage of [withDomain("m.riverside.example", "Riverside"), withSecondReader()]) {
      const parsed = JSON.parse(safeguardsReport(synthesized(stage), stage).json);
      expect(parsed.assets.filter(({ kind }: { kind: string }) => kind === "unknown")).toEqual([]);
    }
  });

  test("refuses what is no template", () => {
    for (const wrong of [null, [], {}, { Resources: [] }, { Resources: { A: {} } }, "text"]) {
      expect(() => safeguardsReport(wrong, settings)).toThrow("no CloudFormation template");
    }
  });
});

describe("the rows", () => {
  test("are all that appendix A to subpart C of part 164 lists, once each", () => {
    const citations = SECURITY_RULE.map(({ citation }) => citation);
    expect(new Set(citations).size).toBe(citations.length);
    const count = (section: string) => citations.filter((one) => one.startsWith(section)).length;
    expect({
      administrative: count("164.308"),
      physical: count("164.310"),
      technical: count("164.312"),
    }).toEqual({ administrative: 30, physical: 12, technical: 12 });
    expect(citations).toEqual(citations.toSorted());
  });

  test("hold the standard of every implementation specification", () => {
    const citations = SECURITY_RULE.map(({ citation }) => citation);
    const parts = citations.flatMap((one) => /^(164\.\d+\(a\)\(\d\))\(ii\)/.exec(one)?.[1] ?? []);
    expect(parts.length).toBeGreaterThan(0);
    expect(
      parts.filter((standard) => standard.startsWith("164.308") && !citations.includes(`${standard}(i)`)),
    ).toEqual([]);
    for (const standard of [
      "164.308(b)(1)",
      "164.310(a)(1)",
      "164.310(d)(1)",
      "164.312(a)(1)",
      "164.314(a)(1)",
    ]) {
      expect(citations).toContain(standard);
    }
  });

  test("that send to the runbook name steps that are there", () => {
    const runbook = readFileSync(join(ROOT, "infra/runbook.md"), "utf8");
    const told = find("164.308(a)(7)(ii)(B)", template).practice ?? "";
    const [, heading = "nothing"] = /“(.+)” in infra\/runbook\.md/.exec(told) ?? [];
    expect(runbook).toMatch(new RegExp(`^#+ ${heading}$`, "m"));
  });

  test("that ask people say what the practice must show", () => {
    for (const row of [...SECURITY_RULE, ...PROPOSED_RULE].filter(({ probes }) => probes.length === 0)) {
      expect(`${row.practice ?? ""}${row.cannotKnow ?? ""}`, row.citation).not.toBe("");
    }
  });

  test("never say in place where something is lacking", () => {
    for (const safeguard of [...SECURITY_RULE, ...PROPOSED_RULE]) {
      const judged = judge(safeguard, system);
      const whole = lackingOf(judged).length === 0;
      if (judged.evidence.length > 0) {
        expect(["in place", "supported"].includes(judged.status), judged.citation).toBe(whole);
      }
    }
  });

  test("of a template without anything are missing or not the system's", () => {
    const empty = { Resources: { Nothing: { Type: "AWS::CloudFormation::WaitConditionHandle" } } };
    const fallen = ["164.312(a)(2)(iv)", "164.312(b)", "164.312(d)", "164.308(a)(7)(ii)(A)", "164.312(e)(1)"];
    for (const citation of fallen) {
      expect(["missing", "partly"], citation).toContain(find(citation, empty).status);
    }
  });
});

type Change = readonly [what: string, citation: string, change: (of: Loose) => void, names: string];

const set =
  (name: string, property: string, value: unknown) =>
  (of: Loose): void => {
    propertiesOf(of, name)[property] = value;
  };

const CHANGES: readonly Change[] = [
  [
    "point-in-time recovery is off for one table",
    "164.308(a)(7)(ii)(A)",
    set("Messages", "PointInTimeRecoverySpecification", { PointInTimeRecoveryEnabled: false }),
    "no point-in-time recovery: Messages",
  ],
  [
    "a table may be deleted",
    "164.308(a)(7)(ii)(A)",
    set("Consents", "DeletionProtectionEnabled", false),
    "no deletion protection: Consents",
  ],
  [
    "a table goes with the stack",
    "164.312(c)(1)",
    (of) => {
      const table = of.Resources[idOf("Audit", of)];
      if (table !== undefined) table.DeletionPolicy = "Delete";
    },
    "goes with the stack: Audit",
  ],
  ["a table has no own key", "164.312(a)(2)(iv)", set("Patients", "SSESpecification", undefined), "Patients"],
  [
    "a log group has no key",
    "164.312(a)(2)(iv)",
    set("PortalFunctionLogs", "KmsKeyId", undefined),
    "PortalFunctionLogs",
  ],
  [
    "a queue has no key",
    "164.312(a)(2)(iv)",
    set("InboundTexts", "KmsMasterKeyId", undefined),
    "InboundTexts",
  ],
  ["a key does not rotate", "164.312(a)(2)(iv)", set("ContentKey", "EnableKeyRotation", false), "ContentKey"],
  [
    "a bucket lies under keys of S3",
    "164.312(a)(2)(iv)",
    set("AuditTrailBucket", "BucketEncryption", {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
    }),
    "keys of Amazon S3: AuditTrailBucket",
  ],
  ["MFA is optional", "164.312(d)", set("StaffDirectory", "MfaConfiguration", "OPTIONAL"), "MFA is optional"],
  [
    "MFA may be a text",
    "164.312(d)",
    set("StaffDirectory", "EnabledMfas", ["SMS_MFA"]),
    "codes come by text",
  ],
  [
    "anybody can enrol",
    "164.312(a)(2)(i)",
    set("StaffDirectory", "AdminCreateUserConfig", { AllowAdminCreateUserOnly: false }),
    "anybody can enrol",
  ],
  [
    "passwords are short",
    "164.308(a)(5)(ii)(D)",
    set("StaffDirectory", "Policies", { PasswordPolicy: { MinimumLength: 8 } }),
    "8 characters suffice",
  ],
  [
    "tokens live an hour",
    "164.312(a)(2)(iii)",
    set("StaffDirectoryStaff", "AccessTokenValidity", 60),
    "tokens live 60 minutes",
  ],
  [
    "the authorizer's answers are kept",
    "164.308(a)(3)(ii)(C)",
    set("StaffApiAuthorizer", "AuthorizerResultTtlInSeconds", 300),
    "answers are kept for 300 s",
  ],
  [
    "a route asks nobody",
    "164.312(a)(2)(i)",
    (of) => {
      const [method] = Object.values(of.Resources).filter(
        ({ Type, Properties }) =>
          Type === "AWS::ApiGateway::Method" && Properties["AuthorizerId"] !== undefined,
      );
      delete method?.Properties["AuthorizerId"];
    },
    "asks nobody",
  ],
  ["the trail is off", "164.312(b)", set("AuditTrail", "IsLogging", false), "the trail is not logging"],
  [
    "the trail has no digests",
    "164.312(b)",
    set("AuditTrail", "EnableLogFileValidation", false),
    "no digests",
  ],
  [
    "the trail leaves a table out",
    "164.312(b)",
    (of) => {
      const selectors = JSON.stringify(propertiesOf(of, "AuditTrailItems")["AdvancedEventSelectors"]);
      propertiesOf(of, "AuditTrailItems")["AdvancedEventSelectors"] = JSON.parse(
        selectors.replace(idOf("Patients"), "Elsewhere"),
      );
    },
    "accesses to items of Patients are not recorded",
  ],
  [
    "the trail's bucket is not locked",
    "164.312(b)",
    set("AuditTrailBucket", "ObjectLockConfiguration", undefined),
    "no Object Lock: AuditTrail",
  ],
  [
    "an API logs nothing",
    "164.312(b)",
    (of) => {
      const stage = Object.values(of.Resources).find(({ Type }) => Type === "AWS::ApiGateway::Stage");
      delete stage?.Properties["AccessLogSetting"];
    },
    "logs no request",
  ],
  [
    "logs are gone after a week",
    "164.312(b)",
    set("StaffApiAccessLogs", "RetentionInDays", 7),
    "7 days: StaffApiAccessLogs",
  ],
  [
    "a role may delete audit entries",
    "164.312(b)",
    (of) => {
      allowFurther(of, "PracticeFunction", "dynamodb:DeleteItem", { "Fn::GetAtt": [idOf("Audit"), "Arn"] });
    },
    "Practice may change or delete entries",
  ],
  [
    "the trail leaves the exports out",
    "164.312(b)",
    (of) => {
      const selectors = JSON.stringify(propertiesOf(of, "AuditTrail")["AdvancedEventSelectors"]);
      propertiesOf(of, "AuditTrail")["AdvancedEventSelectors"] = JSON.parse(
        selectors.replace(idOf("Exports"), "Elsewhere"),
      );
    },
    "accesses to objects of Exports are not recorded",
  ],
  [
    "anchors are not locked",
    "164.312(c)(1)",
    set("Anchors", "ObjectLockEnabled", undefined),
    "no Object Lock: Anchors",
  ],
  [
    "anchors are locked for a year",
    "164.316(b)(2)(i)",
    set("Anchors", "ObjectLockConfiguration", {
      ObjectLockEnabled: "Enabled",
      Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 365 } },
    }),
    "locked for 365 days: Anchors",
  ],
  [
    "another function may sign anchors",
    "164.312(c)(2)",
    (of) => {
      allowFurther(of, "PortalFunction", "kms:Sign", { "Fn::GetAtt": [idOf("AnchorKey"), "Arn"] });
    },
    "several may sign: ",
  ],
  [
    "anchors are made by nobody's clock",
    "164.312(c)(2)",
    (of) => {
      delete of.Resources[idOf("AnchorSchedule", of)];
    },
    "anchors are not made on a schedule",
  ],
  [
    "contact details may be exported",
    "164.312(b)",
    (of) => {
      allowFurther(of, "ExportAuditFunction", "dynamodb:ExportTableToPointInTime", {
        "Fn::GetAtt": [idOf("Patients"), "Arn"],
      });
    },
    "ExportAudit may export Patients",
  ],
  [
    "nobody hears of a stopped trail",
    "164.308(a)(1)(ii)(B)",
    set("TrailChangedAlarm", "AlarmActions", []),
    "no alarm on StopLogging",
  ],
  [
    "audit entries run out",
    "164.316(b)(2)(i)",
    set("Audit", "TimeToLiveSpecification", { Enabled: true, AttributeName: "x" }),
    "items may run out",
  ],
  [
    "a queue takes requests without TLS",
    "164.312(e)(1)",
    (of) => {
      delete of.Resources[idOf("InboundTextsPolicy", of)];
    },
    "takes requests without TLS: InboundTexts",
  ],
  [
    "e-mail may leave without TLS",
    "164.312(e)(2)(ii)",
    set("EmailSendingConfigurationSet", "DeliveryOptions", { TlsPolicy: "OPTIONAL" }),
    "TLS is optional",
  ],
  [
    "a sender may open content",
    "164.312(e)(1)",
    (of) => {
      allowFurther(of, "SendAlertFunction", "kms:Decrypt", { "Fn::GetAtt": [idOf("ContentKey"), "Arn"] });
    },
    "SendAlertFunctionRole may send and may use the content key",
  ],
  [
    "no firewall stands in front of an API",
    "164.312(e)(1)",
    (of) => {
      delete of.Resources[idOf("PortalFirewallAssociation", of)];
    },
    "no web ACL",
  ],
  [
    "a function runs on an old runtime",
    "164.308(a)(5)(ii)(B)",
    set("PortalFunction", "Runtime", "nodejs18.x"),
    "runtime nodejs18.x: PortalFunction",
  ],
  [
    "a store appears that nobody has described",
    "164.308(a)(1)(ii)(A)",
    (of) => {
      of.Resources["Notebook00000000"] = { Type: "AWS::DynamoDB::Table", Properties: {} };
    },
    "Notebook is not described",
  ],
  [
    "data goes into a store of a kind that nobody has thought of",
    "164.312(a)(2)(iv)",
    (of) => {
      of.Resources["Replica00000000"] = { Type: "AWS::DynamoDB::GlobalTable", Properties: {} };
    },
    "nobody has said how it is protected: Replica (AWS::DynamoDB::GlobalTable)",
  ],
];

describe("a row falls when", () => {
  test.each(CHANGES)("%s (%s)", (_what, citation, change, names) => {
    const before = find(citation, template);
    const changed = copy();
    change(changed);
    const after = find(citation, changed);

    expect(["partly", "missing"]).toContain(after.status);
    expect(STATUSES.indexOf(after.status)).toBeGreaterThanOrEqual(STATUSES.indexOf(before.status));
    const fresh = lackingOf(after).filter((line) => !lackingOf(before).includes(line));
    expect(fresh.join("\n")).toContain(names);
  });
});

test("anchors under compliance mode are all that integrity asks for", () => {
  const strict: StageSettings = { ...settings, anchorLock: { mode: "compliance", days: 2192 } };
  const found = (citation: string) => find(citation, synthesized(strict));

  expect(lackingOf(find("164.312(c)(1)", template)).join()).toContain("governance mode");
  expect(found("164.312(c)(1)")).toMatchObject({ status: "in place" });
  expect(found("164.316(b)(2)(i)")).toMatchObject({ status: "supported" });
});

describe("the inventory", () => {
  test("has every store, queue, topic, log, key, function and API, each described", () => {
    const assets = inventoryOf(system);
    expect(assets.filter(({ kind }) => kind === "unknown")).toEqual([]);
    for (const type of [
      "AWS::DynamoDB::Table",
      "AWS::S3::Bucket",
      "AWS::SQS::Queue",
      "AWS::Logs::LogGroup",
    ]) {
      const ids = resourcesOf(template, type).map(({ id }) => id);
      expect(ids.length).toBeGreaterThan(0);
      expect(
        assets
          .filter((asset) => asset.type === type)
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(ids.toSorted());
    }
  });
});

describe("the flow map", () => {
  const { places, flows } = flowsOf(system);
  const between = (from: string, to: string, of: Template = template) =>
    flowsOf(readSystem(of, settings)).flows.filter((flow) => flow.from === from && flow.to === to);

  test("show how imported files come in, who works through them, and that no browser reaches them", () => {
    const at = (place: string) =>
      flows
        .filter(({ from, to }) => from === place || to === place)
        .map(({ from, to, how }) => `${from} ${how} ${to}`);
    expect(at("Imports")).toEqual(
      expect.arrayContaining(["staff calls Imports", "Imports delivers ImportsArrivals"]),
    );
    expect(at("Imports").filter((each) => each.startsWith("browser"))).toEqual([]);
    expect(at("Imports").filter((each) => /^ImportRecords\w* reads/u.test(each))).toHaveLength(1);
    expect(at("ImportsArrivals").filter((each) => each.includes("delivers ImportRecords"))).toHaveLength(1);
  });

  test("has a function where its rights put it, and nothing that opens content beside what sends", () => {
    const planes = new Map(places.map(({ label, plane }) => [label, plane]));
    expect(planes.get("send-alert")).toBe("alert");
    expect(planes.get("portal")).toBe("content");
    expect(planes.get("messages")).toBe("writer");
    const senders = flows.filter(({ to, how }) => (to === "sms" || to === "ses") && how === "sends");
    const openers = flows.filter(({ to, detail }) => to === "ContentKey" && detail.includes("opens"));
    expect(new Set(senders.map(({ from }) => from))).toEqual(new Set(["SendAlertFunction"]));
    expect(openers.map(({ from }) => from)).toEqual([
      "CheckAttachmentFunction",
      "PortalFunction",
      "ThreadsFunction",
    ]);
  });

  test("follows the template: a right more is a flow more, an event source less is one less", () => {
    const changed = copy();
    allowFurther(changed, "TasksFunction", "sms-voice:SendTextMessage", "*");
    delete changed.Resources[idOf("InboundTextsDelivery", changed)];
    const of = changed as unknown as Template;
    expect(between("TasksFunction", "sms")).toEqual([]);
    expect(between("TasksFunction", "sms", of)).toHaveLength(1);
    expect(between("InboundTexts", "ReceiveTextFunction")).toHaveLength(1);
    expect(between("InboundTexts", "ReceiveTextFunction", of)).toEqual([]);
  });

  test("has a way from the phone to the thread, and from staff to the phone", () => {
    const reach = (start: string) => {
      const seen = new Set([start]);
      for (const place of seen) for (const { from, to } of flows) if (from === place) seen.add(to);
      return seen;
    };
    expect(reach("phone")).toContain("Messages");
    expect(reach("staff")).toContain("phone");
    expect(reach("browser")).toContain("ContentKey");
  });

  test("is Mermaid in which every end of an arrow is declared", () => {
    const lines = mermaidOf({ places, flows }).trimEnd().split("\n");
    const declared = lines.flatMap((line) => /^\s+(\w+)(?:\(|\[|\{|>)/.exec(line)?.[1] ?? []);
    const arrows = lines.flatMap((line) => {
      const [, from, to] = /^ {2}(\w+) -->\|"[^"|]+"\| (\w+)$/.exec(line) ?? [];
      return from === undefined || to === undefined ? [] : [[from, to]];
    });
    expect(lines[0]).toBe("flowchart LR");
    expect(arrows).toHaveLength(flows.length);
    expect(arrows.flat().filter((id) => !declared.includes(id))).toEqual([]);
  });
});

describe("the command", () => {
  async function run(...commandArguments: readonly string[]) {
    const [output, errors] = [new PassThrough(), new PassThrough()];
    const status = await runSafeguards({ commandArguments, folder: tmpdir(), output, errors });
    return { status, output: String(output.read() ?? ""), errors: String(errors.read() ?? "") };
  }

  test("synthesizes the stage and prints the report", async () => {
    const { status, output } = await run("--format", "json");
    expect(status).toBe(0);
    expect(output).toBe(safeguardsReport(template, settings).json);
  });

  test("takes a template from a file and writes every form into a folder", async () => {
    const folder = mkdtempSync(join(tmpdir(), "safeguards-test-"));
    try {
      const file = join(folder, "a.template.json");
      writeFileSync(file, JSON.stringify(template));
      const { status, output } = await run("--template", file, "--out", join(folder, "new", "report"));
      expect({ status, output }).toEqual({ status: 0, output: "" });
      const { html } = safeguardsReport(template, settings);
      expect(readFileSync(join(folder, "new", "report", "safeguards.html"), "utf8")).toBe(html);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each([
    [["--format", "pdf"], "--format takes"],
    [["--stage", "moon"], "Unknown stage"],
    [["--template", "/nowhere/at/all.json"], "cannot be read"],
    [["--template", join(ROOT, "package.json")], "no CloudFormation template"],
    [["surplus"], "Usage:"],
  ])("answers %j in one line with status 2", async (commandArguments, words) => {
    const { status, output, errors } = await run(...commandArguments);
    expect({ status, output }).toEqual({ status: 2, output: "" });
    expect(errors).toContain(words);
    expect(errors.trimEnd()).not.toContain("\n");
  });
});
