import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { at, listOf, resourcesOf } from "#infra/checks/template.ts";
import { stageSettings } from "#infra/stages.ts";
import { FIXED_WORDS_CHARACTERS, textBudget } from "#infra/text-budget.ts";
import { textNumbers } from "#infra/text-numbers.ts";
import { SHIPPED_TEMPLATES } from "#shared/domain/alerts/shipped.ts";
import { synthesized, withDomain } from "./synthesized.ts";

const template = synthesized();

test("texts go to the United States and its territories, pictures and calls nowhere", () => {
  const [protect] = resourcesOf(template, "AWS::SMSVOICE::ProtectConfiguration");
  const rules = (kind: string) => listOf(at(protect?.properties, "CountryRuleSet", kind));
  const allowed = (kind: string) =>
    rules(kind)
      .filter((rule) => at(rule, "ProtectStatus") === "ALLOW")
      .map((rule) => String(at(rule, "CountryCode")));
  expect(allowed("SMS").sort()).toEqual(["AS", "GU", "MP", "PR", "US", "VI"]);
  expect(allowed("MMS")).toEqual([]);
  expect(allowed("VOICE")).toEqual([]);
});

test("every country that the platform knows is listed", () => {
  const [protect] = resourcesOf(template, "AWS::SMSVOICE::ProtectConfiguration");
  const rules = listOf(at(protect?.properties, "CountryRuleSet", "SMS"));
  const listed = rules.map((rule) => String(at(rule, "CountryCode")));
  expect(new Set(listed).size).toBe(listed.length);
  const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("");
  const known = letters
    .flatMap((first) => letters.map((second) => first + second))
    .filter((code) => names.of(code));
  // Names that Intl also has for what is no country of ISO 3166-1: groups, reserved and withdrawn codes.
  const none =
    /^(AC|AN|BU|CP|CQ|CS|DD|DG|DY|EA|EU|EZ|FX|HV|IC|NH|NQ|NT|PC|PU|PZ|QO|QU|RH|SU|TA|TP|UK|UN|VD|WK|X[AB]|YD|YU|ZR|ZZ|CT|FQ|JT|MI|PZ|VD|AI)$/;
  expect(known.filter((code) => !none.test(code) && !listed.includes(code))).toEqual([]);
});

test("every text event but TEXT_SENT reaches the delivery topic", () => {
  const [configuration] = resourcesOf(template, "AWS::SMSVOICE::ConfigurationSet");
  const [destination] = listOf(configuration?.properties["EventDestinations"]);
  const types = listOf(at(destination, "MatchingEventTypes"));
  const model = JSON.parse(
    readFileSync(new URL("../../infra/local/aws/sms-model.json", import.meta.url), "utf8"),
  );
  const all: string[] = model.shapes.EventType.enum;
  const wanted = all.filter(
    (type) => type.startsWith("TEXT_") && type !== "TEXT_SENT" && type !== "TEXT_ALL",
  );
  expect(types.map(String).sort()).toEqual(wanted.sort());
});

test("the topic's policy is there before the configuration set publishes to it", () => {
  const [configuration] = Object.values(template.Resources).filter(
    ({ Type }) => Type === "AWS::SMSVOICE::ConfigurationSet",
  );
  const [policy] = resourcesOf(template, "AWS::SNS::TopicPolicy").filter(({ id }) =>
    id.startsWith("DeliveryEventsTopic"),
  );
  expect(listOf(at(configuration, "DependsOn"))).toContain(policy?.id);
});

test("the event bus is a second source of the same queue", () => {
  const rule = resourcesOf(template, "AWS::Events::Rule").find(({ id }) =>
    id.startsWith("DeliveryEventsRule"),
  );
  expect(rule?.properties["EventPattern"]).toEqual({
    source: ["aws.sms-voice"],
    "detail-type": ["Text Message Delivery Status Updated"],
  });
});

test("without a domain a text may take two parts", () => {
  expect(textBudget(stageSettings("evaluation")).partsMax).toBe(2);
});

test("the budget counts the words of the longest template with a link and neither a date nor a name", () => {
  const ALWAYS = ["practice", "phone", "link"];
  const words = SHIPPED_TEMPLATES.filter(({ parts }) => {
    const slots = parts.flatMap((part) => (typeof part === "object" ? [part.slot] : []));
    return slots.includes("link") && slots.every((slot) => ALWAYS.includes(slot));
  }).map(({ parts }) => parts.filter((part) => typeof part === "string").join("").length);
  expect(FIXED_WORDS_CHARACTERS).toBe(Math.max(...words));
});

test("with a domain a text takes one part, and what is left is told", () => {
  const settings = withDomain("a.example", "Office");
  const used = "https://a.example/m/".length + 44 + FIXED_WORDS_CHARACTERS + "Office".length;
  const phone = settings.practice.phone.length;
  if (160 - used - phone < 0) expect(() => textBudget(settings)).toThrow("would not fit");
  else expect(textBudget(settings)).toEqual({ partsMax: 1, freeCharacters: 160 - used - phone });
});

test("a host or a name that makes texts too long stops the synthesis", () => {
  expect(() => synthesized(withDomain("messages.a-rather-long-practice-name.example", "Office"))).toThrow(
    "would not fit",
  );
  expect(() =>
    synthesized(withDomain("messages.a-practice.example", "A Practice With A Name Of 30 C")),
  ).toThrow("would not fit");
});

describe("what stands in texts is checked with and without a domain", () => {
  const evaluation = stageSettings("evaluation");
  const stages = [evaluation, withDomain("a.example", "Office")];
  const changed = (practice: Partial<typeof evaluation.practice>) =>
    stages.map((stage) => ({ ...stage, practice: { ...stage.practice, ...practice } }));

  test.each([
    "",
    " ",
    "Office ",
    "A practice with a very long name",
    "Café",
    "Office\n",
    "Office [x]",
    "Dr. ’s",
    "Office€",
  ])("the name %j stops the synthesis", (textName) => {
    for (const settings of changed({ textName })) {
      expect(() => synthesized(settings)).toThrow(/^The practice's text name must be .+$/);
    }
  });

  test.each(["", "12345", "202-555-0143 ext. 1234567", "202-555-O143", "202–555–0143"])(
    "the phone %j stops the synthesis",
    (phone) => {
      for (const settings of changed({ phone })) {
        expect(() => synthesized(settings)).toThrow(/^The practice's phone must be .+$/);
      }
    },
  );

  test.each(["A", "O'Hara, Lee & Co. 2-B", "Riverside Office"])("the name %j is fit", (textName) => {
    expect(textBudget({ ...evaluation, practice: { ...evaluation.practice, textName } }).partsMax).toBe(2);
  });
});

test("an unknown stage is refused", () => {
  expect(() => stageSettings("nowhere")).toThrow("Unknown stage");
});

describe("the numbers that the public page names", () => {
  test("are handed to the portal as they are printed", () => {
    expect(textNumbers({ textNumbers: ["+1 800-555-0199", "(202) 555-0143", "72345"] })).toEqual({
      TEXT_NUMBERS: "+1 800-555-0199,(202) 555-0143,72345",
    });
    expect(textNumbers({})).toEqual({});
  });

  test.each(["", "call us", "<b>1</b>", "800-555-0199, 800-555-0198", "+1 800 555 0199 0199 0199 0199"])(
    "are not %j",
    (number) => {
      expect(() => textNumbers({ textNumbers: [number] })).toThrow("textNumbers");
    },
  );
});
