import { listOf, recordOf, textOf } from "../../json-shape.ts";
import type { LocalFunction } from "../functions.ts";
import type { Template } from "../template.ts";
import type { Topics } from "../topics.ts";
import { modelEnum } from "./sms-model.ts";

/** A number or pool that texts may come from. */
export type Identity = { readonly arn: string; readonly id: string; readonly phoneNumber: string };

/** Where a configuration set reports to, and about what. */
export type EventDestination = { readonly topicArn: string; readonly types: readonly string[] };

/** A configuration set of the template. */
export type ConfigurationSet = {
  readonly name: string;
  readonly arn: string;
  readonly protectConfigurationId: string | undefined;
  readonly destinations: readonly EventDestination[];
};

/** The countries that may be texted, by ISO code. */
export type ProtectConfiguration = {
  readonly id: string;
  readonly arn: string;
  readonly sms: ReadonlyMap<string, string>;
};

/** The number the local practice has where the template only names one that exists already. */
export const PRACTICE_NUMBER = "+18005550199";

/** Numbers and pools of the template, and the existing identity that a function's environment names. */
export function readIdentities(template: Template, functions: readonly LocalFunction[]): readonly Identity[] {
  const own = ["AWS::SMSVOICE::PhoneNumber", "AWS::SMSVOICE::Pool"].flatMap((type) =>
    template.byType(type).map(({ logicalId }) => ({
      arn: template.attribute(logicalId, "Arn"),
      id: template.physicalId(logicalId),
      phoneNumber: PRACTICE_NUMBER,
    })),
  );
  const given = functions.flatMap(({ environment }) => environment["ORIGINATION_IDENTITY"] ?? []);
  const existing = [...new Set(given)]
    .filter((identity) => !own.some(({ arn, id }) => arn === identity || id === identity))
    .map((identity) => ({
      arn: identity.startsWith("arn:")
        ? identity
        : `arn:aws:sms-voice:${template.region}:${template.account}:phone-number/${identity}`,
      id: identity.split("/").at(-1) ?? identity,
      phoneNumber: identity.startsWith("+") ? identity : PRACTICE_NUMBER,
    }));
  return [...own, ...existing];
}

/** The configuration sets of the template; throws for destinations that could not be reached. */
export function readConfigurationSets(template: Template, topics: Topics): readonly ConfigurationSet[] {
  return template.byType("AWS::SMSVOICE::ConfigurationSet").map(({ logicalId, properties }) => {
    const destinations = listOf(properties["EventDestinations"]).flatMap(
      (destination): readonly EventDestination[] => {
        const { Enabled: enabled, MatchingEventTypes: types, SnsDestination: sns } = recordOf(destination);
        const topicArn = textOf(recordOf(sns)["TopicArn"]);
        if (topicArn === undefined)
          throw new Error(`The local host knows only SNS event destinations (${logicalId}).`);
        const unknown = listOf(types).find(
          (type) => !modelEnum("EventType").includes(String(type)) || type === "TEXT_SENT",
        );
        if (unknown !== undefined)
          throw new Error(`An event destination of ${logicalId} names a type that does not exist.`);
        assertPublishes(topics, topicArn);
        return enabled === false ? [] : [{ topicArn, types: listOf(types).map(String) }];
      },
    );
    return {
      name: template.physicalId(logicalId),
      arn: template.attribute(logicalId, "Arn"),
      protectConfigurationId: textOf(properties["ProtectConfigurationId"]),
      destinations,
    };
  });
}

/** The protect configurations of the template, as far as SMS goes. */
export function readProtectConfigurations(template: Template): readonly ProtectConfiguration[] {
  return template.byType("AWS::SMSVOICE::ProtectConfiguration").map(({ logicalId, properties }) => {
    const rules = listOf(recordOf(properties["CountryRuleSet"])["SMS"]).map(recordOf);
    return {
      id: template.physicalId(logicalId),
      arn: template.attribute(logicalId, "Arn"),
      // A country without a rule is allowed, as in a new protect configuration.
      sms: new Map(rules.map((rule) => [String(rule["CountryCode"]), String(rule["ProtectStatus"])])),
    };
  });
}

/** Who acts on a patient's STOP: the practice, or the network. */
export type OptOutRegime = "self-managed" | "carrier";

/** What is set on the practice's number: whose STOP is, and the name of the opt-out list that it is attached to. */
export type NumberSettings = { readonly optOuts: OptOutRegime; readonly optOutListName: string };

/**
 * The settings of the template's own number or pool; where the number exists already, what the template's outputs say
 * must be set on it. A number of which nothing is said is as AWS makes it: on the account's default list.
 */
export function readNumberSettings(template: Template): NumberSettings {
  const [own] = ["AWS::SMSVOICE::PhoneNumber", "AWS::SMSVOICE::Pool"].flatMap((type) =>
    template.byType(type),
  );
  const selfManaged =
    own === undefined
      ? template.output("NumberSelfManagedOptOuts") === "true"
      : String(own.properties["SelfManagedOptOutsEnabled"]) === "true";
  const listName =
    own === undefined ? template.output("NumberOptOutListName") : textOf(own.properties["OptOutListName"]);
  return { optOuts: selfManaged ? "self-managed" : "carrier", optOutListName: listName ?? "Default" };
}

/** The topic of the template's number or pool; where the number exists already, the topic made for inbound texts. */
export function twoWayTopic(template: Template, topics: Topics): string | undefined {
  const channels = ["AWS::SMSVOICE::PhoneNumber", "AWS::SMSVOICE::Pool"].flatMap((type) =>
    template
      .byType(type)
      .flatMap(({ properties }) => textOf(recordOf(properties["TwoWay"])["ChannelArn"]) ?? []),
  );
  const made = template
    .byType("AWS::SNS::Topic")
    .filter(({ logicalId }) => logicalId.startsWith("InboundTexts"));
  const topic = channels[0] ?? made.map(({ logicalId }) => template.physicalId(logicalId))[0];
  if (topic !== undefined) assertPublishes(topics, topic);
  return topic;
}

function assertPublishes(topics: Topics, topic: string): void {
  const refusals = topics.publisherRefusals("sms-voice.amazonaws.com", topic);
  if (refusals.length > 0) throw new Error(`End User Messaging could not publish: ${refusals.join(" ")}`);
}
