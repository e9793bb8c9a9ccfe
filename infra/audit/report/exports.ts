import { type ExportDirectory, readDirectory } from "../verify/directory.ts";
import { readExport, type TableExport } from "../verify/manifests.ts";
import { chooseSources, type ExportedTable } from "../verify/sources.ts";
import { VerifyError } from "../verify/verify-error.ts";
import { ReportError } from "./report-error.ts";

/** What is read of a table: its newest full export and what came after it, the newest last. */
export interface ChosenExports {
  /** The directory below which their files lie. */
  readonly root: string;
  /** Empty: there is no full one. */
  readonly exports: readonly TableExport[];
  /** They show the table just before this time. */
  readonly stateMs: number;
}

/** Finds the exports below a folder, at any depth, and chooses those of each table that show it best, as `verify` does. */
export function findExports(folder: string): Readonly<Record<ExportedTable, ChosenExports>> {
  try {
    const directory = readDirectory(folder);
    const all = directory.exports.map((below) => readWhole(directory, below));
    const of = (table: ExportedTable) => choose(directory, all, table);
    return { Audit: of("Audit"), Consents: of("Consents"), Practice: of("Practice") };
  } catch (error) {
    if (error instanceof VerifyError) throw new ReportError(error.message);
    throw error;
  }
}

interface FoundExport {
  readonly told: TableExport;
  /** Whether its manifests and its files are as they must be. */
  readonly isWhole: boolean;
}

function readWhole(directory: ExportDirectory, below: string): FoundExport {
  let isWhole = true;
  const told = readExport(directory, below, () => {
    isWhole = false;
  });
  if (told === undefined)
    throw new ReportError("A manifest cannot be read: copy the export anew, and verify it.");
  return { told, isWhole };
}

function choose({ root }: ExportDirectory, all: readonly FoundExport[], table: ExportedTable): ChosenExports {
  const tables = all.map(({ told }) => told);
  const sources = chooseSources(tables, table, ({ kind }) => {
    // A time that no export covers is a hole in every report.
    throw new ReportError(
      kind === "window-missing"
        ? "Between two exports a window is missing: copy all exports, and verify them."
        : "There are two full exports of one time: take one away, and verify the other.",
    );
  });
  if (sources === undefined) return { root, exports: [], stateMs: 0 };
  const { exports, stateMs } = sources;
  if (all.some(({ told, isWhole }) => !isWhole && exports.includes(told)))
    throw new ReportError(
      "A manifest is not as it must be, or names a file that is missing: verify it first.",
    );
  return { root, exports, stateMs };
}
