import type { ReadSnapshot } from "../audit/journal.ts";
import type { FileCode, ImportState } from "../domain/imports/kinds.ts";
import type { ImportStore } from "./ports.ts";
import type { ImportRecord, ReportRow } from "./records.ts";

/** A form is good for 15 minutes; the event of the upload needs seconds. */
const EXPIRES_AFTER_MS = 60 * 60_000;
/** Five attempts of at most 16 minutes each. */
const INTERRUPTED_AFTER_MS = 90 * 60_000;

/** How an import stands, with a page of its report. */
export interface ShownImport {
  readonly record: ImportRecord;
  readonly state: ImportState;
  readonly failure: { readonly code: FileCode; readonly fields: readonly string[] } | null;
  /** 0 to 1. */
  readonly progress: number;
  readonly rows: readonly ReportRow[];
  /** The next page of the report; null where there is none yet. */
  readonly nextPage: number | null;
}

/** Shows how an import stands: counts, and codes by line; nothing that stood in the file. */
export function createReadImport({
  read,
  imports,
  now,
}: {
  readonly read: ReadSnapshot;
  readonly imports: Pick<ImportStore, "import" | "page">;
  readonly now: () => Date;
}) {
  return async (id: string, pageNumber: number): Promise<ShownImport | undefined> => {
    const [record] = await read(imports.import(id));
    if (record === undefined) return undefined;
    const [page] = pageNumber <= record.pages ? await read(imports.page(id, pageNumber)) : [undefined];
    const { counts, pages } = record;
    const { state, failure } = standingOf(record, now());
    return {
      record,
      state,
      failure,
      progress: state === "done" ? 1 : counts.done / Math.max(1, counts.total),
      rows: page?.rows ?? [],
      nextPage: pageNumber < pages ? pageNumber + 1 : null,
    };
  };
}

/** What time makes of an import that nothing came for, or that nobody went on with. */
function standingOf(record: ImportRecord, at: Date): Pick<ShownImport, "state" | "failure"> {
  const { state, failure } = record;
  const idleMs = at.getTime() - Date.parse(record.changedAt);
  if (state === "waiting" && idleMs > EXPIRES_AFTER_MS) return { state: "expired", failure: null };
  if (state === "running" && idleMs > INTERRUPTED_AFTER_MS) {
    return { state: "failed", failure: { code: "interrupted", fields: [] } };
  }
  return { state, failure };
}
