import { parseArgs } from "node:util";
import type { Clock } from "./aws/clock.ts";
import { directions } from "./directions.ts";
import type { Host } from "./host.ts";
import { nextOpening, practiceTimeZone } from "./opening-time.ts";
import { createProgress, type Progress } from "./progress.ts";
import type { Stack } from "./stack.ts";
import { StartFailure } from "./start-failure.ts";
import { makeTemplate, removeTemplate } from "./template-maker.ts";

const NODE_MAJOR = 24;
const PORT_DEFAULT = 4400;
/** What of the caller's environment the host needs; functions get none of it. */
const KEPT_VARIABLES = ["PATH", "HOME", "TMPDIR", "TEMP", "SYSTEMROOT", "PORT", "NODE_COMPILE_CACHE"];

/** Longest stretch of the stack's time that the demo's texts may take. */
const SEEDING_MS = 60_000;

const print = (line: string) => process.stdout.write(`${line}\n`);
const stopping = new AbortController();
let stopHost: (() => Promise<void>) | undefined;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => void stop());
}

try {
  await start();
} catch (error) {
  if (!stopping.signal.aborted) {
    process.stderr.write(`${reasonOf(error)}\n`);
    removeTemplate();
    process.exit(1);
  }
}

async function start(): Promise<void> {
  const startedMs = performance.now();
  if (Number(process.versions.node.split(".")[0]) < NODE_MAJOR) {
    throw new StartFailure(
      `The local host needs Node ${String(NODE_MAJOR)}, and this is ${process.version}: start it with npm start.`,
    );
  }
  const { values } = parseArgs({
    options: { template: { type: "string" }, clock: { type: "string" }, "no-seed": { type: "boolean" } },
  });
  const wantedMs = readClock(values.clock);
  const port = readPort(process.env["PORT"]);
  cleanEnvironment();
  const { createClockBuffer, installClock } = await import("./aws/clock.ts");
  const machineMs = Date.now();
  const buffer = createClockBuffer();
  // What the loading of the demo takes of the stack's time lies before the start.
  new Float64Array(buffer)[0] = (wantedMs ?? machineMs) - machineMs - SEEDING_MS;
  // Before the host's own modules: the stand-ins keep the Date that they find.
  const clock = installClock(buffer);
  const { openHost } = await import("./host.ts");
  const progress = createProgress(print);
  const host = await openHost({ port, clock });
  stopHost = host.stop;
  const templatePath = await templateOf(progress, values.template);
  const openingMs = values.clock === undefined ? startByDay(clock, templatePath) : wantedMs;
  const stack = await loadStack(host, progress, templatePath);
  if (values["no-seed"] !== true) await seed(host, stack, progress);
  await stack.moveClock(openingMs ?? machineMs + performance.now() - startedMs);
  if (stopping.signal.aborted) return;
  // From here on a defect of one request must not end what the others use.
  for (const fault of ["uncaughtException", "unhandledRejection"] as const) process.on(fault, reportFault);
  for (const line of directions(host.base, stack)) print(line);
  print(`ready ${host.base}`);
}

async function templateOf(progress: Progress, given: string | undefined): Promise<string> {
  // The stand-ins for AWS load while the template is made.
  const loading = import("./stack.ts");
  const made = progress.step("bundling the functions and making the template", async () =>
    given === undefined ? makeTemplate(stopping.signal) : given,
  );
  const [templatePath] = await Promise.all([made, loading]);
  return templatePath;
}

async function loadStack(host: Host, progress: Progress, templatePath: string): Promise<Stack> {
  try {
    return await progress.step("starting the stack", () => host.load(templatePath));
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown reason";
    throw new StartFailure(`The template cannot be hosted: ${reason}`);
  }
}

/** Loads the demo practice and lets its texts go out, by moving the clock instead of waiting. */
async function seed(host: Host, stack: Stack, progress: Progress): Promise<void> {
  const { loadDemo, describeDemo } = await import("./demo/load.ts");
  try {
    const report = await progress.step("loading the demo practice through the API", () =>
      loadDemo(host.base, print),
    );
    for (const line of describeDemo(report)) print(line);
  } catch (error) {
    if (stopping.signal.aborted) return;
    print(
      `${error instanceof Error ? error.message : "Loading the demo failed."} The host starts without it.`,
    );
  }
  await progress.step("sending the demo's texts", () => drain(stack));
}

/**
 * A practice texts by day only, so a host that is started at night, in the practice's time zone, starts its clock on the
 * next day's morning: gives that time in milliseconds, or undefined by day. What is loaded before lies in the minute before.
 */
function startByDay(clock: Clock, templatePath: string): number | undefined {
  try {
    const timeZone = practiceTimeZone(templatePath);
    const opening = timeZone === undefined ? undefined : nextOpening(clock.now() + SEEDING_MS, timeZone);
    if (opening === undefined) return undefined;
    clock.catchUpTo(opening.atMs - SEEDING_MS);
    print(
      `The clock starts at ${new Date(opening.atMs).toISOString()}, 13:00 in ${opening.timeZone}: alerts do not leave at night. --clock machine starts it now.`,
    );
    return opening.atMs;
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown reason";
    throw new StartFailure(`The template cannot be hosted: ${reason}`);
  }
}

/** A time in milliseconds; undefined for the machine's, and without the option. */
function readClock(text: string | undefined): number | undefined {
  if (text === undefined || text === "machine") return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms))
    throw new StartFailure(
      "--clock is not a time: give one in ISO 8601, for example 2026-03-02T15:00:00Z, or machine.",
    );
  return ms;
}

function readPort(text: string | undefined): number {
  if (text === undefined || text === "") return PORT_DEFAULT;
  const port = Number(text);
  if (!/^\d+$/u.test(text) || port > 65_535)
    throw new StartFailure(
      "PORT is not a port number: give one from 1 to 65535, for example PORT=4401 npm start.",
    );
  return port;
}

async function drain(stack: Stack): Promise<void> {
  const endMs = Date.now() + SEEDING_MS;
  await stack.settled();
  for (let next = stack.nextVisibleMs(); next !== undefined && next < endMs; next = stack.nextVisibleMs()) {
    await stack.moveClock(next + 1);
  }
}

/** Leaves nothing of the caller's environment that an SDK or the CDK could pick up, such as a real AWS profile. */
function cleanEnvironment(): void {
  for (const name of Object.keys(process.env)) {
    if (!KEPT_VARIABLES.includes(name.toUpperCase())) delete process.env[name];
  }
  process.env["TZ"] = "UTC";
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "The local host could not start.";
  if (error instanceof StartFailure) return error.message;
  if ("code" in error && error.code === "ERR_MODULE_NOT_FOUND") return "A package is missing: run npm ci.";
  return `The local host could not start: ${error.message.split("\n", 1)[0] ?? ""}`;
}

function reportFault(error: unknown): void {
  process.stderr.write(
    `local host: ${error instanceof Error ? (error.stack ?? error.message) : "unknown failure"}\n`,
  );
}

async function stop(): Promise<void> {
  if (stopping.signal.aborted) return;
  stopping.abort();
  // Whatever hangs must not keep the process: Ctrl-C means now.
  setTimeout(() => process.exit(1), 5000).unref();
  await stopHost?.();
  removeTemplate();
  process.exit(0);
}
