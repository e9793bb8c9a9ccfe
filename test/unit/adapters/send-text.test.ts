import {
  AccessDeniedException,
  ConflictException,
  InternalServerException,
  PinpointSMSVoiceV2Client,
  ResourceNotFoundException,
  SendTextMessageCommand,
  ServiceQuotaExceededException,
  ThrottlingException,
  ValidationException,
} from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { mockClient } from "aws-sdk-client-mock";
import "aws-sdk-client-mock-vitest/extend";
import { describe, expect, it } from "vitest";
import { createSendText, sendResultOf } from "#shared/adapters/sms/send-text.ts";
import type { RenderedWords } from "#shared/domain/alerts/render.ts";
import { ALERT_ID } from "#test/support/builders.ts";

const META = { message: "canary +12065550142", $metadata: {} };
const BODY = "Hello." as RenderedWords;
const TEXT = { to: "+12065550142", body: BODY, alertId: ALERT_ID, timeToLiveSeconds: 600 };

function aSender() {
  const client = new PinpointSMSVoiceV2Client({ region: "us-east-1" });
  const sendText = createSendText(client, {
    originationIdentity: "arn:origination",
    configurationSetName: "set",
    protectConfigurationId: "protect",
  });
  return { sms: mockClient(client), sendText };
}

describe("sending a text", () => {
  it("asks for exactly one transactional text under the practice's rules", async () => {
    const { sms, sendText } = aSender();
    sms.on(SendTextMessageCommand).resolves({ MessageId: "provider-1" });

    const result = await sendText(TEXT);

    expect(result).toEqual({ kind: "accepted", providerMessageId: "provider-1" });
    expect(sms).toHaveReceivedCommandExactlyOnceWith(SendTextMessageCommand, {
      DestinationPhoneNumber: TEXT.to,
      OriginationIdentity: "arn:origination",
      MessageBody: "Hello.",
      MessageType: "TRANSACTIONAL",
      ConfigurationSetName: "set",
      ProtectConfigurationId: "protect",
      TimeToLive: 600,
      Context: { alertId: ALERT_ID },
    });
  });

  it("is unknown where the answer names no message", async () => {
    const { sms, sendText } = aSender();
    sms.on(SendTextMessageCommand).resolves({});

    expect(await sendText(TEXT)).toEqual({ kind: "unknown" });
  });

  it("gives an error back as a result", async () => {
    const { sms, sendText } = aSender();
    sms.on(SendTextMessageCommand).rejects(new ThrottlingException(META));

    expect(await sendText(TEXT)).toEqual({
      kind: "busy",
      reason: "throttled",
      retryAfterSeconds: 1800,
    });
  });
});

describe("an error of the provider", () => {
  it.each([
    [new ThrottlingException(META), { kind: "busy", reason: "throttled", retryAfterSeconds: 1800 }],
    [
      new ServiceQuotaExceededException({ ...META, Reason: "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT" }),
      { kind: "busy", reason: "monthly_spend_limit_reached_for_text", retryAfterSeconds: 1800 },
    ],
    [
      new AccessDeniedException({ ...META, Reason: "ACCOUNT_DISABLED" }),
      { kind: "busy", reason: "account_disabled", retryAfterSeconds: 1800 },
    ],
    [
      new ValidationException({ ...META, Reason: "INVALID_PARAMETER" }),
      { kind: "refused", reason: "invalid_parameter" },
    ],
    [
      new ConflictException({ ...META, Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT" }),
      { kind: "refused", reason: "destination_phone_number_opted_out" },
    ],
    [new ResourceNotFoundException(META), { kind: "refused", reason: "resourcenotfoundexception" }],
    [
      new ValidationException({ ...META, Reason: "canary with +12065550142" as "OTHER" }),
      { kind: "refused", reason: "provider_error" },
    ],
    [new InternalServerException(META), { kind: "unknown" }],
    [Object.assign(new Error("socket hang up"), { name: "TimeoutError" }), { kind: "unknown" }],
    ["not even an error", { kind: "unknown" }],
  ])("is sorted by what it proves (case %#)", (error, result) => {
    expect(sendResultOf(error)).toEqual(result);
    expect(JSON.stringify(sendResultOf(error))).not.toContain("canary");
  });
});
