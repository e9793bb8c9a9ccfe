import {
  DeleteOptedOutNumberCommand,
  DescribeOptedOutNumbersCommand,
  DescribePoolsCommand,
  PinpointSMSVoiceV2Client,
  PutOptedOutNumberCommand,
  SendTextMessageCommand,
  type SendTextMessageCommandInput,
} from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Aws } from "#infra/local/aws/aws.ts";
import { countryOf } from "#infra/local/aws/texts/dialling-codes.ts";
import { messageParts } from "#infra/local/aws/texts/text-events.ts";
import { clientOf, ORIGINATION_ARN, startSmallStack } from "./small-stack.ts";

const TO = "+14254147755";
/** Later than the carrier takes to report by itself. */
const REPORTED_AFTER_MS = 60_000;

describe("the local text service", () => {
  let aws: Aws;
  let stop: () => Promise<void>;
  let sms: PinpointSMSVoiceV2Client;
  /** A caller whom no policy holds back, so that the service itself has to refuse. */
  let host: PinpointSMSVoiceV2Client;
  let set: string;
  beforeEach(async () => {
    ({ aws, stop } = await startSmallStack());
    sms = new PinpointSMSVoiceV2Client(clientOf(aws, "worker"));
    host = new PinpointSMSVoiceV2Client({ ...clientOf(aws, "worker"), credentials: aws.hostCredentials });
    set = aws.template.physicalId("Texts");
  });
  afterEach(async () => {
    sms.destroy();
    host.destroy();
    await stop();
  });
  const send = (more: Partial<SendTextMessageCommandInput> = {}, client = sms) =>
    client.send(
      new SendTextMessageCommand({
        DestinationPhoneNumber: TO,
        OriginationIdentity: ORIGINATION_ARN,
        ConfigurationSetName: set,
        MessageBody: "You have a new message.",
        Context: { alertId: "alr_1" },
        ...more,
      }),
    );
  const bodies = (logicalId: string) => {
    const name = aws.queues.list().find((queue) => queue.logicalId === logicalId)?.name;
    return aws.queues
      .bodiesSeen()
      .filter(({ queue }) => queue === name)
      .map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  };
  const settled = () => vi.waitFor(() => expect(aws.pendingWork()).toBe(0));

  it("accepts a text, keeps it, and reports acceptance and delivery by itself a while later", async () => {
    const { MessageId } = await send();
    await settled();
    aws.sms.reportDue();
    expect(aws.sms.texts()).toMatchObject([{ id: MessageId, status: "ACCEPTED" }]);
    aws.sms.reportDue(Date.now() + REPORTED_AFTER_MS);

    expect(aws.sms.texts()).toMatchObject([
      {
        id: MessageId,
        to: TO,
        from: aws.sms.phoneNumber,
        body: "You have a new message.",
        context: { alertId: "alr_1" },
        status: "DELIVERED",
      },
    ]);
    const events = bodies("DeliveryEvents");
    const fromTopic = events
      .filter(({ Type }) => Type === "Notification")
      .map(({ Message }) => JSON.parse(String(Message)) as Record<string, unknown>);
    const fromBus = events.filter((event) => event["detail-type"] !== undefined);
    // The event destination does not ask for TEXT_SUCCESSFUL; the bus carries every status.
    expect(fromTopic).toMatchObject([
      {
        eventType: "TEXT_DELIVERED",
        isFinal: true,
        messageId: MessageId,
        destinationPhoneNumber: TO,
        context: { alertId: "alr_1" },
        totalMessageParts: 1,
      },
    ]);
    expect(fromBus).toMatchObject([
      { detail: { eventType: "TEXT_SUCCESSFUL" } },
      { source: "aws.sms-voice", detail: { eventType: "TEXT_DELIVERED", messageId: MessageId } },
    ]);
    expect(JSON.stringify(fromBus)).not.toMatch(/destinationPhoneNumber|alr_1/);
  });

  it("reports nothing by itself of a text of which it was told to report", async () => {
    const { MessageId = "" } = await send();
    aws.sms.emitEvent(MessageId, "TEXT_BLOCKED");

    aws.sms.reportDue(Date.now() + REPORTED_AFTER_MS);

    expect(aws.sms.texts()).toMatchObject([{ id: MessageId, status: "BLOCKED" }]);
  });

  it("reports the failing simulator number as unreachable, and what it is told to report", async () => {
    const { MessageId = "" } = await send({ DestinationPhoneNumber: "+14254147167" });
    await settled();
    expect(aws.sms.texts()[0]?.status).toBe("CARRIER_UNREACHABLE");

    aws.sms.emitEvent(MessageId, "TEXT_BLOCKED");
    expect(aws.sms.texts()[0]?.status).toBe("BLOCKED");
    expect(() => aws.sms.emitEvent(MessageId, "TEXT_SENT")).toThrow(RangeError);
    expect(() => aws.sms.emitEvent(MessageId, "TEXT_READ")).toThrow(RangeError);
    expect(() => aws.sms.emitEvent("none", "TEXT_BLOCKED")).toThrow(RangeError);
  });

  it.each<[string, Partial<SendTextMessageCommandInput>]>([
    ["a body of 1601 characters", { MessageBody: "x".repeat(1601) }],
    ["a blank body", { MessageBody: "   " }],
    ["no body", { MessageBody: undefined }],
    ["no destination", { DestinationPhoneNumber: undefined }],
    ["a destination with letters", { DestinationPhoneNumber: "+1425CALLNOW" }],
    ["a destination of no country", { DestinationPhoneNumber: "+1425414775" }],
    ["a time to live of 4 seconds", { TimeToLive: 4 }],
    [
      "a context of 6 entries",
      { Context: Object.fromEntries(Array.from({ length: 6 }, (_none, index) => [`k${index}`, "v"])) },
    ],
    ["a context value with a space at its end", { Context: { alertId: "alr_1 " } }],
    ["an unknown message type", { MessageType: "URGENT" as "TRANSACTIONAL" }],
    ["no origination identity", { OriginationIdentity: undefined }],
  ])("refuses %s", async (_what, more) => {
    await expect(send(more, host)).rejects.toMatchObject({ name: "ValidationException" });
    expect(aws.sms.texts()).toEqual([]);
  });

  it.each<[string, Partial<SendTextMessageCommandInput>, string]>([
    ["origination identity", { OriginationIdentity: "+12065550100" }, "phone-number"],
    ["configuration set", { ConfigurationSetName: "other" }, "configuration-set"],
    ["protect configuration", { ProtectConfigurationId: "protect-other" }, "protect-configuration"],
  ])("does not find an unknown %s", async (_what, more, ResourceType) => {
    await expect(send(more, host)).rejects.toMatchObject({ name: "ResourceNotFoundException", ResourceType });
  });

  it("asks the policy before it says whether a resource exists", async () => {
    await expect(send({ OriginationIdentity: "+12065550100" })).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
  });

  it("blocks a country that the protect configuration blocks", async () => {
    await expect(send({ DestinationPhoneNumber: "+14165550100" })).rejects.toMatchObject({
      name: "ConflictException",
      Reason: "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION",
    });
  });

  it("does not text a number that opted out, until it is deleted from the list", async () => {
    const OptOutListName = aws.template.physicalId("OptOuts");
    await sms.send(new PutOptedOutNumberCommand({ OptOutListName, OptedOutNumber: TO }));

    await expect(send()).rejects.toMatchObject({
      name: "ConflictException",
      Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT",
    });
    const { OptedOutNumbers } = await sms.send(new DescribeOptedOutNumbersCommand({ OptOutListName }));
    expect(OptedOutNumbers).toMatchObject([{ OptedOutNumber: TO, EndUserOptedOut: false }]);
    await sms.send(new DeleteOptedOutNumberCommand({ OptOutListName, OptedOutNumber: TO }));
    await expect(send()).resolves.toBeDefined();
  });

  it("does not send a dry run", async () => {
    await send({ DryRun: true });
    expect(aws.sms.texts()).toEqual([]);
  });

  it("refuses operations that it does not imitate", async () => {
    await expect(host.send(new DescribePoolsCommand({}))).rejects.toMatchObject({
      name: "UnknownOperationException",
    });
  });

  it("publishes what a patient texts to the two-way topic", async () => {
    const { MessageId } = await send();
    aws.sms.receive({ from: TO, body: "stop texting me" });

    const [notification] = bodies("InboundTexts");
    expect(JSON.parse(String(notification?.["Message"]))).toMatchObject({
      originationNumber: TO,
      destinationNumber: aws.sms.phoneNumber,
      messageKeyword: "STOP",
      messageBody: "stop texting me",
      previousPublishedMessageId: MessageId,
    });
  });
});

describe("numbers and parts", () => {
  it.each([
    ["+12065550100", "US"],
    ["+16045550100", "CA"],
    ["+17875550100", "PR"],
    ["+447700900123", "GB"],
    ["+37069912345", "LT"],
    ["+1206555010", undefined],
    ["+000", undefined],
  ])("%s belongs to %s", (number, country) => {
    expect(countryOf(number)).toBe(country);
  });

  it.each([
    ["x".repeat(160), "GSM", 1],
    ["x".repeat(161), "GSM", 2],
    [`${"x".repeat(159)}[`, "GSM", 2],
    ["ż".repeat(70), "Unicode", 1],
    ["ż".repeat(71), "Unicode", 2],
  ])("a body is sent in its encoding and parts (%#)", (body, encoding, parts) => {
    expect(messageParts(body)).toEqual({ encoding, parts });
  });
});
