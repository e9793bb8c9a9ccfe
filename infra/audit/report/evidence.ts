import * as z from "zod";
import { canonicalJson } from "#shared/audit/anchor.ts";
import type { AuditEntry } from "#shared/audit/journal.ts";
import {
  heldContacts,
  namedBy,
  replacementsOf,
  tellsOfConsent,
} from "#shared/audit/reports/consent-entries.ts";
import { consentEvidenceReport, type EvidenceAsked } from "#shared/audit/reports/consent-evidence.ts";
import { writtenConsents } from "#shared/audit/reports/ledger-check.ts";
import type { LedgerRow } from "#shared/audit/reports/ledger-row.ts";
import type { Report } from "#shared/audit/reports/report.ts";
import { eachEntry } from "./entries.ts";
import type { ChosenExports } from "./exports.ts";
import { eachItem } from "./items.ts";
import { ReportError } from "./report-error.ts";

/** What of a ledger entry is no secret; evidence is sealed and left where it is. */
const Ledger = z.object({
  consentId: z.string(),
  patientId: z.string(),
  purpose: z.string(),
  channel: z.string(),
  decision: z.string(),
  contactId: z.string().nullable(),
  ended: z.string().nullable(),
  method: z.string(),
  wording: z.string(),
  language: z.string(),
  acknowledgements: z
    .object({ unsecuredText: z.boolean(), numberConfirmed: z.boolean(), optOutAnytime: z.boolean() })
    .nullable(),
  recordedBy: z.string(),
  recordedAt: z.string(),
  // Binary values stand in an export in base64.
  sealed: z.base64(),
});

/** What sealing adds: a byte for the version, nonce and tag (shared/adapters/envelope.ts). */
const SEAL_BYTES = 1 + 12 + 16;
const SEALED_NOTHING_BYTES = SEAL_BYTES + JSON.stringify({ evidence: null }).length;

/** The row without what is sealed; only whether anything is. */
function rowOf({ sealed, ...row }: z.infer<typeof Ledger>): Omit<LedgerRow, "isRewritten"> {
  // Two letters have the size of nothing; what came by text is always kept.
  return {
    ...row,
    hasEvidence: row.method === "text" || Buffer.byteLength(sealed, "base64") !== SEALED_NOTHING_BYTES,
  };
}

function isSame({ isRewritten: _before, ...one }: LedgerRow, other: Omit<LedgerRow, "isRewritten">): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

async function ledgerRows(
  exports: ChosenExports,
  wanted: readonly string[],
  isWanted: (row: LedgerRow) => boolean,
): Promise<readonly LedgerRow[]> {
  const rows = new Map<string, LedgerRow>();
  await eachItem(exports, wanted, (item) => {
    if (typeof item["sk"] !== "string" || !item["sk"].startsWith("event#")) return;
    const parsed = Ledger.safeParse(item);
    if (!parsed.success)
      throw new ReportError("The ledger holds an item that cannot be read: verify it first.");
    const row = rowOf(parsed.data);
    const before = rows.get(row.consentId);
    const isRewritten = before !== undefined && !isSame(before, row);
    rows.set(row.consentId, { ...row, isRewritten: isRewritten || before?.isRewritten === true });
  });
  return [...rows.values()].filter(isWanted);
}

async function auditEntries(
  exports: ChosenExports,
  wanted: readonly string[],
  isWanted: (entry: AuditEntry) => boolean,
): Promise<readonly AuditEntry[]> {
  const found = new Map<string, AuditEntry>();
  await eachEntry(exports, wanted, (entry) => {
    if (isWanted(entry)) found.set(entry.id, entry);
  });
  return [...found.values()];
}

const quoted = (ids: Iterable<string>): readonly string[] => [...ids].map((id) => `"${id}"`);

/** Under which ids the ledger may know a number (entries about it, for `nbr_…`), and of which patients it may be. */
async function naming(audit: ChosenExports, numberId: string) {
  const entries = await auditEntries(audit, quoted([numberId]), (entry) => namedBy(entry).includes(numberId));
  return {
    consents: new Set(entries.flatMap((entry) => namedBy(entry).filter((id) => id.startsWith("con_")))),
    patients: new Set(entries.flatMap(({ patientId }) => patientId ?? [])),
  };
}

/** What the ledger has of a subject and of its patients, and by which ids it knows the subject. */
interface Concerned {
  readonly ledger: readonly LedgerRow[];
  /** Everything that the ledger has of the patients whose the number or address may have been. */
  readonly whole: readonly LedgerRow[];
  readonly ids: ReadonlySet<string>;
  readonly patients: ReadonlySet<string>;
}

async function concerning(
  audit: ChosenExports,
  consents: ChosenExports,
  subject: EvidenceAsked["subject"],
): Promise<Concerned> {
  if ("patientId" in subject) {
    const { patientId } = subject;
    const ledger = await ledgerRows(consents, quoted([patientId]), (row) => row.patientId === patientId);
    return { ledger, whole: ledger, ids: new Set(), patients: new Set([patientId]) };
  }
  const { numberId } = subject;
  const { consents: named, patients: told } = await naming(audit, numberId);
  const first = await ledgerRows(
    consents,
    quoted([numberId, ...named]),
    ({ consentId, contactId }) => contactId === numberId || named.has(consentId),
  );
  const ids = new Set([numberId, ...first.flatMap(({ contactId }) => contactId ?? [])]);
  const patients = new Set([...told, ...first.map(({ patientId }) => patientId)]);
  const isConcerned = ({ consentId, contactId }: LedgerRow) =>
    (contactId !== null && ids.has(contactId)) || named.has(consentId);
  const whole = await ledgerRows(
    consents,
    quoted([...ids, ...named, ...patients]),
    (row) => isConcerned(row) || patients.has(row.patientId),
  );
  return { ledger: whole.filter(isConcerned), whole, ids, patients };
}

/** What was written into the ledger for the subject, as far as the entry tells, and is not there. */
function writesWhatIsGone(entry: AuditEntry, { whole, ids }: Concerned): boolean {
  return writtenConsents(entry).some(
    ({ consentId, contactId }) =>
      !whole.some((row) => row.consentId === consentId) && (contactId == null || ids.has(contactId)),
  );
}

/** Evidence of consent for a number, an address or a patient, from the exports of ledger and audit. */
export async function evidence(
  audit: ChosenExports,
  consents: ChosenExports,
  asked: EvidenceAsked,
): Promise<Report> {
  if (consents.exports.length === 0)
    throw new ReportError("There is no full export of the table Consents: copy it into the directory.");
  const concerned = await concerning(audit, consents, asked.subject);
  const { ledger, whole, ids, patients } = concerned;
  const known = new Set([...ids, ...ledger.map(({ consentId }) => consentId)]);
  const isNamed = (entry: AuditEntry) => namedBy(entry).some((id) => known.has(id));
  const isOfPatient = ({ patientId }: AuditEntry) => patientId !== undefined && patients.has(patientId);
  const found = await auditEntries(
    audit,
    quoted([...known, ...patients]),
    (entry) => tellsOfConsent(entry) && (isNamed(entry) || isOfPatient(entry)),
  );
  // What is said of a number's patients and not of the number counts where it took the number from them.
  const held = heldContacts(ledger, found).filter(({ contactId }) => ids.has(contactId));
  const gone = found.filter((entry) => writesWhatIsGone(entry, concerned));
  const entries =
    "patientId" in asked.subject
      ? found
      : [...new Set([...found.filter(isNamed), ...replacementsOf(held, found), ...gone])];
  if (ledger.length === 0 && entries.length === 0)
    throw new ReportError("The export tells nothing of this: check the id, or take a newer export.");
  return consentEvidenceReport(ledger, entries, asked, {
    ledgerUntil: new Date(consents.stateMs),
    auditUntil: new Date(audit.stateMs),
    otherConsents: new Set(whole.map(({ consentId }) => consentId)),
  });
}
