import { randomUUID } from "node:crypto";
import { type JsonRecord, recordOf, textOf } from "../json-shape.ts";
import { awsError, unknownOperation } from "./aws-error.ts";
import type { EventBus } from "./event-bus.ts";
import type { LocalFunction } from "./functions.ts";
import { type AwsService, type Operation, readJsonOperation } from "./service.ts";
import type { Template } from "./template.ts";
import { type CarrierAnswers, createCarrierReports } from "./texts/carrier-reports.ts";
import { countryOf } from "./texts/dialling-codes.ts";
import { NETWORK_STATUS, networkAnswer } from "./texts/network-replies.ts";
import { resourceNotFound } from "./texts/not-found.ts";
import {
  internationalForm,
  type OptOutList,
  readOptOutLists,
  runOptOutOperation,
} from "./texts/opt-out-lists.ts";
import { validateInput } from "./texts/sms-model.ts";
import { type AcceptedText, busDetail, statusEvent, TEXT_EVENT_TYPES } from "./texts/text-events.ts";
import {
  type ConfigurationSet,
  type Identity,
  type OptOutRegime,
  PRACTICE_NUMBER,
  type ProtectConfiguration,
  readConfigurationSets,
  readIdentities,
  readNumberSettings,
  readProtectConfigurations,
  twoWayTopic,
} from "./texts/text-resources.ts";
import type { Topics } from "./topics.ts";

/** A text of a patient. The same `inboundMessageId` twice is one text that the service publishes twice. */
export type PatientText = {
  readonly from: string;
  readonly body: string;
  readonly inboundMessageId?: string | undefined;
};

/** End User Messaging, for the host: what was sent, what the carrier reports, what patients text back. */
export type Sms = {
  readonly service: AwsService;
  /** The practice's number, which texts come from and go to. */
  readonly phoneNumber: string;
  /** Who acts on STOP. */
  readonly optOuts: OptOutRegime;
  /** Every text that reached a phone's network, oldest first: the accepted ones, and the network's own answers. */
  texts(): readonly AcceptedText[];
  /** The carrier reports; throws RangeError for a text that was not accepted and a type that is no TEXT_ event. */
  emitEvent(textId: string, eventType: string): void;
  /** What the carrier does by itself with texts from now on. */
  carrierAnswers(): CarrierAnswers;
  setCarrierAnswers(answers: CarrierAnswers): void;
  /** A patient texts the practice's number; gives the text's inboundMessageId. */
  receive(text: PatientText): string;
  /** The carrier reports, by itself, on every text whose time has come and of which it was not told to report before. */
  reportDue(nowMs?: number): void;
  /** When the carrier reports next by itself, in milliseconds since the epoch. */
  nextReportMs(): number | undefined;
  /** Reports that the carrier makes at once and has not made yet. */
  pending(): number;
  stop(): void;
};

/** AWS's simulator destination in the US whose delivery always fails. */
const FAILING_DESTINATION = "+14254147167";
/** Real milliseconds until the carrier reports of that destination. */
const FAILURE_DELAY_MS = 20;
const LOOK_EVERY_MS = 500;
const OPT_OUT_OPERATIONS = new Set(["PutOptedOutNumber", "DeleteOptedOutNumber", "DescribeOptedOutNumbers"]);

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
  const optOutLists = readOptOutLists(template);
  const numberSettings = readNumberSettings(template);
  const numberList = optOutLists.find(({ name }) => name === numberSettings.optOutListName);
  if (numberList === undefined) throw new Error("The number's opt-out list is not in the template.");
  const phoneNumber = identities[0]?.phoneNumber ?? PRACTICE_NUMBER;
  const received = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
  const inboundTopic = twoWayTopic(template, topics);

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

  const reports = createCarrierReports(emit);

  const deliver = (text: AcceptedText): void => {
    if (text.to !== FAILING_DESTINATION || reports.answers() === "nothing") reports.expect(text);
    else later(() => emit(text, "TEXT_CARRIER_UNREACHABLE"));
  };

  const reportDue = (nowMs = Date.now()): void => {
    reports.reportDue(nowMs);
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
    if (identity === undefined) throw resourceNotFound("phone-number");
    const setName = textOf(input["ConfigurationSetName"]);
    const set = sets.find((each) => each.name === setName || each.arn === setName);
    if (setName !== undefined && set === undefined) throw resourceNotFound("configuration-set");
    const protectId = textOf(input["ProtectConfigurationId"]) ?? set?.protectConfigurationId;
    const protection = protections.find((each) => each.id === protectId || each.arn === protectId);
    if (protectId !== undefined && protection === undefined) throw resourceNotFound("protect-configuration");
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
    const to = internationalForm(textOf(input["DestinationPhoneNumber"]) ?? "");
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
    if (numberList.has(to)) {
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
    const list = optOutLists.find(({ name, arn }) => name === wanted || arn === wanted);
    if (list === undefined) throw resourceNotFound("opt-out-list");
    return list;
  };

  /** The network answers in the practice's name, and nobody but the patient hears of it. */
  const answerForNetwork = (to: string, body: string): void => {
    texts.push({
      id: randomUUID(),
      to,
      from: phoneNumber,
      body,
      sentAt: new Date().toISOString(),
      context: {},
      status: NETWORK_STATUS,
      messageType: "TRANSACTIONAL",
      isoCountryCode: countryOf(to) ?? "US",
      configurationSet: undefined,
      protectConfigurationId: undefined,
    });
  };

  const receive = ({ from, body, inboundMessageId = randomUUID() }: PatientText): string => {
    if (inboundTopic === undefined) throw new Error("The template has no topic for inbound texts.");
    const answered = texts.findLast(({ to, status }) => to === from && status !== NETWORK_STATUS);
    const answer =
      numberSettings.optOuts === "carrier" && !received.has(inboundMessageId)
        ? networkAnswer(numberList, from, body)
        : undefined;
    received.add(inboundMessageId);
    if (answer !== undefined) answerForNetwork(from, answer);
    const inbound = {
      originationNumber: from,
      destinationNumber: phoneNumber,
      messageKeyword: body.trim().split(/\s+/, 1)[0]?.toUpperCase() ?? "",
      messageBody: body,
      inboundMessageId,
      ...(answered === undefined ? {} : { previousPublishedMessageId: answered.id }),
    };
    topics.publish(inboundTopic, JSON.stringify(inbound));
    return inboundMessageId;
  };

  return {
    service: {
      name: "sms-voice",
      read: (request) => {
        const operation = readJsonOperation(request, "PinpointSMSVoiceV2");
        if (operation.name !== "SendTextMessage" && !OPT_OUT_OPERATIONS.has(operation.name))
          throw unknownOperation(operation.name);
        return operation;
      },
      permissions: ({ name, input }) => {
        const named =
          name === "SendTextMessage"
            ? sendResources(input)
            : [resourceArn("opt-out-list", input["OptOutListName"], optOutLists)];
        return named.map((resource) => ({ action: `sms-voice:${name}`, resource, context: {} }));
      },
      run: ({ name, input }: Operation) => {
        // After the permission, as a caller without one learns nothing about its request.
        validateInput(name, input);
        return name === "SendTextMessage" ? send(input) : runOptOutOperation(name, input, listOfInput(input));
      },
    },
    phoneNumber,
    optOuts: numberSettings.optOuts,
    texts: () => texts.map((text) => ({ ...text })),
    emitEvent: (textId, eventType) => {
      const text = texts.find(({ id, status }) => id === textId && status !== NETWORK_STATUS);
      if (text === undefined) throw new RangeError("There is no such text.");
      if (!TEXT_EVENT_TYPES.includes(eventType)) throw new RangeError("There is no such event type.");
      reports.told(text, eventType);
      emit(text, eventType);
    },
    carrierAnswers: reports.answers,
    setCarrierAnswers: reports.answerWith,
    receive,
    nextReportMs: reports.nextMs,
    reportDue,
    pending: () => timers.size,
    stop: () => {
      clearInterval(looking);
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
