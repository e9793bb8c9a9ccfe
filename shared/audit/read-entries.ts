import type { Asking, AuditEntry, AuditValue } from "./journal.ts";
import type { EntryPlace, ReadAuditPorts } from "./read-ports.ts";

/** Whose entries are asked for: of a patient's chain, of an actor in all chains, or of an actor in a patient's chain. */
export type EntriesAsked = {
  /** ISO 8601 UTC, inclusive. */
  readonly from: string | null;
  /** Exclusive. */
  readonly to: string | null;
  readonly limit: number;
  readonly after: EntryPlace | null;
} & (
  | { readonly patientId: string; readonly actor: string | null }
  | { readonly patientId: null; readonly actor: string }
);

/** Entries with the place after which the next ones come; null: there are no more. */
export interface EntriesFound {
  readonly entries: readonly AuditEntry[];
  readonly next: EntryPlace | null;
}

/** So many pages of a chain are looked through for one answer, each of so many entries where some are left out. */
const PAGES_MAX = 10;
const FILTERED_PAGE = 1_000;

/**
 * Reads entries, the oldest first; undefined for a patient of whom nothing is recorded. The reading is on record before
 * anything is shown: in the patient's chain where it concerns one, else in the asker's.
 */
export function createReadEntries({ read, journal, entriesOfChain, entriesOfActor }: ReadAuditPorts) {
  async function ofChain(asked: EntriesAsked, chain: string): Promise<EntriesFound> {
    const entries: AuditEntry[] = [];
    let last = asked.after;
    const isFiltered = asked.actor !== null || asked.from !== null || asked.to !== null;
    const size = isFiltered ? FILTERED_PAGE : asked.limit;
    for (let count = 1; count <= PAGES_MAX; count += 1) {
      const page = await entriesOfChain(chain, last?.sequence ?? 0, size);
      for (const [index, entry] of page.entries.entries()) {
        last = entry;
        if (matches(entry, asked)) entries.push(entry);
        const isLast = !page.more && index + 1 === page.entries.length;
        // What is left of this page is read again by the next call.
        if (entries.length === asked.limit && !isLast) return { entries, next: last };
      }
      if (!page.more) return { entries, next: null };
    }
    return { entries, next: last };
  }

  async function ofActor(asked: EntriesAsked, actor: string): Promise<EntriesFound> {
    const { entries, more } = await entriesOfActor(actor, asked, asked.after, asked.limit);
    return { entries, next: more ? (entries.at(-1) ?? null) : null };
  }

  return async (asked: EntriesAsked, asking: Asking): Promise<EntriesFound | undefined> => {
    const { patientId, actor, from, to, after } = asked;
    const [head] = patientId === null ? [null] : await read(journal.head({ patientId, actor: asking.actor }));
    if (head === undefined) {
      await journal.record({ ...asking, action: "audit.read", details: { found: false } });
      return undefined;
    }
    const found = patientId === null ? await ofActor(asked, asked.actor) : await ofChain(asked, patientId);
    const details: Record<string, AuditValue> = {
      ...(actor === null ? {} : { of: actor }),
      ...(from === null ? {} : { from }),
      ...(to === null ? {} : { to }),
      after: after?.sequence ?? null,
      count: found.entries.length,
      ...(patientId === null ? { patientIds: patientsIn(found.entries) } : {}),
    };
    await journal.record(
      { ...asking, action: "audit.read", ...(patientId === null ? {} : { patientId }), details },
      patientId === null ? undefined : head,
    );
    return found;
  };
}

/** Whose entries were shown: nothing of it stands in their chains. */
function patientsIn(entries: readonly AuditEntry[]): readonly string[] {
  return [
    ...new Set(entries.flatMap(({ patientId }) => (patientId === undefined ? [] : [patientId]))),
  ].sort();
}

function matches({ actor, at }: AuditEntry, asked: EntriesAsked): boolean {
  if (asked.actor !== null && actor !== asked.actor) return false;
  return (asked.from === null || at >= asked.from) && (asked.to === null || at < asked.to);
}
