import { listOf, recordOf, textOf } from "../../json-shape.ts";
import type { Template } from "../template.ts";
import type { Topics } from "../topics.ts";

/** Where a configuration set of SES reports to, and about what: types in lower case. */
type EventDestination = { readonly topicArn: string; readonly types: ReadonlySet<string> };

/** A configuration set of SES. */
export type EmailConfigurationSet = {
  readonly name: string;
  readonly arn: string;
  /** Whether e-mails go over TLS or not at all; SES's own default is to try. */
  readonly requiresTls: boolean;
  readonly destinations: readonly EventDestination[];
};

/** The types that an event destination may ask for, as SES spells them in an event. */
const DESTINATION_TYPES = [
  "Send",
  "Reject",
  "Bounce",
  "Complaint",
  "Delivery",
  "Open",
  "Click",
  "RenderingFailure",
  "DeliveryDelay",
  "Subscription",
];

/** The configuration sets of the template; throws for destinations that could not be reached. */
export function readEmailConfigurationSets(
  template: Template,
  topics: Topics,
): readonly EmailConfigurationSet[] {
  const destinations = template.byType("AWS::SES::ConfigurationSetEventDestination");
  return template.byType("AWS::SES::ConfigurationSet").map(({ logicalId, properties }) => {
    const name = template.physicalId(logicalId);
    return {
      name,
      arn: `arn:aws:ses:${template.region}:${template.account}:configuration-set/${name}`,
      requiresTls: recordOf(properties["DeliveryOptions"])["TlsPolicy"] === "REQUIRE",
      destinations: destinations
        .filter((destination) => destination.properties["ConfigurationSetName"] === name)
        .flatMap((destination) =>
          readDestination(
            destination.logicalId,
            recordOf(destination.properties["EventDestination"]),
            topics,
          ),
        ),
    };
  });
}

function readDestination(
  logicalId: string,
  { Enabled: enabled, MatchingEventTypes: types, SnsDestination: sns }: Readonly<Record<string, unknown>>,
  topics: Topics,
): readonly EventDestination[] {
  const topicArn = textOf(recordOf(sns)["TopicARN"]);
  if (topicArn === undefined)
    throw new Error(`The local host knows only SNS event destinations (${logicalId}).`);
  const asked = listOf(types).map((type) => plainType(String(type)));
  if (asked.some((type) => !DESTINATION_TYPES.map(plainType).includes(type)))
    throw new Error(`An event destination of ${logicalId} names a type that does not exist.`);
  const refusals = topics.publisherRefusals("ses.amazonaws.com", topicArn);
  if (refusals.length > 0) throw new Error(`SES could not publish: ${refusals.join(" ")}`);
  // CloudFormation's default, unlike the console's.
  return enabled === true ? [{ topicArn, types: new Set(asked) }] : [];
}

/** A type without case and separators: templates write `deliveryDelay` or DELIVERY_DELAY, events DeliveryDelay. */
export function plainType(type: string): string {
  return type.toLowerCase().replaceAll(/[\s_]/gu, "");
}
