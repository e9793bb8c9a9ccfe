import type { OpenedConsent } from "#shared/consent/history.ts";
import { csvCell } from "#shared/domain/csv.ts";

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
    return COLUMNS.map((column) => csvCell(row[column])).join(",");
  });
  return [COLUMNS.join(","), ...lines, ""].join("\r\n");
}
