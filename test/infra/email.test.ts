import { describe, expect, test } from "vitest";
import { findBreaches } from "#infra/checks/foundphone-checks.ts";
import { rolesOf } from "#infra/checks/statements.ts";
import { at, listOf, mentions, referenced, resourcesOf } from "#infra/checks/template.ts";
import { senderAddress } from "#infra/constructs/email-sending.ts";
import { stageSettings } from "#infra/stages.ts";
import { synthesized } from "./synthesized.ts";

const template = synthesized();
const { email: _email, ...withoutEmail } = stageSettings("evaluation");

function one(type: string, prefix = "") {
  const [found, ...others] = resourcesOf(template, type).filter(({ id }) => id.startsWith(prefix));
  if (found === undefined || others.length > 0) throw new Error(`not exactly one ${type}`);
  return found;
}

/** Statements of the policies of a function's role that allow `action`. */
function statementsFor(name: string, action: string) {
  const role = rolesOf(template).find(({ functions }) => functions.includes(name))?.role ?? "";
  return resourcesOf(template, "AWS::IAM::Policy")
    .filter(({ properties }) => mentions(properties["Roles"], role))
    .flatMap(({ properties }) => listOf(at(properties, "PolicyDocument", "Statement")))
    .filter((statement) => listOf(at(statement, "Action")).includes(action));
}

test("an e-mail leaves over TLS or not at all, and its reputation is measured", () => {
  const { properties } = one("AWS::SES::ConfigurationSet");

  expect(properties).toMatchObject({
    DeliveryOptions: { TlsPolicy: "REQUIRE" },
    ReputationOptions: { ReputationMetricsEnabled: true },
    SuppressionOptions: { SuppressedReasons: ["BOUNCE", "COMPLAINT"] },
  });
  expect(properties["TrackingOptions"]).toBeUndefined();
});

test("what became of an e-mail is reported on a topic of its own, under the key of events", () => {
  const { id, properties } = one("AWS::SES::ConfigurationSetEventDestination");
  const topic = referenced(at(properties, "EventDestination", "SnsDestination", "TopicARN")) ?? "";
  const policies = resourcesOf(template, "AWS::SNS::TopicPolicy").filter(({ properties: policy }) =>
    mentions(policy["Topics"], topic),
  );

  expect(at(properties, "EventDestination", "Enabled")).toBe(true);
  expect(listOf(at(properties, "EventDestination", "MatchingEventTypes"))).toEqual([
    "delivery",
    "bounce",
    "complaint",
    "reject",
    "deliveryDelay",
  ]);
  expect(referenced(at(template.Resources[topic]?.Properties, "KmsMasterKeyId"))).toMatch(/^EventsKey/);
  expect(policies).toHaveLength(1);
  const publishers = listOf(at(policies[0]?.properties, "PolicyDocument", "Statement")).filter(
    (statement) => at(statement, "Effect") === "Allow",
  );
  expect(publishers).toEqual([
    expect.objectContaining({
      Action: "sns:Publish",
      Principal: { Service: "ses.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": "000000000000" } },
    }),
  ]);
  // The policy must be there before the service tries the topic.
  expect(listOf((template.Resources[id] as { DependsOn?: unknown }).DependsOn)).toContain(policies[0]?.id);
  const [subscription] = resourcesOf(template, "AWS::SNS::Subscription").filter(
    ({ properties: subscribed }) => referenced(subscribed["TopicArn"]) === topic,
  );
  expect(referenced(subscription?.properties["Endpoint"])).toMatch(/^DeliveryEvents/);
});

test("only send-alert sends e-mails, from the practice's address, through the configuration set", () => {
  const senders = rolesOf(template).filter(({ allowed }) =>
    allowed.some(({ actions }) => actions.some((action) => action.startsWith("ses:"))),
  );
  expect(senders.flatMap(({ functions }) => functions)).toEqual(["send-alert"]);

  const statements = statementsFor("send-alert", "ses:SendEmail");

  expect(statements).toHaveLength(1);
  expect(at(statements[0], "Condition")).toEqual({
    StringEquals: { "ses:FromAddress": "office@riverside-office.example" },
  });
  const resources = listOf(at(statements[0], "Resource"));
  expect(resources).toHaveLength(2);
  expect(JSON.stringify(resources[0])).toContain(":identity/riverside-office.example");
  expect(mentions(resources[1], one("AWS::SES::ConfigurationSet").id)).toBe(true);
});

test("send-alert is told the sender and the configuration set, or neither", () => {
  const toldTo = (made: typeof template) => {
    const [sendAlert] = resourcesOf(made, "AWS::Lambda::Function").filter(({ id }) =>
      id.startsWith("SendAlert"),
    );
    const variables = at(sendAlert?.properties, "Environment", "Variables") as Record<string, unknown>;
    return Object.keys(variables).filter((name) => name.startsWith("EMAIL_"));
  };

  expect(toldTo(template).sort()).toEqual(["EMAIL_CONFIGURATION_SET", "EMAIL_FROM"]);
  expect(toldTo(synthesized(withoutEmail))).toEqual([]);
});

test("a stage without e-mail has nothing of it", () => {
  const made = synthesized(withoutEmail);

  expect(JSON.stringify(made)).not.toMatch(/ses\.amazonaws\.com|ses:|AWS::SES/);
});

test("an identity that is not the domain's can be named", () => {
  const identityArn = "arn:aws:ses:us-east-1:000000000000:identity/office@riverside-office.example";
  const made = synthesized({
    ...withoutEmail,
    email: { from: "office@riverside-office.example", identityArn },
  });

  expect(JSON.stringify(made)).toContain(identityArn);
});

describe("the sender", () => {
  test.each([
    ["Riverside Office <office@riverside-office.example>", "office@riverside-office.example"],
    ["office@riverside-office.example", "office@riverside-office.example"],
  ])("of %j is %s", (from, address) => {
    expect(senderAddress(from)).toBe(address);
  });

  test.each([
    "",
    "Office",
    "Office <office@riverside-office.example",
    "office@riverside-office.example>",
    '"A, b@c.example" <office@riverside-office.example>',
    "Office <office@riverside-office.example>\r\nBcc: x@y.example",
    "Office <office@localhost>",
  ])("%j stops the synthesis", (from) => {
    expect(() => synthesized({ ...withoutEmail, email: { from } })).toThrow("The sender of e-mails");
  });
});

describe("our own checks", () => {
  const broken = (Resources: Parameters<typeof findBreaches>[0]["Resources"]) =>
    findBreaches({ Resources }).map(({ rule }) => rule);

  test.each([{}, { DeliveryOptions: {} }, { DeliveryOptions: { TlsPolicy: "OPTIONAL" } }])(
    "find a configuration set that does not require TLS: %j",
    (Properties) => {
      expect(broken({ Set: { Type: "AWS::SES::ConfigurationSet", Properties } })).toEqual(["EmailNeedsTls"]);
    },
  );

  test.each(["open", "CLICK"])("find who watches patients read (%s)", (type) => {
    const Properties = { EventDestination: { MatchingEventTypes: ["delivery", type] } };

    expect(broken({ To: { Type: "AWS::SES::ConfigurationSetEventDestination", Properties } })).toEqual([
      "NobodyWatchesReading",
    ]);
  });
});
