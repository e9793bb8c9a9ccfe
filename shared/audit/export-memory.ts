import type { RememberedEntry } from "./chain-end.ts";
import { EXPORTED_TABLES, type ExportedTable } from "./export-windows.ts";
import type { AuditValue } from "./journal.ts";

/** An export whose end is not known yet. */
export interface OpenExport {
  readonly table: ExportedTable;
  readonly exportArn: string;
  /** Null for a full export. */
  readonly from: string | null;
}

/** What the newest `audit.exported` of the schedule's own chain remembers. */
export interface ExportMemory {
  /** Where the last export of each table ended. */
  readonly until: Readonly<Partial<Record<ExportedTable, string>>>;
  readonly open: readonly OpenExport[];
}

/** The form in which an entry's details hold it, beside the exports that it tells of, which are open too. */
export function storedMemory(
  until: ExportMemory["until"],
  running: readonly OpenExport[],
): Readonly<Record<string, AuditValue>> {
  const ends = EXPORTED_TABLES.flatMap((table) => {
    const end = until[table];
    return end === undefined ? [] : [[table, end] as const];
  });
  return { until: Object.fromEntries(ends), running: running.map((one) => ({ ...one })) };
}

/** What is remembered; nothing where no entry says anything: then everything is exported again. */
export function memoryOf(entries: readonly RememberedEntry[]): ExportMemory {
  const details = entries.find(({ action }) => action === "audit.exported")?.details ?? {};
  const { until, exports, running } = details;
  return {
    until: typeof until === "object" && until !== null ? until : {},
    open: [exports, running].flatMap((list) => (Array.isArray(list) ? list : [])),
  };
}
