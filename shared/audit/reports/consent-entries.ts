import { CHANNELS, type Channel } from "../../domain/words.ts";
import type { AuditEntry } from "../journal.ts";
import { CONTACT_NAMED } from "./contact-names.ts";
import { has, textOf } from "./details.ts";
import { writtenConsents } from "./ledger-check.ts";
import type { LedgerRow } from "./ledger-row.ts";
import { compareTexts } from "./order.ts";

/** Says in words what an entry means for consents, where it means something; else undefined. */
export function eventOf(entry: AuditEntry): string | undefined {
  const { action } = entry;
  if (action === "patient.registered") {
    return textOf(entry, "numberId") === undefined ? undefined : "number put on record";
  }
  if (action === "patient.changed") {
    const told = [
      ...(has(entry, "numberId") ? ["number"] : []),
      ...(has(entry, "addressId") ? ["address"] : []),
    ].join(" and ");
    return told === "" ? undefined : `${told} changed: consents for the one before no longer count`;
  }
  if (action === "link.disowned") {
    return `whoever got a link said that the ${textOf(entry, "channel") === "email" ? "address" : "number"} is not the patient's`;
  }
  if (action === "number.stopped") return "the carrier takes no texts for the number";
  if (action === "consent.opt-out-repeated") return "opted out again";
  if (action === "consent.asking-refused") return "asking by text was refused";
  if (action === "text.received" && /^(?:stop|urgent)/.test(textOf(entry, "readAs") ?? "")) {
    return has(entry, "revokes") && textOf(entry, "revokes") !== undefined
      ? "texted to get no more texts"
      : undefined;
  }
  if (action === "text.received" && textOf(entry, "readAs") === "start") return "texted START";
  if (has(entry, "undeliverable")) {
    return textOf(entry, "undeliverable") === undefined
      ? "texts reach the number again"
      : "no text reaches the number";
  }
  return undefined;
}

/** True for an entry that may belong to the evidence about its patient or about the numbers that it names. */
export function tellsOfConsent(entry: AuditEntry): boolean {
  return writtenConsents(entry).length > 0 || eventOf(entry) !== undefined;
}

/** The ids of numbers, addresses and ledger entries that an audit entry names. */
export function namedBy(entry: AuditEntry): readonly string[] {
  const single = ["numberId", "addressId", "contactId"].flatMap((name) => textOf(entry, name) ?? []);
  return [...single, ...writtenConsents(entry).map(({ consentId }) => consentId)];
}

/** A number or address that a patient had, from when on at the latest. */
export interface HeldContact {
  readonly patientId: string;
  readonly channel: Channel;
  readonly contactId: string;
  /** ISO 8601 UTC. */
  readonly since: string;
}

/** The numbers and addresses that ledger and audit say patients had, each once. */
export function heldContacts(
  ledger: readonly LedgerRow[],
  entries: readonly AuditEntry[],
): readonly HeldContact[] {
  const named = entries.flatMap((entry) => {
    const { action, patientId, at } = entry;
    const isSet = action === "patient.registered" || action === "patient.changed";
    if (!isSet || patientId === undefined) return [];
    return CHANNELS.flatMap((channel) => {
      const contactId = textOf(entry, CONTACT_NAMED[channel]);
      return contactId === undefined ? [] : [{ patientId, channel, contactId, since: at }];
    });
  });
  const agreed = ledger.flatMap(({ patientId, channel: told, contactId, recordedAt }) => {
    const channel = CHANNELS.find((known) => known === told);
    if (channel === undefined || contactId === null) return [];
    return [{ patientId, channel, contactId, since: recordedAt }];
  });
  const all = [...named, ...agreed].toSorted((one, other) => compareTexts(other.since, one.since));
  // The earliest comes last and stays.
  return [...new Map(all.map((one) => [`${one.patientId} ${one.contactId}`, one])).values()];
}

/** Of the changes of patients: those by which they no longer had one of these numbers or addresses. */
export function replacementsOf(
  held: readonly HeldContact[],
  changes: readonly AuditEntry[],
): readonly AuditEntry[] {
  const inOrder = changes.toSorted((one, other) => one.sequence - other.sequence);
  const found = held.map(({ patientId, channel, contactId, since }) =>
    inOrder.find(
      (entry) =>
        entry.action === "patient.changed" &&
        entry.patientId === patientId &&
        entry.at >= since &&
        has(entry, CONTACT_NAMED[channel]) &&
        textOf(entry, CONTACT_NAMED[channel]) !== contactId,
    ),
  );
  return [...new Set(found)].filter((entry) => entry !== undefined);
}
