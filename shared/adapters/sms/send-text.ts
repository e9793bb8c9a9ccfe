import {
  AccessDeniedException,
  ConflictException,
  type PinpointSMSVoiceV2Client,
  ResourceNotFoundException,
  SendTextMessageCommand,
  ServiceQuotaExceededException,
  ThrottlingException,
  ValidationException,
} from "@aws-sdk/client-pinpoint-sms-voice-v2";
import type { SendResult, SendText } from "../../alerting/ports.ts";

/** Whose number texts leave from, and under which rules. */
export interface Originator {
  readonly originationIdentity: string;
  readonly configurationSetName: string;
  readonly protectConfigurationId: string;
}

/**
 * A throttled text was not taken, says the service. Should one have been taken after all, the carrier's
 * report comes long before this, and settles it before it is tried again.
 */
const THROTTLED_SECONDS = 30 * 60;
const ACCOUNT_SECONDS = 30 * 60;

function reasonOf(error: { readonly name: string; readonly Reason?: string | undefined }): string {
  const words = error.Reason ?? error.name;
  return /^[A-Za-z_]{1,80}$/.test(words) ? words.toLowerCase() : "provider_error";
}

/**
 * Sorts an error of the provider: a refusal for good, a "not now" that was certainly not taken, or
 * unknown. Only an answer that says so proves that nothing was sent.
 */
export function sendResultOf(error: unknown): SendResult {
  if (error instanceof ThrottlingException) {
    return { kind: "busy", reason: "throttled", retryAfterSeconds: THROTTLED_SECONDS };
  }
  if (error instanceof ServiceQuotaExceededException || error instanceof AccessDeniedException) {
    // The account may not send: a person must act, and an alarm calls one.
    return { kind: "busy", reason: reasonOf(error), retryAfterSeconds: ACCOUNT_SECONDS };
  }
  if (
    error instanceof ValidationException ||
    error instanceof ConflictException ||
    error instanceof ResourceNotFoundException
  ) {
    return { kind: "refused", reason: reasonOf(error) };
  }
  return { kind: "unknown" };
}

/**
 * Sends through AWS End User Messaging. The API has no idempotency token, so the client must be made
 * with one attempt only.
 */
export function createSendText(client: PinpointSMSVoiceV2Client, originator: Originator): SendText {
  return async ({ to, body, alertId, timeToLiveSeconds }) => {
    try {
      const { MessageId } = await client.send(
        new SendTextMessageCommand({
          DestinationPhoneNumber: to,
          OriginationIdentity: originator.originationIdentity,
          MessageBody: body,
          MessageType: "TRANSACTIONAL",
          ConfigurationSetName: originator.configurationSetName,
          ProtectConfigurationId: originator.protectConfigurationId,
          TimeToLive: timeToLiveSeconds,
          // Comes back in every delivery event; the alert's id and nothing else.
          Context: { alertId },
        }),
      );
      return MessageId === undefined
        ? { kind: "unknown" }
        : { kind: "accepted", providerMessageId: MessageId };
    } catch (error) {
      return sendResultOf(error);
    }
  };
}
