import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { makeSampleExport } from "../audit/samples/sample-export.ts";
import { median, type Report, verdict } from "./report.ts";

const ENTRIES = 300_000;
const ENTRIES_MIN = 10_000;
const ENTRIES_MAX = 10_000_000;
const RATIO_MAX = 2.5;
const MEMORY_MB_MAX = 300;
const ROUNDS = 3;
/** From here on one round takes minutes. */
const ROUNDS_ENTRIES_MAX = 1_000_000;
const FILES = 8;
const ENTRIES_PER_HOUR = 5000;
const HOURS = { least: 24, most: 2000 };
const SEED = 5;
const PLAIN = fileURLToPath(new URL("./plain-reading.ts", import.meta.url));
const VERIFIER = fileURLToPath(new URL("./verifier-run.ts", import.meta.url));

/** The number of entries in `text`, undefined where it is none that can be measured. */
export function entriesIn(text: string | undefined): number | undefined {
  const entries = Number(text);
  return Number.isSafeInteger(entries) && entries >= ENTRIES_MIN && entries <= ENTRIES_MAX
    ? entries
    : undefined;
}

/**
 * Times the verifier over a made export beside a plain reading of the same files (gunzip, JSON.parse of each line, one
 * JavaScript thread), in turn, each in a process of its own with its start; and the most memory that it had.
 */
export async function reportAuditVerifier(
  folder: string,
  announce: (what: string) => void,
  signal: AbortSignal,
  entries: number = ENTRIES,
): Promise<Report> {
  const exported = mkdtempSync(join(folder, "audit-"));
  try {
    const hours = Math.min(HOURS.most, Math.max(HOURS.least, Math.floor(entries / ENTRIES_PER_HOUR)));
    const made = await makeSampleExport({ folder: exported, entries, files: FILES, hours, seed: SEED });
    announce("timing the verifier beside a plain reading");
    const plain: number[] = [];
    const verified: Run[] = [];
    for (let round = 0; round < (entries > ROUNDS_ENTRIES_MAX ? 1 : ROUNDS); round += 1) {
      plain.push((await timed(PLAIN, exported, signal)).seconds);
      verified.push(await timed(VERIFIER, exported, signal));
    }
    return reportOf(made.entries, plain, verified);
  } finally {
    rmSync(exported, { recursive: true, force: true });
  }
}

interface Run {
  readonly seconds: number;
  readonly megabytes: number;
}

async function timed(program: string, folder: string, signal: AbortSignal): Promise<Run> {
  const startMs = performance.now();
  // It ends with 1 where the export is not proved, and then there is nothing to measure.
  const { stdout } = await promisify(execFile)(process.execPath, [program, folder], { signal });
  const seconds = (performance.now() - startMs) / 1000;
  const megabytes = Number(stdout) / 1024;
  if (!(megabytes > 0)) throw new Error("a reading ended and did not say what memory it had");
  return { seconds, megabytes };
}

function reportOf(entries: number, plain: readonly number[], verified: readonly Run[]): Report {
  const plainSeconds = median(plain);
  const seconds = median(verified.map((run) => run.seconds));
  const ratio = seconds / plainSeconds;
  const megabytes = Math.max(...verified.map((run) => run.megabytes));
  return {
    name: "Audit verifier",
    title: `${entries.toLocaleString("en-US")} entries in ${String(FILES)} files; median of ${String(plain.length)}`,
    columns: ["what", "figure", "target"],
    rows: [
      { cells: ["plain gunzip and JSON.parse", `${plainSeconds.toFixed(2)} s`, "none"], verdict: undefined },
      {
        cells: [
          "verification",
          `${seconds.toFixed(2)} s, ${Math.round(entries / seconds / 1000).toString()} k/s`,
          "none",
        ],
        verdict: undefined,
      },
      {
        cells: ["ratio of the two", ratio.toFixed(2), `<= ${RATIO_MAX.toFixed(1)}`],
        verdict: verdict(ratio <= RATIO_MAX),
      },
      {
        cells: ["most memory (resident)", `${megabytes.toFixed(0)} MB`, `< ${String(MEMORY_MB_MAX)} MB`],
        verdict: verdict(megabytes < MEMORY_MB_MAX),
      },
    ],
    notes: [
      "npm run bench -- --audit-entries 10000000 measures this alone over so many (1.6 GB in the temporary directory).",
    ],
  };
}
