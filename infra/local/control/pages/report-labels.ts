import type { EmailEventType } from "../../aws/emails/email-events.ts";

/** What the carrier can report of a text, with the words for it; the commonest first. */
export const TEXT_REPORTS: readonly (readonly [eventType: string, label: string])[] = [
  ["TEXT_DELIVERED", "Delivered"],
  ["TEXT_SUCCESSFUL", "Taken by the carrier"],
  ["TEXT_BLOCKED", "Blocked"],
  ["TEXT_CARRIER_BLOCKED", "Blocked by the carrier"],
  ["TEXT_INVALID", "Invalid number"],
  ["TEXT_UNREACHABLE", "Phone unreachable"],
  ["TEXT_CARRIER_UNREACHABLE", "Carrier unreachable"],
  ["TEXT_SPAM", "Spam"],
  ["TEXT_TTL_EXPIRED", "Expired"],
  ["TEXT_UNKNOWN", "Unknown"],
  ["TEXT_PENDING", "Pending"],
  ["TEXT_QUEUED", "Queued"],
  ["TEXT_INVALID_MESSAGE", "Invalid message"],
  ["TEXT_PROTECT_BLOCKED", "Country blocked"],
];

/** The words for what is known of a text, by its status. */
export const TEXT_STATES: Readonly<Record<string, string>> = {
  ACCEPTED: "Sent, no report yet",
  NETWORK: "Answered by the network",
  ...Object.fromEntries(TEXT_REPORTS.map(([eventType, label]) => [eventType.replace("TEXT_", ""), label])),
};

/** What the mail service can report of an e-mail, with the words for it. */
export const EMAIL_REPORTS: readonly (readonly [eventType: EmailEventType, label: string])[] = [
  ["Delivery", "Delivered"],
  ["Bounce", "Bounced"],
  ["Complaint", "Complaint"],
  ["Reject", "Rejected"],
  ["DeliveryDelay", "Delayed"],
];

/** The words for what is known of an e-mail, by its status. */
export const EMAIL_STATES: Readonly<Record<string, string>> = {
  ACCEPTED: "Sent, no report yet",
  DELIVERED: "Delivered",
  BOUNCED: "Bounced",
  COMPLAINED: "Complained about",
  REJECTED: "Rejected",
  DELAYED: "Delayed",
};
