import {
  DescribePoolsCommand,
  PinpointSMSVoiceV2Client,
  SendTextMessageCommand,
  type SendTextMessageCommandInput,
} from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Aws } from "#infra/local/aws/aws.ts";
import { countryOf } from "#infra/local/aws/texts/dialling-codes.ts";
import { messageParts, TEXT_EVENT_TYPES } from "#infra/local/aws/texts/text-events.ts";
import { TEXT_REPORTS, TEXT_STATES } from "#infra/local/control/pages/report-labels.ts";
import { clientOf, ORIGINATION_ARN, startSmallStack } from "./small-stack.ts";

const TO = "+14254147755";
/** Later than the carrier takes to report by itself. */
const REPORTED_AFTER_MS = 60_000;
const FOUR_DAYS_MS = 4 * 86_400_000;

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
  /** The types of all status events, in order, as the bus carries them. */
  const reportedTypes = () =>
    bodies("DeliveryEvents").flatMap(({ detail }) => {
      const type = (detail as { readonly eventType?: string } | undefined)?.eventType;
      return type === undefined ? [] : [type];
    });
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

    aws.sms.reportDue(Date.now() + FOUR_DAYS_MS);

    expect(aws.sms.texts()).toMatchObject([{ id: MessageId, status: "BLOCKED" }]);
  });

  it("says that it does not know 72 hours after the send, where the carrier says nothing", async () => {
    aws.sms.setCarrierAnswers("nothing");
    const { MessageId } = await send();
    const sentMs = Date.parse(aws.sms.texts()[0]?.sentAt ?? "");
    expect(aws.sms.nextReportMs()).toBe(sentMs + 72 * 3_600_000);

    aws.sms.reportDue(sentMs + 72 * 3_600_000 - 1);
    expect(aws.sms.texts()).toMatchObject([{ id: MessageId, status: "ACCEPTED" }]);
    aws.sms.reportDue(sentMs + 72 * 3_600_000);
    aws.sms.reportDue(sentMs + 73 * 3_600_000);

    expect(aws.sms.texts()).toMatchObject([{ status: "UNKNOWN" }]);
    expect(reportedTypes()).toEqual(["TEXT_UNKNOWN"]);
    expect(aws.sms.nextReportMs()).toBeUndefined();
  });

  it("knows no more than before of a text that stays pending", async () => {
    const { MessageId = "" } = await send();
    aws.sms.emitEvent(MessageId, "TEXT_PENDING");

    aws.sms.reportDue(Date.now() + REPORTED_AFTER_MS);
    expect(aws.sms.texts()).toMatchObject([{ status: "PENDING" }]);
    aws.sms.reportDue(Date.now() + FOUR_DAYS_MS);

    expect(aws.sms.texts()).toMatchObject([{ status: "UNKNOWN" }]);
  });

  it("goes on delivering what it had before it was told to say nothing", async () => {
    await send();
    aws.sms.setCarrierAnswers("nothing");
    await send();

    aws.sms.reportDue(Date.now() + REPORTED_AFTER_MS);

    expect(aws.sms.texts().map(({ status }) => status)).toEqual(["DELIVERED", "ACCEPTED"]);
    expect(aws.sms.carrierAnswers()).toBe("nothing");
  });

  it("says nothing of the failing simulator number either, where it was told to", async () => {
    aws.sms.setCarrierAnswers("nothing");
    await send({ DestinationPhoneNumber: "+14254147167" });

    expect(aws.pendingWork()).toBe(0);
    expect(aws.sms.texts()).toMatchObject([{ status: "ACCEPTED" }]);
  });

  it("reports every event of the service, in any order and repeatedly", async () => {
    const { MessageId = "" } = await send();
    const types = [...TEXT_EVENT_TYPES, ...TEXT_EVENT_TYPES.toReversed()];

    for (const eventType of types) {
      aws.sms.emitEvent(MessageId, eventType);
      expect(aws.sms.texts()[0]?.status).toBe(eventType.replace("TEXT_", ""));
    }

    expect(TEXT_EVENT_TYPES).toHaveLength(14);
    expect(reportedTypes()).toEqual(types);
    const interim = bodies("DeliveryEvents")
      .map(({ detail }) => detail as { eventType: string; isFinal: boolean } | undefined)
      .filter((detail) => detail?.isFinal === false);
    expect(new Set(interim.map((detail) => detail?.eventType))).toEqual(
      new Set(["TEXT_PENDING", "TEXT_QUEUED", "TEXT_SUCCESSFUL"]),
    );
  });

  it("has words on the simulator for every event and every status", () => {
    expect(TEXT_REPORTS.map(([eventType]) => eventType).toSorted()).toEqual([...TEXT_EVENT_TYPES].toSorted());
    expect(Object.keys(TEXT_STATES).toSorted()).toEqual(
      ["ACCEPTED", "NETWORK", ...TEXT_EVENT_TYPES.map((type) => type.replace("TEXT_", ""))].toSorted(),
    );
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

  it("publishes a patient's text again under the id that it is told", () => {
    const inboundMessageId = "4f6c1d9e-8d0b-4c0a-9a55-0c1f5f0a7e11";
    const ids = [
      aws.sms.receive({ from: TO, body: "YES", inboundMessageId }),
      aws.sms.receive({ from: TO, body: "YES", inboundMessageId }),
      aws.sms.receive({ from: TO, body: "YES" }),
    ];

    const published = bodies("InboundTexts").map(
      ({ Message }) => (JSON.parse(String(Message)) as { inboundMessageId: string }).inboundMessageId,
    );
    expect(published).toEqual(ids);
    expect(ids.slice(0, 2)).toEqual([inboundMessageId, inboundMessageId]);
    expect(new Set(ids).size).toBe(2);
  });

  it("tells of no earlier text where there was none", () => {
    aws.sms.receive({ from: TO, body: "hello" });

    const [notification] = bodies("InboundTexts");
    expect(JSON.parse(String(notification?.["Message"]))).not.toHaveProperty("previousPublishedMessageId");
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
