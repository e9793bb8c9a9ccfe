import type { Asking, Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import { BadFile, IMPORT_BYTES_MAX, type RowNote } from "../domain/imports/kinds.ts";
import type { PracticeSettings } from "../practice/records.ts";
import type { Directory } from "../vocabulary/records.ts";
import type { Applied, Applying, ApplyRow } from "./apply.ts";
import { ChooseRows, subjectOf } from "./choose-rows.ts";
import type { ImportObjects, ImportStore } from "./ports.ts";
import { counted, type ReadableFile, readFile } from "./read-file.ts";
import type { ImportCounts, ImportRecord, ReportRow } from "./records.ts";
import type { AppointmentRow, ConsentRow, ImportRow, PatientRow, ReadRow } from "./rows.ts";

/** Rows between two saves: so many may be looked at once more after an interruption. */
const BATCH_ROWS = 200;
/** Patients whose rows are worked through at once. */
const SUBJECTS_AT_ONCE = 12;
/** Time that the last rows of a run and saving them may take. */
const RESERVE_MS = 60_000;

/** How rows of each kind are applied. */
export interface ApplyRows {
  readonly patients: ApplyRow<PatientRow>;
  readonly consents: ApplyRow<ConsentRow>;
  readonly appointments: ApplyRow<AppointmentRow>;
}

/** What working through an import needs. */
export interface RunImportPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly imports: ImportStore;
  readonly objects: ImportObjects;
  readonly practice: { settings(): Lookup<PracticeSettings> };
  readonly vocabulary: { directory(): Lookup<Directory> };
  readonly settingsDefault: PracticeSettings;
  /** Writes together or not at all, without an entry: how far an import came. False where a condition does not hold. */
  readonly save: (writes: readonly Write[]) => Promise<boolean>;
  /** Made anew for each run: what it remembers of patients goes with it. */
  readonly createApplyRows: () => ApplyRows;
  readonly now: () => Date;
}

/** What became of a run; `unfinished`: time was short, the next one goes on. */
export type RunOutcome =
  | { readonly kind: "done"; readonly counts: ImportCounts }
  | { readonly kind: "failed"; readonly code: string }
  | { readonly kind: "settled" | "unknown" | "unfinished" };

/** Another run of the same import goes on: this one must stop. */
export class TakenOver extends Error {
  override readonly name = "TakenOver";
}

interface Progress {
  readonly counts: ImportCounts;
  readonly notes: readonly ReportRow[];
}

/**
 * Works through what was uploaded for an import, good rows whatever bad ones stand between. Safe to stop anywhere and to
 * begin again: how far it came is saved every {@link BATCH_ROWS} rows, rows are applied by use cases that change nothing
 * the second time, and of two runs the one that saves later stops. The file is deleted when its import is over.
 */
export function createRunImport(ports: RunImportPorts) {
  const { read, journal, imports, objects, now } = ports;

  async function take(record: ImportRecord): Promise<ImportRecord> {
    const taken: ImportRecord = {
      ...record,
      changedAt: now().toISOString(),
      version: record.version + 1,
    };
    if (!(await ports.save([imports.replaceImport(taken)]))) throw new TakenOver("another run goes on");
    return taken;
  }

  async function finish(
    record: ImportRecord,
    set: Partial<ImportRecord> & Pick<ImportRecord, "state" | "failure">,
    pages: readonly Write[],
  ): Promise<void> {
    const finished: ImportRecord = {
      ...record,
      ...set,
      changedAt: now().toISOString(),
      version: record.version + 1,
    };
    const { id, kind, dryRun, counts } = finished;
    const outcome = await journal.commit(
      {
        ...askingOf(record),
        action: "import.finished",
        details: {
          importId: id,
          kind,
          dryRun,
          state: finished.state,
          ...(finished.failure === null ? {} : { reason: finished.failure.code }),
          counts: { ...counts },
        },
      },
      [imports.replaceImport(finished), ...pages],
    );
    if (outcome.kind === "conflict") throw new TakenOver("another run goes on");
  }

  /** Reads the whole file once: is it one that can be read, how many rows has it, and which of them count. */
  function survey(file: ReadableFile): { readonly total: number; readonly chooser: ChooseRows } {
    const chooser = new ChooseRows();
    let total = 0;
    for (const row of counted(file.rows())) {
      chooser.add(row);
      total += 1;
    }
    if (total === 0) throw new BadFile("empty");
    return { total, chooser };
  }

  async function applyBatch(
    batch: readonly ReadRow[],
    chooser: ChooseRows,
    rows: ApplyRows,
    applying: Applying,
  ): Promise<Progress> {
    const tally = new Tally();
    const subjects = new Map<string, (ReadRow & { readonly what: "row" })[]>();
    for (const one of batch) {
      if (one.what === "bad") tally.refuse(one.line, one.notes);
      else if (one.what === "skipped") tally.ignore(one.line, one.note);
      else {
        const choice = chooser.choose(one);
        if (choice === "conflicting") {
          tally.refuse(one.line, [{ code: "conflicting_rows", otherLine: chooser.otherLine(one) }]);
        } else if (choice === "repeated") tally.count("unchanged");
        else if (choice === "older") tally.older(one.line);
        else {
          const subject = subjectOf(one.row);
          subjects.set(subject, [...(subjects.get(subject) ?? []), one]);
        }
      }
    }
    await atOnce([...subjects.values()], SUBJECTS_AT_ONCE, async (ofSubject) => {
      for (const { line, row, warnings } of ofSubject) {
        tally.applied(line, await applyRow(rows, row, applying), warnings);
      }
    });
    return tally.progress();
  }

  async function workThrough(
    started: ImportRecord,
    file: ReadableFile,
    remainingMs: () => number,
  ): Promise<RunOutcome> {
    const { total, chooser } = survey(file);
    let record: ImportRecord = {
      ...started,
      columns: file.columns(),
      counts: { ...started.counts, total },
    };
    const rows = ports.createApplyRows();
    const applying = { asking: askingOf(record), importId: record.id, dryRun: record.dryRun };
    let position = 0;
    let batch: ReadRow[] = [];

    const work = async (): Promise<{ readonly next: ImportRecord; readonly pages: readonly Write[] }> => {
      const { counts, notes } = await applyBatch(batch, chooser, rows, applying);
      batch = [];
      const pages = record.pages + (notes.length > 0 ? 1 : 0);
      const next: ImportRecord = {
        ...record,
        counts: sum(record.counts, counts),
        pages,
        changedAt: now().toISOString(),
        version: record.version + 1,
      };
      const page = { importId: record.id, number: pages, rows: notes };
      return { next, pages: notes.length > 0 ? [imports.setPage(page, record)] : [] };
    };

    for (const row of file.rows()) {
      position += 1;
      if (position <= record.counts.done) continue;
      batch.push(row);
      if (batch.length < BATCH_ROWS || position === total) continue;
      const { next, pages } = await work();
      if (!(await ports.save([imports.replaceImport(next), ...pages]))) {
        throw new TakenOver("another run goes on");
      }
      record = next;
      if (remainingMs() < RESERVE_MS) return { kind: "unfinished" };
    }
    const { next, pages } = await work();
    // The last rows and the end are one.
    await finish({ ...next, version: record.version }, { state: "done", failure: null }, pages);
    return { kind: "done", counts: next.counts };
  }

  return async (id: string, remainingMs: () => number): Promise<RunOutcome> => {
    const [known, settings, directory] = await read(
      imports.import(id),
      ports.practice.settings(),
      ports.vocabulary.directory(),
    );
    if (known === undefined || known.state === "done" || known.state === "failed") {
      await objects.forget(id);
      return { kind: known === undefined ? "unknown" : "settled" };
    }
    const found = await objects.read(id, IMPORT_BYTES_MAX, known.objectVersion);
    let record = known;
    let outcome: RunOutcome;
    try {
      if (found === "absent") throw new BadFile("file_gone");
      if (found === "too-large") throw new BadFile("too_large");
      record = await take({ ...known, state: "running", objectVersion: found.version });
      const file = readFile(found.bytes, record.kind, {
        // The same whenever it goes on.
        now: new Date(record.requestedAt),
        timeZone: (settings ?? ports.settingsDefault).timeZone,
        directory,
      });
      outcome = await workThrough(record, file, remainingMs);
    } catch (error) {
      if (!(error instanceof BadFile)) throw error;
      const { code, fields } = error;
      await finish(record, { state: "failed", failure: { code, fields } }, []);
      outcome = { kind: "failed", code };
    }
    if (outcome.kind !== "unfinished") await objects.forget(id);
    return outcome;
  };
}

/** An import acts in the name of whoever asked for it; its id is the request's. */
function askingOf({ id, actor, role }: ImportRecord): Asking {
  return { actor, role, requestId: id };
}

function applyRow(rows: ApplyRows, row: ImportRow, applying: Applying): Promise<Applied> {
  switch (row.kind) {
    case "patients":
      return rows.patients(row, applying);
    case "consents":
      return rows.consents(row, applying);
    case "appointments":
      return rows.appointments(row, applying);
    default:
      return row satisfies never;
  }
}

/** Works through `items`, so many at once; stops with the first that throws, once the others under way are over. */
async function atOnce<Item>(
  items: readonly Item[],
  count: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  let isBroken = false;
  const worker = async () => {
    for (const item of queue) {
      if (isBroken) return;
      try {
        await work(item);
      } catch (error) {
        isBroken = true;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: count }, worker));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

type Counted = Exclude<keyof ImportCounts, "total">;

/** What came of the rows of a batch. */
class Tally {
  readonly #counts = new Map<Counted, number>();
  readonly #notes: ReportRow[] = [];

  count(name: Exclude<Counted, "done" | "warnings">): void {
    this.#add(name);
    this.#add("done");
  }

  refuse(line: number, notes: readonly RowNote[]): void {
    this.count("refused");
    this.#tell(line, notes);
  }

  ignore(line: number, note: RowNote | undefined): void {
    this.count("ignored");
    if (note !== undefined) this.#notes.push({ line, ...note });
  }

  older(line: number): void {
    this.count("unchanged");
    this.#notes.push({ line, code: "older_row" });
  }

  applied(line: number, applied: Applied, read: readonly RowNote[]): void {
    if (applied.kind === "refused") {
      this.refuse(line, [applied.note]);
      return;
    }
    this.count(applied.kind);
    const warnings = [...read, ...(applied.warnings ?? [])];
    if (warnings.length === 0) return;
    this.#add("warnings");
    this.#tell(line, warnings);
  }

  progress(): Progress {
    const counts = Object.fromEntries(this.#counts) as Partial<ImportCounts>;
    const none = { total: 0, done: 0, warnings: 0, created: 0, changed: 0, unchanged: 0 };
    return {
      counts: { ...none, existing: 0, refused: 0, ignored: 0, ...counts },
      notes: this.#notes.toSorted((one, two) => one.line - two.line),
    };
  }

  #tell(line: number, notes: readonly RowNote[]): void {
    this.#notes.push(...notes.map((note) => ({ line, ...note })));
  }

  #add(name: Counted): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }
}

function sum(one: ImportCounts, two: ImportCounts): ImportCounts {
  const names = Object.keys(one) as (keyof ImportCounts)[];
  return Object.fromEntries(names.map((name) => [name, one[name] + two[name]])) as unknown as ImportCounts;
}
