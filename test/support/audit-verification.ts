import type { FindingKind } from "#infra/audit/verify/finding.ts";
import { runVerify } from "#infra/audit/verify/run.ts";
import type { Verification } from "#infra/audit/verify/verification.ts";

/** What the verifier said of a folder. */
export type Outcome = {
  readonly status: number;
  readonly errors: string;
  readonly output: string;
  /** Findings of each kind, undefined where there was no verification. */
  readonly counts: Partial<Record<FindingKind, number>> | undefined;
  readonly told: Verification;
};

/** Runs the command on a folder; its report is JSON unless another form is asked for. */
export async function verifyFolder(path: string, ...options: readonly string[]): Promise<Outcome> {
  let output = "";
  let errors = "";
  const format = options.includes("--format") ? [] : ["--format", "json"];
  const status = await runVerify([path, ...options, ...format], {
    folder: path,
    write: (text) => {
      output += text;
    },
    complain: (text) => {
      errors += text;
    },
    isTerminal: false,
    now: () => new Date("2026-02-01T00:00:00.000Z"),
  });
  const told = (output.startsWith("{") ? JSON.parse(output) : {}) as Verification;
  return { status, errors, output, counts: told.counts, told };
}
