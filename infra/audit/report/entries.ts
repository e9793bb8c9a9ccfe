import type { AuditEntry } from "#shared/audit/journal.ts";
import { TORN_MS } from "../verify/export-age.ts";
import type { ChosenExports } from "./exports.ts";
import { type ExportedItem, eachItem, type Wanted } from "./items.ts";
import { ReportError } from "./report-error.ts";

const TEXTS = ["id", "chain", "at", "action", "actor", "role", "function", "requestId", "hash"] as const;

/** The item as an entry; undefined for the head of a chain. */
export function entryOf(item: ExportedItem): AuditEntry | undefined {
  if (item["sk"] === "head") return undefined;
  const isEntry =
    TEXTS.every((name) => typeof item[name] === "string") &&
    Number.isSafeInteger(item["sequence"]) &&
    (item["details"] === undefined || (typeof item["details"] === "object" && item["details"] !== null));
  if (!isEntry) throw new ReportError("The export holds an item that is no audit entry: verify it first.");
  const { pk: _pk, sk: _sk, ...entry } = item;
  return entry as unknown as AuditEntry;
}

/** Gives every entry to `take`, each once; `remembers` tells of which it can keep apart that they came already. */
export async function eachEntry(
  exports: ChosenExports,
  wanted: Wanted,
  take: (entry: AuditEntry) => void,
  remembers: (entry: AuditEntry) => boolean = () => true,
): Promise<void> {
  // One export holds no entry twice, and then nothing need be kept.
  const seen = exports.exports.length > 1 ? new Set<string>() : undefined;
  await eachItem(exports, wanted, (item) => {
    const entry = entryOf(item);
    if (entry === undefined) return;
    if (seen !== undefined && remembers(entry)) {
      if (seen.has(entry.id)) return;
      seen.add(entry.id);
    }
    take(entry);
  });
}

/** The whole chain of a patient in its order. Throws a {@link ReportError} where there is none or a place is missing. */
export async function patientChain(
  exports: ChosenExports,
  patientId: string,
): Promise<readonly AuditEntry[]> {
  const found: AuditEntry[] = [];
  await eachEntry(exports, [`"${patientId}"`], (entry) => {
    if (entry.chain === patientId) found.push(entry);
  });
  const chain = found.toSorted((one, other) => one.sequence - other.sequence);
  if (chain.length === 0)
    throw new ReportError("The export holds nothing of this patient: check the id, or take a newer export.");
  const gap = chain.findIndex(({ sequence }, index) => sequence !== index + 1);
  if (gap === -1) return chain;
  const tornSince = exports.stateMs - TORN_MS;
  if (chain.slice(gap).some(({ at }) => Date.parse(at) < tornSince))
    throw new ReportError("Entries of this patient are missing in the export: verify it first.");
  // The newest ones were written while the export was made.
  return chain.slice(0, gap);
}
