import { Stack } from "aws-cdk-lib";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { CfnConfigurationSet, CfnConfigurationSetEventDestination } from "aws-cdk-lib/aws-ses";
import { Construct } from "constructs";
import type { EmailSettings } from "../stages.ts";
import { allow } from "./allow.ts";
import { CarrierTopic } from "./carrier-topic.ts";
import type { Keys } from "./keys.ts";
import type { RedrivenQueue } from "./redriven-queue.ts";

/**
 * What SES reports. Not the sending itself, whose answer tells that already; not opening and clicking, which would need
 * pictures and addresses that watch the patient; no failed rendering, since no template lies with SES.
 */
export const EMAIL_EVENT_TYPES = ["delivery", "bounce", "complaint", "reject", "deliveryDelay"] as const;

const SERVICE = "ses.amazonaws.com";
// A quoted name could hide a second address; a name and an address as they are need no quotes.
const FROM = /^(?:[A-Za-z0-9 &'-]{1,64} <)?([A-Za-z0-9._%+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+)>?$/;

/** The bare address of `Name <address>` or `address`; throws for anything else. */
export function senderAddress(from: string): string {
  const address = FROM.exec(from)?.[1];
  if (address === undefined || from.includes("<") !== from.endsWith(">")) {
    throw new Error("The sender of e-mails must be `Name <address>` or an address, without quotes.");
  }
  return address;
}

/** The way to a mailbox: TLS or not at all, reports on a topic of their own, and the one grant that sends. */
export class EmailSending extends Construct {
  readonly #settings: EmailSettings;
  readonly #address: string;
  readonly #configuration: CfnConfigurationSet;

  constructor(
    scope: Construct,
    id: string,
    {
      settings,
      keys,
      events,
    }: {
      readonly settings: EmailSettings;
      readonly keys: Keys;
      /** Where reports of either channel wait for the function that records them. */
      readonly events: RedrivenQueue;
    },
  ) {
    super(scope, id);
    this.#settings = settings;
    this.#address = senderAddress(settings.from);
    keys.events.allowDelivery(SERVICE);
    const topic = new CarrierTopic(this, "EventsTopic", {
      key: keys.events,
      queue: events,
      service: SERVICE,
    });
    this.#configuration = new CfnConfigurationSet(this, "ConfigurationSet", {
      // A mail server that speaks no TLS gets nothing (45 CFR 164.312(e)(1)).
      deliveryOptions: { tlsPolicy: "REQUIRE" },
      reputationOptions: { reputationMetricsEnabled: true },
      suppressionOptions: { suppressedReasons: ["BOUNCE", "COMPLAINT"] },
    });
    const destination = new CfnConfigurationSetEventDestination(this, "EventDestination", {
      configurationSetName: this.#configuration.ref,
      eventDestination: {
        name: "email-events",
        enabled: true,
        matchingEventTypes: [...EMAIL_EVENT_TYPES],
        snsDestination: { topicArn: topic.arn },
      },
    });
    // The service tries the topic when it gets the destination, so the topic's policy must be there first.
    destination.node.addDependency(topic);
  }

  /** Who e-mails come from, as mailboxes show it. */
  get sender() {
    return { EMAIL_FROM: this.#settings.from };
  }

  get environment() {
    return { ...this.sender, EMAIL_CONFIGURATION_SET: this.#configuration.ref };
  }

  /** Sends e-mails from the practice's address and no other. */
  grantSendEmails(grantee: IGrantable): void {
    const stack = Stack.of(this);
    const arn = (resource: string, resourceName: string) =>
      stack.formatArn({ service: "ses", resource, resourceName });
    allow(grantee, {
      sid: "SendEmails",
      actions: ["ses:SendEmail"],
      resources: [
        this.#settings.identityArn ?? arn("identity", this.#address.split("@").at(-1) ?? ""),
        arn("configuration-set", this.#configuration.ref),
      ],
      conditions: { StringEquals: { "ses:FromAddress": this.#address } },
    });
  }
}
