import * as z from "zod";
import type { AuditEntry } from "#shared/audit/journal.ts";
import {
  consentEvidenceReport,
  type EvidenceAsked,
  heldContacts,
  type LedgerRow,
  namedBy,
  replacementsOf,
  tellsOfConsent,
} from "#shared/audit/reports/consent-evidence.ts";
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
});

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
    if (isWanted(parsed.data)) rows.set(parsed.data.consentId, parsed.data);
  });
  return [...rows.values()];
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

/** What the ledger has of a subject, the ids of its number or address, and the patients whose it may have been. */
async function concerning(audit: ChosenExports, consents: ChosenExports, subject: EvidenceAsked["subject"]) {
  if ("patientId" in subject) {
    const { patientId } = subject;
    const ledger = await ledgerRows(consents, quoted([patientId]), (row) => row.patientId === patientId);
    return { ledger, ids: new Set<string>(), patients: new Set([patientId]) };
  }
  const { numberId } = subject;
  const { consents: named, patients } = await naming(audit, numberId);
  const first = await ledgerRows(
    consents,
    quoted([numberId, ...named]),
    ({ consentId, contactId }) => contactId === numberId || named.has(consentId),
  );
  const ids = new Set([numberId, ...first.flatMap(({ contactId }) => contactId ?? [])]);
  const ledger = await ledgerRows(
    consents,
    quoted([...ids, ...named]),
    ({ consentId, contactId }) => (contactId !== null && ids.has(contactId)) || named.has(consentId),
  );
  return { ledger, ids, patients: new Set([...patients, ...ledger.map(({ patientId }) => patientId)]) };
}

/** Evidence of consent for a number, an address or a patient, from the exports of ledger and audit. */
export async function evidence(
  audit: ChosenExports,
  consents: ChosenExports,
  asked: EvidenceAsked,
): Promise<Report> {
  if (consents.length === 0)
    throw new ReportError("There is no full export of the table Consents: copy it into the directory.");
  const { ledger, ids, patients } = await concerning(audit, consents, asked.subject);
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
  const entries =
    "patientId" in asked.subject
      ? found
      : [...new Set([...found.filter(isNamed), ...replacementsOf(held, found)])];
  if (ledger.length === 0 && entries.length === 0)
    throw new ReportError("The export tells nothing of this: check the id, or take a newer export.");
  return consentEvidenceReport(ledger, entries, asked);
}
