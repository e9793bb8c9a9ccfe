import { randomUUID } from "node:crypto";
import { type JsonRecord, listOf, recordOf, textOf } from "../json-shape.ts";
import { awsError, unknownOperation } from "./aws-error.ts";
import type { EventBus } from "./event-bus.ts";
import type { LocalFunction } from "./functions.ts";
import { type AwsService, type Operation, readJsonOperation } from "./service.ts";
import type { Template } from "./template.ts";
import { countryOf } from "./texts/dialling-codes.ts";
import { modelEnum, validateInput } from "./texts/sms-model.ts";
import { type AcceptedText, busDetail, statusEvent } from "./texts/text-events.ts";
import {
  type ConfigurationSet,
  type Identity,
  type OptOutList,
  PRACTICE_NUMBER,
  type ProtectConfiguration,
  readConfigurationSets,
  readIdentities,
  readOptOutLists,
  readProtectConfigurations,
  twoWayTopic,
} from "./texts/text-resources.ts";
import type { Topics } from "./topics.ts";

/** End User Messaging, for the host: what was sent, what the carrier reports, what patients text back. */
export type Sms = {
  readonly service: AwsService;
  /** The practice's number, which texts come from and go to. */
  readonly phoneNumber: string;
  /** Every accepted text, oldest first. */
  texts(): readonly AcceptedText[];
  /** The carrier reports; throws RangeError for an unknown text or a type that is no TEXT_ event. */
  emitEvent(textId: string, eventType: string): void;
  /** A patient texts the practice's number. */
  receive(text: { readonly from: string; readonly body: string }): void;
  /** The carrier reports, by itself, on every text whose time has come and of which it was not told to report before. */
  reportDue(nowMs?: number): void;
  /** Reports that the carrier makes at once and has not made yet. */
  pending(): number;
  stop(): void;
};

/** AWS's simulator destination in the US whose delivery always fails. */
const FAILING_DESTINATION = "+14254147167";
/** Real milliseconds until the carrier reports of that destination. */
const FAILURE_DELAY_MS = 20;
/** Local milliseconds until the carrier reports of any other: time to make it report something else. */
const DELIVERY_DELAY_MS = 30_000;
const LOOK_EVERY_MS = 500;
const OPERATIONS = new Set([
  "SendTextMessage",
  "PutOptedOutNumber",
  "DeleteOptedOutNumber",
  "DescribeOptedOutNumbers",
]);

/** Reads configuration sets, protect configurations, opt-out lists and numbers of the template. */
export function createSms(
  template: Template,
  functions: readonly LocalFunction[],
  topics: Topics,
  bus: EventBus,
): Sms {
  const texts: AcceptedText[] = [];
  const identities = readIdentities(template, functions);
  const sets = readConfigurationSets(template, topics);
  const protections = readProtectConfigurations(template);
  const optOuts = readOptOutLists(template);
  const timers = new Set<NodeJS.Timeout>();
  const inboundTopic = twoWayTopic(template, topics);
  /** Texts of which the carrier has not reported, with the time when it does. */
  const unreported = new Map<AcceptedText, number>();

  const later = (task: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      task();
    }, FAILURE_DELAY_MS);
    timers.add(timer);
  };

  const emit = (text: AcceptedText, eventType: string): void => {
    text.status = eventType.replace(/^TEXT_/, "");
    const event = statusEvent(text, eventType);
    for (const { topicArn, types } of sets.find(({ name }) => name === text.configurationSet)?.destinations ??
      []) {
      if (types.includes(eventType) || types.includes("TEXT_ALL") || types.includes("ALL"))
        topics.publish(topicArn, JSON.stringify(event));
    }
    bus.put({
      source: "aws.sms-voice",
      detailType: "Text Message Delivery Status Updated",
      detail: busDetail(event),
    });
  };

  const deliver = (text: AcceptedText): void => {
    if (text.to === FAILING_DESTINATION) {
      later(() => emit(text, "TEXT_CARRIER_UNREACHABLE"));
      return;
    }
    unreported.set(text, Date.now() + DELIVERY_DELAY_MS);
  };

  const reportDue = (nowMs = Date.now()): void => {
    for (const [text, dueMs] of unreported) {
      if (dueMs > nowMs) continue;
      unreported.delete(text);
      emit(text, "TEXT_SUCCESSFUL");
      emit(text, "TEXT_DELIVERED");
    }
  };
  const looking = setInterval(() => {
    reportDue();
  }, LOOK_EVERY_MS);
  looking.unref();

  const resolveSend = (
    input: JsonRecord,
  ): {
    identity: Identity;
    set: ConfigurationSet | undefined;
    protection: ProtectConfiguration | undefined;
  } => {
    const wanted = textOf(input["OriginationIdentity"]);
    // AWS would pick any number of the account, which it advises against; the local host makes the choice visible.
    if (wanted === undefined)
      throw awsError("ValidationException", "The local host needs an OriginationIdentity.", {
        Reason: "MISSING_PARAMETER",
      });
    const identity = identities.find((each) => [each.arn, each.id, each.phoneNumber].includes(wanted));
    if (identity === undefined) throw notFound("phone-number");
    const setName = textOf(input["ConfigurationSetName"]);
    const set = sets.find((each) => each.name === setName || each.arn === setName);
    if (setName !== undefined && set === undefined) throw notFound("configuration-set");
    const protectId = textOf(input["ProtectConfigurationId"]) ?? set?.protectConfigurationId;
    const protection = protections.find((each) => each.id === protectId || each.arn === protectId);
    if (protectId !== undefined && protection === undefined) throw notFound("protect-configuration");
    return { identity, set, protection };
  };

  /** The ARN of a resource that a request names by ARN, id or name, also where there is none: the policy decides first. */
  const resourceArn = (
    type: string,
    named: unknown,
    known: readonly { readonly arn: string; readonly id?: string; readonly name?: string }[],
  ): string => {
    const text = textOf(named) ?? "*";
    const found = known.find(({ arn, id, name }) => [arn, id, name].includes(text));
    return (
      found?.arn ??
      (text.startsWith("arn:")
        ? text
        : `arn:aws:sms-voice:${template.region}:${template.account}:${type}/${text}`)
    );
  };
  const sendResources = (input: JsonRecord): readonly string[] => [
    resourceArn("phone-number", input["OriginationIdentity"], identities),
    ...(input["ConfigurationSetName"] == null
      ? []
      : [resourceArn("configuration-set", input["ConfigurationSetName"], sets)]),
    ...(input["ProtectConfigurationId"] == null
      ? []
      : [resourceArn("protect-configuration", input["ProtectConfigurationId"], protections)]),
  ];

  const send = (input: JsonRecord): JsonRecord => {
    const { identity, set, protection } = resolveSend(input);
    for (const parameter of [
      "Keyword",
      "MaxPrice",
      "DestinationCountryParameters",
      "MessageFeedbackEnabled",
    ]) {
      if (input[parameter] != null)
        throw awsError("ValidationException", `The local host does not support the parameter ${parameter}.`, {
          Reason: "INVALID_PARAMETER",
        });
    }
    const to = `+${(textOf(input["DestinationPhoneNumber"]) ?? "").replace(/^\+/, "")}`;
    const body = textOf(input["MessageBody"]);
    if (body === undefined)
      throw awsError("ValidationException", "The field MessageBody must not be null.", {
        Reason: "MISSING_PARAMETER",
      });
    const isoCountryCode = countryOf(to);
    if (isoCountryCode === undefined)
      throw awsError("ValidationException", "The destination number belongs to no country.", {
        Reason: "INVALID_PARAMETER",
      });
    if (optOuts.some(({ numbers }) => numbers.has(to))) {
      throw awsError("ConflictException", "The destination phone number is opted out.", {
        Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT",
        ResourceType: "opted-out-number",
      });
    }
    if (protection?.sms.get(isoCountryCode) === "BLOCK") {
      throw awsError(
        "ConflictException",
        "The destination country is blocked by the protect configuration.",
        {
          Reason: "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION",
          ResourceType: "protect-configuration",
          ResourceId: protection.id,
        },
      );
    }
    const id = randomUUID();
    if (input["DryRun"] === true) return { MessageId: id };
    const text: AcceptedText = {
      id,
      to,
      from: identity.phoneNumber,
      body,
      sentAt: new Date().toISOString(),
      context: recordOf(input["Context"]) as Readonly<Record<string, string>>,
      status: "ACCEPTED",
      messageType: textOf(input["MessageType"]) ?? "TRANSACTIONAL",
      isoCountryCode,
      configurationSet: set?.name,
      protectConfigurationId: protection?.id,
    };
    texts.push(text);
    deliver(text);
    return { MessageId: id };
  };

  const listOfInput = (input: JsonRecord): OptOutList => {
    const wanted = textOf(input["OptOutListName"]);
    const list = optOuts.find(({ name, arn }) => name === wanted || arn === wanted);
    if (list === undefined) throw notFound("opt-out-list");
    return list;
  };
  const optedOut = (input: JsonRecord): string =>
    `+${(textOf(input["OptedOutNumber"]) ?? "").replace(/^\+/, "")}`;
  const optOutAnswer = (list: OptOutList, number: string, at: number): JsonRecord => ({
    OptOutListArn: list.arn,
    OptOutListName: list.name,
    OptedOutNumber: number,
    OptedOutTimestamp: at / 1000,
    EndUserOptedOut: false,
  });

  const run = ({ name, input }: Operation): JsonRecord => {
    switch (name) {
      case "SendTextMessage":
        return send(input);
      case "PutOptedOutNumber": {
        const list = listOfInput(input);
        const at = list.numbers.get(optedOut(input)) ?? Date.now();
        list.numbers.set(optedOut(input), at);
        return optOutAnswer(list, optedOut(input), at);
      }
      case "DeleteOptedOutNumber": {
        const list = listOfInput(input);
        const at = list.numbers.get(optedOut(input));
        if (at === undefined) throw notFound("opted-out-number");
        list.numbers.delete(optedOut(input));
        return optOutAnswer(list, optedOut(input), at);
      }
      case "DescribeOptedOutNumbers": {
        for (const parameter of ["Filters", "NextToken"]) {
          if (input[parameter] != null)
            throw awsError(
              "ValidationException",
              `The local host does not support the parameter ${parameter}.`,
              { Reason: "INVALID_PARAMETER" },
            );
        }
        const list = listOfInput(input);
        const wanted = listOf(input["OptedOutNumbers"]).map(String);
        const numbers = [...list.numbers].filter(
          ([number]) => wanted.length === 0 || wanted.includes(number),
        );
        return {
          OptOutListArn: list.arn,
          OptOutListName: list.name,
          OptedOutNumbers: numbers.map(([number, at]) => ({
            OptedOutNumber: number,
            OptedOutTimestamp: at / 1000,
            EndUserOptedOut: false,
          })),
        };
      }
      default:
        throw unknownOperation(name);
    }
  };

  return {
    service: {
      name: "sms-voice",
      read: (request) => {
        const operation = readJsonOperation(request, "PinpointSMSVoiceV2");
        if (!OPERATIONS.has(operation.name)) throw unknownOperation(operation.name);
        return operation;
      },
      permissions: ({ name, input }) => {
        const named =
          name === "SendTextMessage"
            ? sendResources(input)
            : [resourceArn("opt-out-list", input["OptOutListName"], optOuts)];
        return named.map((resource) => ({ action: `sms-voice:${name}`, resource, context: {} }));
      },
      run: (operation) => {
        // After the permission, as a caller without one learns nothing about its request.
        validateInput(operation.name, operation.input);
        return run(operation);
      },
    },
    phoneNumber: identities[0]?.phoneNumber ?? PRACTICE_NUMBER,
    texts: () => texts.map((text) => ({ ...text })),
    emitEvent: (textId, eventType) => {
      const text = texts.find(({ id }) => id === textId);
      if (text === undefined) throw new RangeError("There is no such text.");
      // The service documents TEXT_SENT as unsupported, and the _ALL types only select.
      if (
        !eventType.startsWith("TEXT_") ||
        !modelEnum("EventType").includes(eventType) ||
        ["TEXT_ALL", "TEXT_SENT"].includes(eventType)
      ) {
        throw new RangeError("There is no such event type.");
      }
      unreported.delete(text);
      emit(text, eventType);
    },
    receive: ({ from, body }) => {
      const answered = texts.findLast(({ to }) => to === from);
      const inbound = {
        originationNumber: from,
        destinationNumber: identities[0]?.phoneNumber ?? PRACTICE_NUMBER,
        messageKeyword: body.trim().split(/\s+/, 1)[0]?.toUpperCase() ?? "",
        messageBody: body,
        inboundMessageId: randomUUID(),
        ...(answered === undefined ? {} : { previousPublishedMessageId: answered.id }),
      };
      if (inboundTopic === undefined) throw new Error("The template has no topic for inbound texts.");
      topics.publish(inboundTopic, JSON.stringify(inbound));
    },
    reportDue,
    pending: () => timers.size,
    stop: () => {
      clearInterval(looking);
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

function notFound(type: string): Error {
  return awsError("ResourceNotFoundException", "A resource in the request does not exist.", {
    ResourceType: type,
  });
}
