import type { AuditEntry } from "../journal.ts";
import { textOf } from "./details.ts";
import { knownBefore } from "./known.ts";
import { findMisdirected, type Misdirected } from "./misdirected.ts";
import type { Cell, Column, Report } from "./report.ts";
import { ACCOUNTING_YEARS, yearsBefore } from "./years.ts";

// 45 CFR 164.528(b)(2): date, who received it and their address if known, what, and why; then where it is recorded.
const COLUMNS: readonly Column[] = [
  { key: "date", title: "Date of the disclosure", isTime: true },
  { key: "recipient", title: "Who received it" },
  { key: "recipientAddress", title: "Their address" },
  { key: "what", title: "What was disclosed" },
  { key: "purpose", title: "Purpose or basis" },
  { key: "arrived", title: "Whether it arrived" },
  { key: "linkOpenedAt", title: "Link opened", isTime: true },
  { key: "openedTier", title: "Highest tier it opened" },
  { key: "reportedAt", title: "Reported as misdirected", isTime: true },
  { key: "alertId", title: "Alert", isReference: true },
  { key: "messageId", title: "Message", isReference: true },
  { key: "shownMessageIds", title: "Messages shown after the link was opened", isReference: true },
  { key: "consentId", title: "Consent it was sent on", isReference: true },
  { key: "sequence", title: "Audit entry of the sending", isReference: true },
  { key: "reportSequence", title: "Audit entry of the report", isReference: true },
];

const NOTES: readonly string[] = [
  "Accounting of disclosures, 45 CFR 164.528: the six years before the date it was asked for, or less where asked so.",
  "Every text and e-mail that was sent to a number or address while it was, as was later reported, somebody else's: " +
    "all since it was put on record or last confirmed by the patient. It is not known since when the holder had it.",
  "A sending of which nobody knows whether it left is listed; one that certainly did not arrive is counted and not listed.",
  "The text is as it was sent; a link's secret part and a code are masked, because the record never holds them.",
  "Where the link was opened, what the portal showed after is part of the disclosure: the messages are listed by id, up " +
    "to the tier named, and the practice looks up what they say. Tier 1 (appointments, bills, forms, office news) opens " +
    "with the link alone, so whoever held the phone could read it. Tier 2 also takes the patient's date of birth, and " +
    "tier 3 a code besides, texted to the number on record, which keeps out nobody who holds that number. The record does " +
    "not know who opened it: it may have been the patient.",
  "A number or address that the practice corrected by itself, before anybody reported it as not the patient's, is not " +
    "known to have been somebody else's: it is counted, and what was sent to it is not listed. Where the practice knows " +
    "that it was wrong, it adds those sendings (audit entries alert.claimed before patient.changed).",
  "Not listed, because 45 CFR 164.528(a)(1) exempts it: disclosures for treatment, payment and health care operations " +
    "(i), such as audit exports; disclosures to the patient (ii), such as alerts to the patient's own number and what " +
    "the portal showed through their links; disclosures under an authorization (iv), which Foundphone does not manage. " +
    "Work of the practice's own staff is a use, not a disclosure: the report “accesses” has it.",
  "Only what Foundphone did. Disclosures by other systems, on paper or by word of mouth, those required by law, for " +
    "public health or oversight, and a suspension under 164.528(a)(2) are for the practice to add.",
  "Names and contact details stand nowhere in the audit: the practice adds the patient's name to the copy that it gives.",
  "45 CFR 164.528(c): act within 60 days of the request (once 30 days more, told in writing); the first accounting in " +
    "12 months is free. 164.528(d): the giving of this report is in the patient's chain with the SHA-256 above.",
];

function contactOf({ channel, contactId, report }: Misdirected): string {
  const kind = channel === "sms" ? "number" : "address";
  const names = [contactId, textOf(report, "numberId")].filter((name) => name != null).join(", ");
  return `The holder of ${kind}${names === "" ? " on record at that time" : ` ${names}`}, not the patient`;
}

function rowOf(one: Misdirected): Readonly<Record<string, Cell>> {
  const { claim, channel, status, openedAt, openedTier, report, reportedAt } = one;
  const shownMessageIds = [...one.shownMessageIds];
  const text = textOf(claim, "text");
  const said =
    text ?? `An alert of kind ${textOf(claim, "kind") ?? "unknown"}; the record does not hold what it said`;
  const messages = shownMessageIds.length === 1 ? "1 message" : `${shownMessageIds.length} messages`;
  const about = claim.purpose === undefined ? "" : ` about ${claim.purpose}`;
  return {
    date: claim.at,
    recipient: contactOf(one),
    recipientAddress: "not known",
    what: shownMessageIds.length === 0 ? said : `${said} (and in the portal ${messages})`,
    purpose:
      `${channel === "sms" ? "Text" : "E-mail"}${about}, meant for the patient and misdirected: the ` +
      `${channel === "sms" ? "number" : "address"} was reported as not the patient's`,
    arrived: { sent: "sent", delivered: "delivered", unknown: "not known", "not-delivered": "no" }[status],
    linkOpenedAt: openedAt,
    openedTier,
    reportedAt,
    alertId: textOf(claim, "alertId") ?? null,
    messageId: textOf(claim, "messageId") ?? null,
    shownMessageIds: shownMessageIds.length === 0 ? null : shownMessageIds.join(", "),
    consentId: textOf(claim, "consentId") ?? null,
    sequence: claim.sequence,
    reportSequence: report.sequence,
  };
}

/** What an accounting is asked for. */
export interface DisclosuresAsked {
  readonly patientId: string;
  /** The accounting covers the six years before this moment, and says what was known then. */
  readonly asOf: Date;
}

/** Accounting of disclosures from a patient's chain, in its order (45 CFR 164.528). */
export function disclosuresReport(
  chain: readonly AuditEntry[],
  { patientId, asOf }: DisclosuresAsked,
): Report {
  const to = asOf.toISOString();
  const from = yearsBefore(asOf, ACCOUNTING_YEARS).toISOString();
  const known = knownBefore(chain, "disclosures", to);
  const { misdirected, reports, notDelivered, replaced } = findMisdirected(known);
  return {
    name: "disclosures",
    title: "Accounting of disclosures",
    subject: { patientId },
    period: { from, to },
    columns: COLUMNS,
    rows: misdirected.filter(({ claim }) => claim.at >= from).map(rowOf),
    empty: "No disclosure that must be accounted for is on record in this period.",
    totals: {
      "audit entries looked at": known.length,
      "reports that a number or address is not the patient's": reports,
      "misdirected alerts that did not arrive": notDelivered,
      "numbers and addresses replaced without such a report": replaced,
    },
    notes: NOTES,
    signOff: false,
  };
}
