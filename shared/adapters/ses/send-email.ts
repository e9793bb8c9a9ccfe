import {
  AccountSuspendedException,
  BadRequestException,
  LimitExceededException,
  MailFromDomainNotVerifiedException,
  MessageRejected,
  NotFoundException,
  type SESv2Client,
  SESv2ServiceException,
  SendEmailCommand,
  SendingPausedException,
  TooManyRequestsException,
} from "@aws-sdk/client-sesv2";
import type { SendResult } from "../../alerting/ports.ts";

/** Whose address e-mails leave from, and under which rules. */
export interface Sender {
  /** `Name <address>`, of a verified identity. */
  readonly from: string;
  readonly configurationSet: string;
}

/** One e-mail, ready to leave. */
export interface OutgoingEmail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly alertId: string;
  /** Ends the patient's e-mails by one POST (RFC 8058). */
  readonly unsubscribeUrl: string;
}

const THROTTLED_SECONDS = 60;
const ACCOUNT_SECONDS = 30 * 60;

/** Sorts an error of the provider as that of a text is sorted; only an answer that says so proves that nothing was sent. */
export function emailResultOf(error: unknown): SendResult {
  if (!(error instanceof SESv2ServiceException)) return { kind: "unknown" };
  const reason = /^[A-Za-z]{1,80}$/.test(error.name) ? error.name.toLowerCase() : "provider_error";
  if (error instanceof TooManyRequestsException) {
    return { kind: "busy", reason, retryAfterSeconds: THROTTLED_SECONDS };
  }
  if (
    error instanceof AccountSuspendedException ||
    error instanceof SendingPausedException ||
    error instanceof LimitExceededException ||
    error instanceof MailFromDomainNotVerifiedException ||
    // Not in the service's model; every AWS service answers it where the role or the account may not.
    error.name === "AccessDeniedException"
  ) {
    return { kind: "busy", reason, retryAfterSeconds: ACCOUNT_SECONDS };
  }
  if (
    error instanceof MessageRejected ||
    error instanceof NotFoundException ||
    error instanceof BadRequestException
  ) {
    return { kind: "refused", reason };
  }
  return { kind: "unknown" };
}

/**
 * Sends through Amazon SES, as plain text: nothing is loaded when it is opened. The API has no
 * idempotency token, so the client must be made with one attempt only.
 */
export function createSendEmail(client: SESv2Client, { from, configurationSet }: Sender) {
  return async ({ to, subject, text, alertId, unsubscribeUrl }: OutgoingEmail): Promise<SendResult> => {
    try {
      const { MessageId } = await client.send(
        new SendEmailCommand({
          FromEmailAddress: from,
          Destination: { ToAddresses: [to] },
          Content: {
            Simple: {
              Subject: { Data: subject, Charset: "UTF-8" },
              Body: { Text: { Data: text, Charset: "UTF-8" } },
              Headers: [
                { Name: "List-Unsubscribe", Value: `<${unsubscribeUrl}>` },
                { Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click" },
                // Keeps auto-responders from answering (RFC 3834).
                { Name: "Auto-Submitted", Value: "auto-generated" },
              ],
            },
          },
          ConfigurationSetName: configurationSet,
          // Comes back in every event; the alert's id and nothing else.
          EmailTags: [{ Name: "alertId", Value: alertId }],
        }),
      );
      return MessageId === undefined
        ? { kind: "unknown" }
        : { kind: "accepted", providerMessageId: MessageId };
    } catch (error) {
      return emailResultOf(error);
    }
  };
}
