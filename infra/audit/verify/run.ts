import { writeFileSync } from "node:fs";
import { type OutcomeFormat, readOptions, USAGE, type VerifyCommand } from "./options.ts";
import { outcomeJson } from "./outcome-json.ts";
import { outcomePage } from "./outcome-page.ts";
import { outcomeText } from "./outcome-text.ts";
import { createProgressLine } from "./progress-line.ts";
import type { Verification } from "./verification.ts";
import { VerifyError } from "./verify-error.ts";
import { verifyExport } from "./verify-export.ts";

/** Where a run of the command begins and where its words go. */
export interface VerifySurroundings {
  /** Where a relative path begins. */
  readonly folder: string;
  readonly write: (text: string) => void;
  /** Where errors and, on a terminal, the progress are told. */
  readonly complain: (text: string) => void;
  readonly isTerminal: boolean;
  readonly now: () => Date;
}

const PROVED = 0;
const FOUND = 1;
const UNVERIFIED = 2;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const FORMS: Readonly<Record<OutcomeFormat, (outcome: Verification, madeAt: string) => string>> = {
  text: outcomeText,
  json: outcomeJson,
  html: outcomePage,
};

/**
 * Verifies an export and reports: exit status 0 where it is proved, 1 where anything was found, 2 where nothing could be
 * verified (one line on standard error says how to mend it).
 */
export async function runVerify(
  args: readonly string[],
  surroundings: VerifySurroundings = {
    // npm and run.mjs change to the project's root; npm says where it was called.
    folder: process.env["INIT_CWD"] ?? process.cwd(),
    write: (text) => process.stdout.write(text),
    complain: (text) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    now: () => new Date(),
  },
): Promise<number> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    const command = readOptions(args, surroundings.folder);
    if (command === undefined) {
      surroundings.write(`${USAGE}\n`);
      return PROVED;
    }
    return await verify(command, surroundings, stopping.signal);
  } catch (error) {
    // What went wrong otherwise may hold what stands in the files: only its name is told.
    const name = error instanceof Error && /^\w{1,60}$/.test(error.name) ? error.name : "unknown";
    const line = error instanceof VerifyError ? error.message : `Nothing could be verified (${name}).`;
    surroundings.complain(`${line}\n`);
    return UNVERIFIED;
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}

async function verify(
  { format, outFile, ...options }: VerifyCommand,
  { write, complain, isTerminal, now }: VerifySurroundings,
  signal: AbortSignal,
): Promise<number> {
  const progress = createProgressLine(isTerminal ? complain : undefined);
  let outcome: Verification;
  try {
    outcome = await verifyExport(options, progress.show, signal);
  } finally {
    progress.clear();
  }
  const report = FORMS[format](outcome, now().toISOString());
  if (outFile === null) write(report);
  else writeReport(outFile, report);
  return outcome.verdict === "proved" ? PROVED : FOUND;
}

function writeReport(file: string, report: string): void {
  try {
    // Chains are named after patients' ids: for its owner only.
    writeFileSync(file, report, { mode: 0o600 });
  } catch {
    throw new VerifyError("The report cannot be written: check the folder of --out, and that there is room.");
  }
}
