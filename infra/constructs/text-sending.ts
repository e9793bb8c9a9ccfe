import { RemovalPolicy } from "aws-cdk-lib";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { CfnConfigurationSet, CfnOptOutList, CfnProtectConfiguration } from "aws-cdk-lib/aws-smsvoice";
import { Construct } from "constructs";
import { ALLOWED_COUNTRY_CODES, COUNTRY_CODES } from "../country-codes.ts";
import { allow } from "./allow.ts";
import type { CarrierTopic } from "./carrier-topic.ts";

/** Every text event but TEXT_SENT, which the service names and never sends; TEXT_ALL would include it. */
export const DELIVERY_EVENT_TYPES = [
  "TEXT_BLOCKED",
  "TEXT_CARRIER_BLOCKED",
  "TEXT_CARRIER_UNREACHABLE",
  "TEXT_DELIVERED",
  "TEXT_INVALID",
  "TEXT_INVALID_MESSAGE",
  "TEXT_PENDING",
  "TEXT_PROTECT_BLOCKED",
  "TEXT_QUEUED",
  "TEXT_SPAM",
  "TEXT_SUCCESSFUL",
  "TEXT_TTL_EXPIRED",
  "TEXT_UNKNOWN",
  "TEXT_UNREACHABLE",
] as const;

/** Where texts come from, how fast, and where the carrier's reports go. */
export interface TextSendingProps {
  readonly originationIdentityArn: string;
  /** Message parts; "unpaced" where the number has no limit. */
  readonly textsPerSecond: number | "unpaced";
  /** Whether STOP is answered here and numbers are put on the list by us. */
  readonly selfManagedOptOuts: boolean;
  readonly events: CarrierTopic;
}

/** The way to a phone: configuration set, countries, opt-out list, and the one grant that sends. */
export class TextSending extends Construct {
  readonly #props: TextSendingProps;
  readonly #protect: CfnProtectConfiguration;
  readonly #configuration: CfnConfigurationSet;
  readonly #optOuts: CfnOptOutList;

  constructor(scope: Construct, id: string, props: TextSendingProps) {
    super(scope, id);
    this.#props = props;
    const allowed = new Set<string>(ALLOWED_COUNTRY_CODES);
    const countries = COUNTRY_CODES.map((countryCode) => ({
      countryCode,
      protectStatus: allowed.has(countryCode) ? "ALLOW" : "BLOCK",
    }));
    // We send neither pictures nor calls, so those are blocked everywhere.
    const nowhere = COUNTRY_CODES.map((countryCode) => ({ countryCode, protectStatus: "BLOCK" }));
    this.#protect = new CfnProtectConfiguration(this, "ProtectConfiguration", {
      countryRuleSet: { sms: countries, mms: nowhere, voice: nowhere },
      deletionProtectionEnabled: true,
    });
    // It is protected from deletion: a roll-back that tried to delete it would get stuck.
    this.#protect.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.#optOuts = new CfnOptOutList(this, "OptOutList");
    this.#optOuts.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.#configuration = new CfnConfigurationSet(this, "ConfigurationSet", {
      protectConfigurationId: this.#protect.attrProtectConfigurationId,
      eventDestinations: [
        {
          eventDestinationName: "delivery-events",
          enabled: true,
          matchingEventTypes: [...DELIVERY_EVENT_TYPES],
          snsDestination: { topicArn: props.events.arn },
        },
      ],
    });
    // The service tries the topic when it gets the destination, so the topic's policy must be there first.
    this.#configuration.node.addDependency(props.events);
  }

  /** For whoever asks for texts: how many leave. */
  get pace(): { readonly TEXTS_PER_SECOND?: string } {
    const { textsPerSecond } = this;
    return textsPerSecond === null ? {} : { TEXTS_PER_SECOND: String(textsPerSecond) };
  }

  get environment(): {
    readonly ORIGINATION_IDENTITY: string;
    readonly CONFIGURATION_SET_NAME: string;
    readonly PROTECT_CONFIGURATION_ID: string;
    readonly TEXTS_PER_SECOND?: string;
    readonly OPT_OUT_LIST_NAME?: string;
  } {
    return {
      ORIGINATION_IDENTITY: this.#props.originationIdentityArn,
      CONFIGURATION_SET_NAME: this.#configuration.ref,
      PROTECT_CONFIGURATION_ID: this.#protect.attrProtectConfigurationId,
      ...this.pace,
      ...(this.#props.selfManagedOptOuts ? { OPT_OUT_LIST_NAME: this.#optOuts.ref } : {}),
    };
  }

  /** Message parts a second; null where the number has no limit. */
  get textsPerSecond(): number | null {
    const { textsPerSecond } = this.#props;
    return textsPerSecond === "unpaced" ? null : textsPerSecond;
  }

  /** For whoever attaches the registered number to it. */
  get optOutListName(): string {
    return this.#optOuts.ref;
  }

  /** Sends texts from the practice's number. */
  grantSendTexts(grantee: IGrantable): void {
    allow(grantee, {
      sid: "SendTexts",
      actions: ["sms-voice:SendTextMessage"],
      resources: [this.#props.originationIdentityArn, this.#configuration.attrArn, this.#protect.attrArn],
    });
  }

  /** Puts numbers on the list of those that want no texts, and takes them off. */
  grantKeepOptOuts(grantee: IGrantable): void {
    if (!this.#props.selfManagedOptOuts) return;
    allow(grantee, {
      sid: "KeepOptOuts",
      actions: ["sms-voice:DeleteOptedOutNumber", "sms-voice:PutOptedOutNumber"],
      resources: [this.#optOuts.attrArn],
    });
  }
  /** Sees which numbers are on the list, and changes none. */
  grantSeeOptOuts(grantee: IGrantable): void {
    allow(grantee, {
      sid: "SeeOptOuts",
      actions: ["sms-voice:DescribeOptedOutNumbers"],
      resources: [this.#optOuts.attrArn],
    });
  }
}
