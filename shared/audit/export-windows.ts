/** The tables that auditors get. No other is ever exported, those with contact details and keys least of all. */
export const EXPORTED_TABLES = ["Audit", "Consents", "Practice"] as const;
export type ExportedTable = (typeof EXPORTED_TABLES)[number];

/** One export of one table: as it stands, or what changed from a time (inclusive) to another (exclusive), ISO 8601. */
export type ExportOrder =
  | { readonly table: ExportedTable; readonly kind: "full" }
  | {
      readonly table: ExportedTable;
      readonly kind: "incremental";
      readonly from: string;
      readonly to: string;
    };

const MINUTE_MS = 60 * 1000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** AWS limits of an incremental export's window. */
const WINDOW_MIN_MS = 15 * MINUTE_MS;
const WINDOW_MAX_MS = DAY_MS;
/** Tables can be restored to, and exported as of, the last 35 days; a day is left for the exports themselves. */
const REACH_MS = 34 * DAY_MS;
/** What is younger may not be in DynamoDB's continuous backup yet. */
const LAG_MS = 10 * MINUTE_MS;

/**
 * What must be exported of a table so that nothing is missing behind `until`, where the last export ended: windows that
 * follow one another without a gap; everything where there is no such time or it is out of reach; nothing where too little
 * time has passed.
 */
export function dueExports(table: ExportedTable, until: string | null, now: Date): readonly ExportOrder[] {
  if (until === null || now.getTime() - Date.parse(until) > REACH_MS) return [{ table, kind: "full" }];
  const end = Math.floor((now.getTime() - LAG_MS) / 1000) * 1000;
  const orders: ExportOrder[] = [];
  // DynamoDB counts windows in seconds: the one in which the last export ended is exported again.
  let from = Math.floor(Date.parse(until) / 1000) * 1000;
  while (end - from >= WINDOW_MIN_MS) {
    const to = Math.min(from + WINDOW_MAX_MS, end);
    orders.push({ table, kind: "incremental", from: iso(from), to: iso(to) });
    from = to;
  }
  return orders;
}

/** Whether DynamoDB can export what changed in this window at all. */
export function isExportable(window: { readonly from: string; readonly to: string }, now: Date): boolean {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  // Whole seconds: DynamoDB takes no fractions.
  return (
    from % 1000 === 0 &&
    to % 1000 === 0 &&
    to - from >= WINDOW_MIN_MS &&
    to - from <= WINDOW_MAX_MS &&
    to <= now.getTime() &&
    now.getTime() - from <= REACH_MS
  );
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
