import { randomUUID } from "node:crypto";
import type { JsonRecord } from "../../json-shape.ts";
import { addressOf, type EmailHeader } from "./send-request.ts";

/** An e-mail that SES accepted. */
export type AcceptedEmail = {
  readonly id: string;
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  /** The text part. */
  readonly body: string;
  readonly html: string | undefined;
  readonly replyTo: readonly string[];
  readonly sentAt: string;
  /** What was reported last; ACCEPTED before the first report. */
  status: EmailStatus;
  readonly headers: readonly EmailHeader[];
  readonly tags: Readonly<Record<string, string>>;
  readonly configurationSet: string | undefined;
  /** Whether its configuration set lets it go over TLS only. */
  readonly requiresTls: boolean;
};

/** The types of event that the mail service reports here, each with the status that an e-mail has after it. */
export const EMAIL_EVENTS = {
  Delivery: "DELIVERED",
  Bounce: "BOUNCED",
  Complaint: "COMPLAINED",
  Reject: "REJECTED",
  DeliveryDelay: "DELAYED",
} as const;

/** A type of event of {@link EMAIL_EVENTS}. */
export type EmailEventType = keyof typeof EMAIL_EVENTS;

/** What became of an e-mail as far as is known. */
export type EmailStatus = "ACCEPTED" | (typeof EMAIL_EVENTS)[EmailEventType];

/** How final a bounce is. */
export const BOUNCE_TYPES = ["Permanent", "Transient", "Undetermined"] as const;

/** A member of {@link BOUNCE_TYPES}. */
export type BounceType = (typeof BOUNCE_TYPES)[number];

const MTA = "a8-0.smtp-out.amazonses.com";
const DELAY_GIVEN_UP_AFTER_MS = 12 * 3_600_000;

/** An event as SES publishes it to a topic (event publishing through a configuration set). */
export function emailEvent(
  email: AcceptedEmail,
  eventType: EmailEventType,
  place: { readonly account: string; readonly region: string },
  bounceType: BounceType = "Permanent",
): JsonRecord {
  const timestamp = new Date().toISOString();
  const recipients = email.to.map(addressOf);
  const mail = {
    timestamp: email.sentAt,
    source: email.from,
    sourceArn: `arn:aws:ses:${place.region}:${place.account}:identity/${domainOf(email.from)}`,
    sendingAccountId: place.account,
    messageId: email.id,
    destination: recipients,
    headersTruncated: false,
    headers: [
      { name: "From", value: email.from },
      { name: "To", value: email.to.join(", ") },
      { name: "Subject", value: email.subject },
      ...email.headers,
    ],
    commonHeaders: {
      from: [email.from],
      to: [...email.to],
      messageId: email.id,
      subject: email.subject,
    },
    tags: {
      ...(email.configurationSet === undefined ? {} : { "ses:configuration-set": [email.configurationSet] }),
      "ses:from-domain": [domainOf(email.from)],
      ...Object.fromEntries(Object.entries(email.tags).map(([name, value]) => [name, [value]])),
    },
  };
  switch (eventType) {
    case "Delivery":
      return {
        eventType,
        mail,
        delivery: {
          timestamp,
          processingTimeMillis: Math.max(0, Date.parse(timestamp) - Date.parse(email.sentAt)),
          recipients,
          smtpResponse: "250 2.6.0 Message received",
          reportingMTA: MTA,
        },
      };
    case "Bounce":
      return {
        eventType,
        mail,
        bounce: {
          bounceType,
          bounceSubType: bounceType === "Undetermined" ? "Undetermined" : "General",
          bouncedRecipients: recipients.map((emailAddress) => ({
            emailAddress,
            action: "failed",
            status: bounceType === "Permanent" ? "5.1.1" : "4.4.7",
            diagnosticCode: bounceType === "Permanent" ? "smtp; 550 5.1.1 user unknown" : "smtp; 450 4.4.7",
          })),
          timestamp,
          feedbackId: randomUUID(),
          reportingMTA: `dsn; ${MTA}`,
        },
      };
    case "Complaint":
      return {
        eventType,
        mail,
        complaint: {
          complainedRecipients: recipients.map((emailAddress) => ({ emailAddress })),
          timestamp,
          feedbackId: randomUUID(),
          userAgent: "Local mail service",
          complaintFeedbackType: "abuse",
          arrivalDate: timestamp,
        },
      };
    case "Reject":
      return { eventType, mail, reject: { reason: "Bad content" } };
    case "DeliveryDelay":
      return {
        eventType,
        mail,
        deliveryDelay: {
          timestamp,
          delayType: "TransientCommunicationFailure",
          expirationTime: new Date(Date.parse(email.sentAt) + DELAY_GIVEN_UP_AFTER_MS).toISOString(),
          delayedRecipients: recipients.map((emailAddress) => ({
            emailAddress,
            status: "4.4.1",
            diagnosticCode: "smtp; 421 4.4.1 Unable to connect to remote host",
          })),
        },
      };
    default:
      return eventType satisfies never;
  }
}

/** The domain of an address, with or without a name before it. */
export function domainOf(address: string): string {
  return addressOf(address).split("@").at(-1)?.toLowerCase() ?? "";
}
