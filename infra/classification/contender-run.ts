import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Direction } from "#shared/domain/classification/judge.ts";
import type { Contender } from "./contenders.ts";

const RUNNER = fileURLToPath(new URL("./peers/runner.mjs", import.meta.url));
/** What loading and one slow text may take beyond the time for texts before the process is ended. */
const GRACE_SECONDS = 30;
const REASON_LENGTH_MAX = 120;

/** A text as every contender gets it. */
export type PosedText = { readonly text: string; readonly direction: Direction };

/** What a contender made of one text in one round over them. */
export type Reading = {
  readonly round: number;
  /** Place of the text among those that were given. */
  readonly index: number;
  readonly microseconds: number;
  /** Whether it found anything at all. */
  readonly any: boolean;
  /** Whether it found something that says what the text tells of health or care. */
  readonly clinical: boolean;
};

/** What came of running a contender; readings end early where time ran out or the process failed. */
export type ContenderRun = {
  /** From the import to the first answer; undefined where it never came so far. */
  readonly loadMilliseconds: number | undefined;
  readonly readings: readonly Reading[];
  /** Why its process failed, in one line; undefined where it did not. */
  readonly failure: string | undefined;
};

/** How long a run may be. */
export type RunLimits = {
  /** How often it goes over the texts. */
  readonly rounds: number;
  /** After so long no further text is begun. */
  readonly seconds: number;
  /** What is allowed on top before the process is ended. @default 30 */
  readonly graceSeconds?: number;
  readonly signal?: AbortSignal;
};

/** Runs a contender over texts in a process of its own. Never throws: what goes wrong is in the answer. */
export async function runContender(
  { moduleUrl, exportName }: Contender,
  texts: readonly PosedText[],
  { rounds, seconds, graceSeconds = GRACE_SECONDS, signal }: RunLimits,
): Promise<ContenderRun> {
  // A folder of nobody's, and no variables: some peers look for settings of theirs.
  const child = spawn(
    process.execPath,
    [RUNNER, moduleUrl.href, exportName, String(rounds), String(seconds)],
    { cwd: tmpdir(), env: {}, ...(signal === undefined ? {} : { signal }) },
  );
  const ended = endOf(child);
  let timedOut = false;
  const timer = setTimeout(
    () => {
      timedOut = true;
      child.kill("SIGKILL");
    },
    (seconds + graceSeconds) * 1000,
  );
  // It may end before it has read everything; the end says so.
  child.stdin.on("error", () => undefined);
  child.stdin.end(texts.map(({ text, direction }) => `${JSON.stringify({ text, direction })}\n`).join(""));
  let said = "";
  child.stderr.on("data", (data) => {
    said = `${said}${String(data)}`.slice(-10_000);
  });

  let loadMilliseconds: number | undefined;
  const readings: Reading[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const value = parsed(line);
    if (value === undefined) continue;
    if ("loadMilliseconds" in value) loadMilliseconds = value.loadMilliseconds;
    else readings.push(value);
  }
  const end = await ended;
  clearTimeout(timer);
  const failure = timedOut
    ? `gave no answer within ${String(seconds + graceSeconds)} s and was ended`
    : failureOf(end, said);
  return { loadMilliseconds, readings, failure };
}

/** A line of the runner; undefined of one that was cut off when the process ended. */
function parsed(line: string): Reading | { readonly loadMilliseconds: number } | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

type End = { readonly code: number | null; readonly signal: string | null; readonly error?: Error };

function endOf(child: ChildProcessWithoutNullStreams): Promise<End> {
  const { promise, resolve } = Promise.withResolvers<End>();
  child.once("error", (error) => {
    resolve({ code: null, signal: null, error });
  });
  child.once("close", (code, signal) => {
    resolve({ code, signal });
  });
  return promise;
}

function failureOf({ code, signal, error }: End, said: string): string | undefined {
  if (error !== undefined) return `did not run: ${error.message}`;
  if (code === 0) return undefined;
  const lines = said
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const reason = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines[0] ?? "no reason given";
  return `ended with ${signal ?? `exit code ${String(code)}`}: ${reason.slice(0, REASON_LENGTH_MAX)}`;
}
