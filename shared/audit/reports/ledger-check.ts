import type { AuditEntry } from "../journal.ts";
import { has, textOf, textsOf } from "./details.ts";
import type { LedgerRow } from "./ledger-row.ts";

/** What an audit entry says of one entry of the ledger that was written with it; undefined where it says nothing of it. */
export interface WrittenConsent {
  readonly entry: AuditEntry;
  readonly consentId: string;
  readonly decision: string | undefined;
  readonly purpose: string | undefined;
  readonly channel: string | undefined;
  readonly method: string | undefined;
  readonly wording: string | undefined;
  /** Null: for no number or address. */
  readonly contactId: string | null | undefined;
  readonly patientId: string | undefined;
  readonly recordedBy: string | undefined;
}

/** Ledger and audit are written in one transaction: this is longer than the slowest function that writes them may take. */
const ONE_TRANSACTION_MS = 2 * 60 * 1000;

const DECIDED_BY_ACTION: Readonly<Record<string, string>> = {
  "consent.asked": "asked",
  "consent.granted": "granted",
  "consent.opt-out-repeated": "revoked",
  "consent.revoked": "revoked",
  "link.disowned": "revoked",
  "number.stopped": "revoked",
};

const DECIDED_BY_TEXT: Readonly<Record<string, string>> = {
  no: "declined",
  start: "granted",
  stop: "revoked",
  urgent: "revoked",
  yes: "granted",
};

function decisionOf(entry: AuditEntry): string | undefined {
  if (entry.action === "text.received") return DECIDED_BY_TEXT[textOf(entry, "readAs") ?? ""];
  // What a carrier or a mailbox reports of an alert can only end consents.
  return entry.action.startsWith("alert.") ? "revoked" : DECIDED_BY_ACTION[entry.action];
}

/** The purpose of the consent at `index` among `count`, where the entry tells which one it is. */
function purposeOf(entry: AuditEntry, index: number, count: number): string | undefined {
  const purposes = textsOf(entry, "purposes");
  if (purposes.length === count) return purposes[index];
  const answers = /^(?:yes|no)$/.test(textOf(entry, "readAs") ?? "");
  // The purpose of an entry about an alert is that alert's, whichever consents it ended.
  return textOf(entry, "consentId") !== undefined || answers ? entry.purpose : undefined;
}

function channelOf(entry: AuditEntry): string | undefined {
  if (entry.action === "text.received" || entry.action === "consent.asked") return "sms";
  const channel = textOf(entry, "channel");
  return channel === "all" ? undefined : channel;
}

/** The entries of the ledger that were written with an audit entry, with what it says of them. */
export function writtenConsents(entry: AuditEntry): readonly WrittenConsent[] {
  // A sending names the consent that it rests on, and writes none.
  if (!/^(?:consent|text|number)\./.test(entry.action) && !has(entry, "consentIds")) return [];
  const byText = entry.action === "text.received";
  const one = textOf(entry, "consentId");
  const ids = [...(one === undefined ? [] : [one]), ...textsOf(entry, "consentIds")];
  return ids.map((consentId, index) => ({
    entry,
    consentId,
    decision: decisionOf(entry),
    purpose: purposeOf(entry, index, ids.length),
    channel: channelOf(entry),
    method: byText || entry.action === "consent.asked" ? "text" : textOf(entry, "method"),
    wording: textOf(entry, "wording"),
    contactId: has(entry, "contactId") ? (textOf(entry, "contactId") ?? null) : undefined,
    patientId: entry.patientId,
    recordedBy: byText ? entry.patientId && `patient:${entry.patientId}` : entry.actor,
  }));
}

const COMPARED = [
  ["decision", "decision"],
  ["purpose", "purpose"],
  ["channel", "channel"],
  ["method", "method"],
  ["wording", "wording"],
  ["contactId", "number or address"],
  ["patientId", "patient"],
  ["recordedBy", "recorded by"],
] as const;

/** In what a row of the ledger contradicts the audit entry that was written with it, such as `decision (audit: revoked)`. */
export function differences(row: LedgerRow, written: WrittenConsent): readonly string[] {
  const told = COMPARED.flatMap(([key, name]) => {
    const expected = written[key];
    return expected === undefined || expected === row[key] ? [] : [`${name} (audit: ${expected ?? "none"})`];
  });
  const { at } = written.entry;
  const apartMs = Math.abs(Date.parse(row.recordedAt) - Date.parse(at));
  // A time that is none is a difference, too.
  return apartMs <= ONE_TRANSACTION_MS ? told : [...told, `time (audit: ${at})`];
}
