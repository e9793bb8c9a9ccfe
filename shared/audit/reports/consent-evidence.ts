import { CHANNELS, type Channel } from "../../domain/words.ts";
import type { AuditEntry } from "../journal.ts";
import { CONTACT_NAMED } from "./contact-names.ts";
import { has, textOf, textsOf } from "./details.ts";
import { compareTexts } from "./order.ts";
import type { Cell, Column, Report } from "./report.ts";

/** An entry of the consent ledger as its table's export has it, without what is sealed. */
export interface LedgerRow {
  readonly consentId: string;
  readonly patientId: string;
  readonly purpose: string;
  readonly channel: string;
  readonly decision: string;
  readonly contactId: string | null;
  /** For a revocation by text: the grant that it ended, and that START restores. */
  readonly ended: string | null;
  readonly method: string;
  readonly wording: string;
  readonly language: string;
  readonly acknowledgements: {
    readonly unsecuredText: boolean;
    readonly numberConfirmed: boolean;
    readonly optOutAnytime: boolean;
  } | null;
  readonly recordedBy: string;
  readonly recordedAt: string;
}

const COLUMNS: readonly Column[] = [
  { key: "at", title: "When", isTime: true },
  { key: "event", title: "What" },
  { key: "patientId", title: "Patient" },
  { key: "contactId", title: "Number or address" },
  { key: "purpose", title: "Purpose" },
  { key: "channel", title: "Channel" },
  { key: "method", title: "How" },
  { key: "wording", title: "Wording" },
  { key: "language", title: "Language" },
  { key: "unsecuredText", title: "Knows that texts are not secure" },
  { key: "numberConfirmed", title: "Confirmed the number" },
  { key: "optOutAnytime", title: "Knows the way out" },
  { key: "recordedBy", title: "Recorded by" },
  { key: "consentId", title: "Ledger entry", isReference: true },
  { key: "ends", title: "Grant that it ends", isReference: true },
  { key: "evidence", title: "Evidence", isReference: true },
  { key: "requestId", title: "Request", isReference: true },
  { key: "chain", title: "Chain", isReference: true },
  { key: "sequence", title: "Audit entry", isReference: true },
];

const NOTES: readonly string[] = [
  "Consent and revocation of texts and e-mails: 47 CFR 64.1200(a)(1) and (a)(10). Who confirmed a number, when, in which " +
    "wording, how, and everything that ended it, oldest first.",
  "A number or address is named by an opaque id (num_…, nbr_…): a new one of the same patient has a new id, and no " +
    "consent for the old one covers it. The audit holds neither numbers nor addresses.",
  "Evidence (what was said, or where the paper lies) is sealed under the key for contact details and is not in an " +
    "export: GET /v1/patients/{id}/consents opens it for those whose role allows it, and that is recorded.",
  "“none in this export” in place of an audit entry: the ledger says something that no entry of the audit bears out. " +
    "Verify the export, and take a newer one where it was torn between the two tables.",
];

/** What is asked for: a number or address by its opaque id, or a patient. */
export interface EvidenceAsked {
  readonly subject: { readonly numberId: string } | { readonly patientId: string };
  readonly to: Date;
}

/** The entries of the ledger that an audit entry wrote. */
function consentsOf(entry: AuditEntry): readonly string[] {
  const one = textOf(entry, "consentId");
  // A sending names the consent that it rests on, and writes none.
  if (!/^(?:consent|text|number)\./.test(entry.action) && !isEnding(entry)) return [];
  return [...(one === undefined ? [] : [one]), ...textsOf(entry, "consentIds")];
}

/** A report of the carrier or a mailbox that ended consents on its way. */
function isEnding(entry: AuditEntry): boolean {
  return has(entry, "consentIds");
}

/** Says in words what an entry means for consents, where it means something; else undefined. */
function eventOf(entry: AuditEntry): string | undefined {
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
  return consentsOf(entry).length > 0 || eventOf(entry) !== undefined;
}

/** The ids of numbers, addresses and ledger entries that an audit entry names. */
export function namedBy(entry: AuditEntry): readonly string[] {
  const single = ["numberId", "addressId", "contactId"].flatMap((name) => textOf(entry, name) ?? []);
  return [...single, ...consentsOf(entry)];
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

/** The grant that each revocation ended, by the revocation's id: what was last agreed to for its purpose and channel. */
function endedGrants(ledger: readonly LedgerRow[]): ReadonlyMap<string, string> {
  const standing = new Map<string, string>();
  const ended = new Map<string, string>();
  const inOrder = ledger.toSorted(
    (one, other) =>
      compareTexts(one.recordedAt, other.recordedAt) || compareTexts(one.consentId, other.consentId),
  );
  for (const { patientId, purpose, channel, decision, consentId } of inOrder) {
    const key = `${patientId} ${purpose} ${channel}`;
    const grant = standing.get(key);
    if (decision === "granted") standing.set(key, consentId);
    if (decision !== "revoked") continue;
    standing.delete(key);
    if (grant !== undefined) ended.set(consentId, grant);
  }
  return ended;
}

const NOT_LEDGER: Readonly<Record<string, Cell>> = {
  purpose: null,
  method: null,
  wording: null,
  language: null,
  unsecuredText: null,
  numberConfirmed: null,
  optOutAnytime: null,
  consentId: null,
  ends: null,
  evidence: null,
};

function ledgerRow(
  row: LedgerRow,
  ends: string | undefined,
  entry: AuditEntry | undefined,
): Readonly<Record<string, Cell>> {
  const { acknowledgements } = row;
  return {
    at: row.recordedAt,
    event: row.decision,
    patientId: row.patientId,
    contactId: row.contactId,
    purpose: row.purpose,
    channel: row.channel,
    method: row.method,
    wording: row.wording,
    language: row.language,
    unsecuredText: acknowledgements?.unsecuredText ?? null,
    numberConfirmed: acknowledgements?.numberConfirmed ?? null,
    optOutAnytime: acknowledgements?.optOutAnytime ?? null,
    recordedBy: row.recordedBy,
    consentId: row.consentId,
    ends: row.ended ?? ends ?? null,
    evidence: "sealed",
    requestId: entry?.requestId ?? null,
    chain: entry?.chain ?? null,
    sequence: entry?.sequence ?? "none in this export",
  };
}

function entryRow(entry: AuditEntry, event: string): Readonly<Record<string, Cell>> {
  return {
    ...NOT_LEDGER,
    at: entry.at,
    event,
    patientId: entry.patientId ?? null,
    contactId: textOf(entry, "numberId") ?? textOf(entry, "addressId") ?? textOf(entry, "contactId") ?? null,
    channel: textOf(entry, "channel") ?? null,
    method: textOf(entry, "method") ?? null,
    recordedBy: entry.actor,
    requestId: entry.requestId,
    chain: entry.chain,
    sequence: entry.sequence,
  };
}

/** The evidence of consent in the given entries of ledger and audit, which are all that concern the subject. */
export function consentEvidenceReport(
  ledger: readonly LedgerRow[],
  entries: readonly AuditEntry[],
  { subject, to }: EvidenceAsked,
): Report {
  const until = to.toISOString();
  const decisions = ledger.filter(({ recordedAt }) => recordedAt < until);
  const known = entries.filter(({ at }) => at < until);
  const byConsent = new Map(known.flatMap((entry) => consentsOf(entry).map((id) => [id, entry] as const)));
  const ledgerIds = new Set(decisions.map(({ consentId }) => consentId));
  const isTold = (entry: AuditEntry) => consentsOf(entry).some((id) => ledgerIds.has(id));
  const ended = endedGrants(decisions);
  const rows = [
    ...decisions.map((row) => ledgerRow(row, ended.get(row.consentId), byConsent.get(row.consentId))),
    ...known.flatMap((entry) => {
      const event = eventOf(entry);
      return event === undefined || isTold(entry) ? [] : [entryRow(entry, event)];
    }),
  ].sort((one, other) => compareTexts(String(one["at"]), String(other["at"])) || compareIds(one, other));
  return {
    name: "consent-evidence",
    title: "Evidence of consent",
    subject: { ...subject },
    period: { from: null, to: until },
    columns: COLUMNS,
    rows,
    empty: "Nothing is on record.",
    totals: {
      "ledger entries": decisions.length,
      "ledger entries without an audit entry": decisions.filter(({ consentId }) => !byConsent.has(consentId))
        .length,
    },
    notes: NOTES,
    signOff: false,
  };
}

function compareIds(one: Readonly<Record<string, Cell>>, other: Readonly<Record<string, Cell>>): number {
  return (
    compareTexts(String(one["consentId"]), String(other["consentId"])) ||
    Number(one["sequence"]) - Number(other["sequence"])
  );
}
