/**
 * `npm run bench`: figures beside their targets, all measured in this run. Ends with 1 where one could not be measured.
 * `--no-peers` leaves out the packages that the classifier is compared with; `--audit-entries N` measures the verifier of
 * exports alone, over so many entries; `--reminders` what reminders cost alone.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeTemplate, removeTemplate } from "../local/template-maker.ts";
import { entriesIn, reportAuditVerifier } from "./audit-verifier.ts";
import { reportBundleSizes } from "./bundle-sizes.ts";
import { reportClassifierSpeed } from "./classifier-speed.ts";
import { reportColdStarts } from "./cold-start.ts";
import { deployedFunctions } from "./deployed-functions.ts";
import { bundleFloor } from "./floor.ts";
import { type HostUnderTest, startHostUnderTest } from "./host-under-test.ts";
import { allowSending, type MessageRun, measureMessages, reportMessageCalls } from "./message-calls.ts";
import { reportPeerSpeed } from "./peer-speed.ts";
import { reportPortalPages } from "./portal-pages.ts";
import { reportPortalSpeed } from "./portal-speed.ts";
import { reportProofTiming } from "./proof-timing.ts";
import { measureReminderSizes, reportFixedCost, reportReminders } from "./reminders.ts";
import { linesOf, type Report } from "./report.ts";
import { measureThroughput, reportThroughput, toDay } from "./throughput.ts";
import { reportWeek } from "./week-report.ts";

const SIZES = [10, 10_000] as const;
const STOPPED_EXIT_CODE = 130;

const words = process.argv.slice(2);
const auditEntries = words[0] === "--audit-entries" && words.length === 2 ? entriesIn(words[1]) : undefined;
const onlyReminders = words.length === 1 && words[0] === "--reminders";
if (auditEntries === undefined && !onlyReminders && words.some((word) => word !== "--no-peers")) {
  process.stderr.write(
    "usage: npm run bench -- [--no-peers | --reminders | --audit-entries 10000…10000000]\n",
  );
  process.exit(2);
}
const withPeers = words.length === 0;
const stopping = new AbortController();
const folder = mkdtempSync(join(tmpdir(), "foundphone-bench-"));
const reports: Report[] = [];
const failures: string[] = [];

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    stopping.abort();
  });
}
process.on("exit", () => {
  rmSync(folder, { recursive: true, force: true });
  removeTemplate();
});

if (auditEntries !== undefined) await measureVerifier(auditEntries);
else if (onlyReminders) await measureReminders();
else await measure();
if (stopping.signal.aborted) process.exit(STOPPED_EXIT_CODE);
for (const line of [...reports.flatMap(linesOf), "", summary()]) process.stdout.write(`${line}\n`);
for (const line of failures) process.stderr.write(`${line}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;

async function measure(): Promise<void> {
  const templatePath = await attempt("making the template and the functions' bundles", () =>
    makeTemplate(stopping.signal),
  );
  if (templatePath !== undefined) await measureBundles(templatePath);
  await measureVerifier();
  await attempt("timing the classifier", async () => reports.push(reportClassifierSpeed()));
  if (withPeers)
    await attempt("timing the classifier beside its peers", async () =>
      reports.push(await reportPeerSpeed({ folder, announce, signal: stopping.signal })),
    );
  const host =
    templatePath &&
    (await attempt("starting the local host", () => startHostUnderTest(templatePath, stopping.signal)));
  if (host === undefined || host === "") return;
  await measureHost(host);
  await host.stop();
  await attempt("comparing refused proofs", () => measureProofTiming(templatePath ?? ""));
  await attempt("sending many alerts", async () =>
    reports.push(
      reportThroughput(await measureThroughput(templatePath ?? "", folder, announce, stopping.signal)),
    ),
  );
  await measureReminders(templatePath ?? "");
}

async function measureReminders(made?: string): Promise<void> {
  await attempt("planning a week of reminders", async () => reports.push(reportWeek()));
  const templatePath =
    made ??
    (await attempt("making the template and the functions' bundles", () => makeTemplate(stopping.signal)));
  if (templatePath === undefined) return;
  await attempt("sending reminders", async () => {
    const runs = await measureReminderSizes(templatePath, announce, stopping.signal);
    reports.push(reportReminders(runs));
    const [run] = runs;
    if (run !== undefined) reports.push(reportFixedCost(templatePath, run));
  });
}

async function measureBundles(templatePath: string): Promise<void> {
  const bundles = await attempt("making the bundles that the functions are compared with", async () => {
    const functions = deployedFunctions(templatePath);
    const floors = await Promise.all(
      functions.map(async ({ name }) => [name, await bundleFloor(name, folder)] as const),
    );
    return { functions, floors: new Map(floors) };
  });
  if (bundles === undefined) return;
  const { functions, floors } = bundles;
  reports.push(reportBundleSizes(functions, floors));
  await attempt("timing cold starts", async () =>
    reports.push(await reportColdStarts(functions, floors, announce, stopping.signal)),
  );
}

async function measureVerifier(entries?: number): Promise<void> {
  await attempt("making an export of the audit table", async () =>
    reports.push(await reportAuditVerifier(folder, announce, stopping.signal, entries)),
  );
}

async function measureHost(host: HostUnderTest): Promise<void> {
  const runs: MessageRun[] = [];
  await attempt("counting AWS calls", async () => {
    await toDay(host);
    await allowSending(host);
    for (const patients of SIZES) runs.push(await measureMessages(host, patients, announce));
    reports.push(reportMessageCalls(runs));
  });
  await attempt("timing the portal", async () =>
    reports.push(await reportPortalSpeed(runs.flatMap(({ links }) => links))),
  );
  await attempt("visiting the portal's pages", async () => reports.push(await reportPortalPages(host)));
}

async function measureProofTiming(templatePath: string): Promise<void> {
  const host = await startHostUnderTest(templatePath, stopping.signal);
  try {
    reports.push(await reportProofTiming(host));
  } finally {
    await host.stop();
  }
}

/** Runs one step; a failure is noted in one line and gives undefined. */
async function attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
  if (stopping.signal.aborted) return undefined;
  announce(what);
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n", 1)[0] : "unknown reason";
    failures.push(`Not measured: ${what}: ${reason ?? ""}`);
    return undefined;
  }
}

function announce(what: string): void {
  process.stderr.write(`… ${what}\n`);
}

function summary(): string {
  const missed = reports.flatMap(({ name, rows }) =>
    rows
      .filter(({ verdict }) => verdict === "MISS")
      .map(({ cells }) => `${name} of ${cells[0]?.trim() ?? ""}`),
  );
  return missed.length === 0 ? "Every target is reached." : `MISS: ${missed.join("; ")}`;
}
