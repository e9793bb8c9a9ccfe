import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { StartFailure } from "./start-failure.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** One folder for each running host: another host, test run or synthesis beside it must not pull the code away. */
const FOLDERS = join(ROOT, "build", "local");
const LOCK = join(ROOT, "build", "local.lock");
const LOCK_WAIT_MS = 60_000;

/**
 * Bundles the functions and synthesizes the stack, in a process of its own; gives the path of the template, in a folder
 * that belongs to process `owner` and is removed by a later start once that process is gone. Throws a StartFailure with
 * the reason in one line. `signal` ends the making.
 */
export async function makeTemplate(signal: AbortSignal, owner: number = process.pid): Promise<string> {
  const outdir = join(FOLDERS, String(owner));
  removeLeftovers();
  mkdirSync(outdir, { recursive: true });
  await lock(signal);
  try {
    await synthesize(signal, outdir);
  } finally {
    rmSync(LOCK, { force: true });
  }
  const templates = readdirSync(outdir).filter((name) => name.endsWith(".template.json"));
  const [template] = templates;
  if (template === undefined || templates.length > 1) {
    throw new StartFailure("The synthesis did not make exactly one template; see infra/app.ts.");
  }
  return join(outdir, template);
}

/** The template that a process has made with `makeTemplate`, or undefined. */
export function madeTemplate(owner: number): string | undefined {
  const outdir = join(FOLDERS, String(owner));
  const template = existsSync(outdir)
    ? readdirSync(outdir).find((name) => name.endsWith(".template.json"))
    : undefined;
  return template === undefined ? undefined : join(outdir, template);
}

/** Removes what this process has made. */
export function removeTemplate(): void {
  rmSync(join(FOLDERS, String(process.pid)), { recursive: true, force: true });
}

async function synthesize(signal: AbortSignal, outdir: string): Promise<void> {
  const program = fileURLToPath(new URL("./synthesize.ts", import.meta.url));
  const child = spawn(process.execPath, ["--enable-source-maps", program, outdir], {
    cwd: ROOT,
    env: { ...process.env, CDK_VALIDATION: "false" },
    stdio: ["ignore", "pipe", "pipe"],
    signal,
    killSignal: "SIGKILL",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      output = `${output}${chunk}`.slice(-20_000);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) {
    throw new StartFailure(
      `The template could not be made: ${reasonIn(output)} Run npm run synth to see all of it.`,
    );
  }
}

/** Bundles lie in one folder for all, so that they are made by one process at a time. */
async function lock(signal: AbortSignal): Promise<void> {
  const endMs = performance.now() + LOCK_WAIT_MS;
  for (;;) {
    signal.throwIfAborted();
    try {
      writeFileSync(LOCK, String(process.pid), { flag: "wx" });
      return;
    } catch {
      const holder = existsSync(LOCK) ? Number(readFileSync(LOCK, "utf8")) : 0;
      if (holder > 0 && !isRunning(holder)) rmSync(LOCK, { force: true });
      if (performance.now() > endMs) {
        throw new StartFailure(
          `Another start has been bundling for a minute; remove ${LOCK} if there is none.`,
        );
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function removeLeftovers(): void {
  for (const owner of existsSync(FOLDERS) ? readdirSync(FOLDERS) : []) {
    if (!isRunning(Number(owner))) rmSync(join(FOLDERS, owner), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else runs, too.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function reasonIn(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  const missing = /Cannot find (?:package|module) '([^'/][^']*)'/u.exec(output)?.[1];
  if (missing !== undefined && !missing.startsWith("#"))
    return `the package ${missing} is missing; run npm ci.`;
  const line =
    lines.find((each) => /^(?:✘ \[ERROR\]|(?:[A-Z]\w*)?Error\b)/u.test(each)) ??
    lines.findLast((each) => each !== "");
  return (line ?? "the process ended without a word.").replace(/([^.!?])$/u, "$1.");
}
