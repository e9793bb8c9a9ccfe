import type { OpenedConsent } from "#shared/consent/history.ts";

const COLUMNS = [
  "id",
  "patientId",
  "purpose",
  "channel",
  "decision",
  "method",
  "wordingVersion",
  "language",
  "contactId",
  "unsecuredText",
  "numberConfirmed",
  "optOutAnytime",
  "evidence",
  "recordedBy",
  "recordedAt",
] as const;

/** What a spreadsheet takes for a formula where a cell begins with it (OWASP, CSV injection). */
const FORMULA = /^[\s]*[=+\-@\t\r|%]/;

/** One cell (RFC 4180), quoted, and led by an apostrophe where a spreadsheet would calculate it. */
function cell(value: string | boolean | null | undefined): string {
  const text = value === null || value === undefined ? "" : String(value);
  // As a spreadsheet sees it: full-width signs are signs, and invisible ones are none.
  const seen = text.normalize("NFKC").replace(/\p{Cf}/gu, "");
  const safe = FORMULA.test(seen) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** A page of the ledger as a spreadsheet reads it, with a line of names. */
export function ledgerCsv(entries: readonly OpenedConsent[]): string {
  const lines = entries.map(({ record, evidence }) => {
    const { acknowledgements } = record;
    const row: Readonly<Record<(typeof COLUMNS)[number], string | boolean | null | undefined>> = {
      id: record.consentId,
      patientId: record.patientId,
      purpose: record.purpose,
      channel: record.channel,
      decision: record.decision,
      method: record.method,
      wordingVersion: record.wording,
      language: record.language,
      contactId: record.contactId,
      unsecuredText: acknowledgements?.unsecuredText,
      numberConfirmed: acknowledgements?.numberConfirmed,
      optOutAnytime: acknowledgements?.optOutAnytime,
      evidence,
      recordedBy: record.recordedBy,
      recordedAt: record.recordedAt,
    };
    return COLUMNS.map((column) => cell(row[column])).join(",");
  });
  return [COLUMNS.join(","), ...lines, ""].join("\r\n");
}
