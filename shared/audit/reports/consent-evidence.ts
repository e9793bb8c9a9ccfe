import type { AuditEntry } from "../journal.ts";
import { eventOf } from "./consent-entries.ts";
import { type Succession, successionOf } from "./consent-succession.ts";
import { wordingInWords } from "./consent-wordings.ts";
import { textOf } from "./details.ts";
import { differences, type WrittenConsent, writtenConsents } from "./ledger-check.ts";
import type { LedgerRow } from "./ledger-row.ts";
import { compareTexts } from "./order.ts";
import type { Cell, Column, Report } from "./report.ts";

const COLUMNS: readonly Column[] = [
  { key: "at", title: "When", isTime: true },
  { key: "event", title: "What" },
  { key: "patientId", title: "Patient", isReference: true },
  { key: "contactId", title: "Number or address" },
  { key: "ledgerAndAudit", title: "Ledger and audit" },
  { key: "purpose", title: "Purpose" },
  { key: "channel", title: "Channel" },
  { key: "method", title: "How" },
  { key: "wording", title: "Wording" },
  { key: "language", title: "Language", isReference: true },
  { key: "unsecuredText", title: "Knows that texts are not secure" },
  { key: "numberConfirmed", title: "Confirmed the number" },
  { key: "optOutAnytime", title: "Knows the way out" },
  { key: "carriedFrom", title: "Carried over from", isReference: true },
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
  "“Ledger and audit”: every entry of the ledger is written together with an entry of the audit. Decision, purpose, " +
    "channel, how, wording, number or address, patient, who and when are compared as far as the audit holds them. The " +
    "verifier proves the audit and not the ledger: where they differ, believe the audit. Language and acknowledgements " +
    "stand in the ledger alone.",
  "A number or address is named by an opaque id (num_…, nbr_…): a new one of the same patient has a new id, and no " +
    "consent for the old one covers it. The audit holds neither numbers nor addresses.",
  "“Carried over from”: START restores what a STOP had ended, and the acknowledgements are those of that grant. Nobody " +
    "acknowledged them again.",
  "Evidence (what was said, or where the paper lies) is sealed under the key for contact details and cannot be read from " +
    "an export: GET /v1/patients/{id}/consents opens it for those whose role allows it, and that is recorded. “None”: the " +
    "size of what is sealed tells that nothing was noted.",
];

/** What is asked for: a number or address by its opaque id, or a patient. */
export interface EvidenceAsked {
  readonly subject: { readonly numberId: string } | { readonly patientId: string };
  readonly to: Date;
}

const NOT_LEDGER: Readonly<Record<string, Cell>> = {
  ledgerAndAudit: null,
  purpose: null,
  method: null,
  wording: null,
  language: null,
  unsecuredText: null,
  numberConfirmed: null,
  optOutAnytime: null,
  carriedFrom: null,
  consentId: null,
  ends: null,
  evidence: null,
};

/** How far the exports reach, and what of the ledger is about something else. */
export interface EvidenceKnown {
  /** Where the export of the ledger ends, and where that of the audit does. */
  readonly ledgerUntil: Date;
  readonly auditUntil: Date;
  /** Ids of entries of the ledger that concern the same patients and not the subject. */
  readonly otherConsents: ReadonlySet<string>;
}

/** What changed within this time of an export may stand in one of two exports, and not in the other. */
const TORN_MS = 2 * 60 * 1000;

/** From then on ledger and audit cannot be compared. */
const tornSince = ({ ledgerUntil, auditUntil }: EvidenceKnown): string =>
  new Date(Math.min(ledgerUntil.getTime(), auditUntil.getTime()) - TORN_MS).toISOString();

const AGREE = "agree";
const TOO_NEW = "too new for these exports to tell";
const NO_ENTRY = "NOT IN THE AUDIT";
const NO_ROW = "NOT IN THE LEDGER";
const DIFFER = "DIFFER";

/** Whether the audit bears a row of the ledger out. */
function agreementOf(row: LedgerRow, written: readonly WrittenConsent[], torn: string): string {
  const rewritten = row.isRewritten ? ["two exports of the ledger have it differently"] : [];
  const [first, ...more] = written;
  if (first === undefined) return row.recordedAt >= torn ? TOO_NEW : NO_ENTRY;
  const doubled = more.length === 0 ? [] : ["several entries of the audit say that they wrote it"];
  const told = [...rewritten, ...doubled, ...differences(row, first)];
  return told.length === 0 ? AGREE : `${DIFFER}: ${told.join("; ")}`;
}

function ledgerRow(
  row: LedgerRow,
  { ended, carried }: Succession,
  ledgerAndAudit: string,
  entry: AuditEntry | undefined,
): Readonly<Record<string, Cell>> {
  const { acknowledgements } = row;
  // A text that the audit knows as another one than START carried nothing over.
  const isStart = entry === undefined || textOf(entry, "readAs") === "start";
  const carriedFrom = isStart ? carried.get(row.consentId) : undefined;
  return {
    at: row.recordedAt,
    event: carriedFrom === undefined ? row.decision : `${row.decision} again by START`,
    patientId: row.patientId,
    contactId: row.contactId,
    ledgerAndAudit,
    purpose: row.purpose,
    channel: row.channel,
    method: row.method,
    wording: row.wording,
    language: row.language,
    unsecuredText: acknowledgements?.unsecuredText ?? null,
    numberConfirmed: acknowledgements?.numberConfirmed ?? null,
    optOutAnytime: acknowledgements?.optOutAnytime ?? null,
    carriedFrom: carriedFrom ?? null,
    recordedBy: row.recordedBy,
    consentId: row.consentId,
    ends: row.ended ?? ended.get(row.consentId) ?? null,
    evidence: row.hasEvidence ? "sealed" : "none",
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

/** What the audit says was written into the ledger, and is not there. */
function missingRow(written: WrittenConsent, torn: string): Readonly<Record<string, Cell>> {
  const { entry, decision, contactId } = written;
  const row = entryRow(entry, decision ?? "decided");
  return {
    ...row,
    contactId: contactId ?? row["contactId"] ?? null,
    ledgerAndAudit: entry.at >= torn ? TOO_NEW : NO_ROW,
    purpose: written.purpose ?? null,
    channel: written.channel ?? null,
    method: written.method ?? null,
    wording: written.wording ?? null,
    recordedBy: written.recordedBy ?? entry.actor,
    consentId: written.consentId,
  };
}

function remarksOn(rows: Report["rows"], { ledgerUntil, auditUntil }: EvidenceKnown): readonly string[] {
  const count = (word: string) =>
    rows.filter(({ ledgerAndAudit }) => String(ledgerAndAudit).startsWith(word)).length;
  const told = (found: number, words: string): readonly string[] =>
    found === 0 ? [] : [`${found} ${found === 1 ? "row" : "rows"} “${words}`];
  return [
    ...told(
      count(DIFFER),
      `${DIFFER}”: the ledger is not what was written. It was changed afterwards; believe the audit.`,
    ),
    ...told(
      count(NO_ENTRY),
      `${NO_ENTRY}”: the ledger says what no entry of the audit bears out. It is no evidence.`,
    ),
    ...told(
      count(NO_ROW),
      `${NO_ROW}”: the audit says that this was written into the ledger, and it is gone from there.`,
    ),
    ...told(
      count(TOO_NEW),
      `${TOO_NEW}”: the ledger's ends at ${ledgerUntil.toISOString()}, the audit's at ${auditUntil.toISOString()}. ` +
        "Take newer exports of both.",
    ),
  ];
}

function wordingNotes(rows: Report["rows"]): readonly string[] {
  const named = rows.flatMap(({ wording }) => (typeof wording === "string" ? [wording] : []));
  return [...new Set(named)]
    .sort(compareTexts)
    .map((wording) => `Wording ${wording}: ${wordingInWords(wording)}.`);
}

/** The evidence of consent in the given entries of ledger and audit, which are all that concern the subject. */
export function consentEvidenceReport(
  ledger: readonly LedgerRow[],
  entries: readonly AuditEntry[],
  { subject, to }: EvidenceAsked,
  known: EvidenceKnown,
): Report {
  const until = to.toISOString();
  const torn = tornSince(known);
  // Also of entries after `to`: what was decided just before may stand with them.
  const byConsent = Map.groupBy(entries.flatMap(writtenConsents), ({ consentId }) => consentId);
  // What was written before is part of it, whatever time the ledger gives it now.
  const isBefore = ({ consentId, recordedAt }: LedgerRow) =>
    recordedAt < until || byConsent.get(consentId)?.some(({ entry }) => entry.at < until) === true;
  const decisions = ledger.filter(isBefore);
  const shown = new Set(decisions.map(({ consentId }) => consentId));
  const ledgerIds = new Set([...known.otherConsents, ...ledger.map(({ consentId }) => consentId)]);
  const succession = successionOf(decisions);
  const rows = [
    ...decisions.map((row) => {
      const written = byConsent.get(row.consentId) ?? [];
      return ledgerRow(row, succession, agreementOf(row, written, torn), written[0]?.entry);
    }),
    ...entries
      .filter(({ at }) => at < until)
      .flatMap((entry) => {
        const written = writtenConsents(entry);
        const missing = written.filter(({ consentId }) => !ledgerIds.has(consentId));
        if (missing.length > 0) return missing.map((one) => missingRow(one, torn));
        const event = eventOf(entry);
        const isTold = written.some(({ consentId }) => shown.has(consentId));
        return event === undefined || isTold ? [] : [entryRow(entry, event)];
      }),
  ].sort((one, other) => compareTexts(String(one["at"]), String(other["at"])) || compareIds(one, other));
  const counted = (word: string) => rows.filter(({ ledgerAndAudit }) => ledgerAndAudit === word).length;
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
      "ledger entries that the audit bears out": counted(AGREE),
      "ledger entries without an audit entry": counted(NO_ENTRY),
      "audit entries whose ledger entry is gone": counted(NO_ROW),
    },
    remarks: remarksOn(rows, known),
    notes: [...NOTES, ...wordingNotes(rows)],
    signOff: false,
  };
}

function compareIds(one: Readonly<Record<string, Cell>>, other: Readonly<Record<string, Cell>>): number {
  return (
    compareTexts(String(one["consentId"]), String(other["consentId"])) ||
    Number(one["sequence"]) - Number(other["sequence"])
  );
}
