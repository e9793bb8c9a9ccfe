import type { AuditEntry } from "#shared/audit/journal.ts";
import { readsOfMany } from "#shared/audit/reports/accesses.ts";
import { eachEntry } from "./entries.ts";
import type { ChosenExports } from "./exports.ts";

/** Entries outside of a patient's chain that say that somebody was shown what is in it, by time. */
export async function readingsElsewhere(
  exports: ChosenExports,
  patientId: string,
): Promise<readonly AuditEntry[]> {
  const found: AuditEntry[] = [];
  await eachEntry(exports, [`"${patientId}"`], (entry) => {
    if (entry.chain !== patientId && readsOfMany(entry, patientId)) found.push(entry);
  });
  return found.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
}
