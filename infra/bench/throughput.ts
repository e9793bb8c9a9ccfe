import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { listOf, recordOf, textOf } from "../local/json-shape.ts";
import { type HostUnderTest, startHostUnderTest } from "./host-under-test.ts";
import { allowSending } from "./message-calls.ts";
import { type Report, verdict } from "./report.ts";
import { writeVariant } from "./template-variant.ts";

const ALERTS = 2_000;
const SLOW_PARTS_PER_SECOND = 1;
const FAST_PARTS_PER_SECOND = 10;
const PACED_SECONDS = 20;
const CODE_SECONDS_MAX = 10;
const CALLS_MAX = 10;
/** The stack's clock, in the practice's day. */
const DAY_HOUR_UTC = 17;

type Text = { readonly sentMs: number; readonly alertId: string };

/** What sending many alerts came to. */
export type Throughput = {
  readonly seconds: number;
  readonly callsEach: number;
  /** Most texts in any one second, for each pace. */
  readonly slowMost: number;
  readonly fastMost: number;
  readonly fastCount: number;
  readonly codeSeconds: number;
};

/** Sends alerts from an originator without a limit, from one of a part a second with a code in between, and from one of ten. */
export async function measureThroughput(
  templatePath: string,
  folder: string,
  announce: (what: string) => void,
  signal: AbortSignal,
): Promise<Throughput> {
  const host = async (name: string, partsPerSecond: number | null, bulkConcurrency: number) => {
    const variantFolder = join(folder, name);
    mkdirSync(variantFolder, { recursive: true });
    const path = writeVariant(templatePath, variantFolder, "Foundphone", { partsPerSecond, bulkConcurrency });
    const started = await startHostUnderTest(path, signal);
    await toDay(started);
    await allowSending(started);
    await started.fill(ALERTS);
    return started;
  };

  announce(`sending ${ALERTS.toLocaleString("en-US")} alerts from a number without a limit`);
  const unpaced = await host("unpaced", null, 4);
  const startMs = performance.now();
  await unpaced.queueAlerts(ALERTS);
  await until(async () => (await textsOf(unpaced)).length >= ALERTS, 300);
  const seconds = (performance.now() - startMs) / 1000;
  const calls = listOf(recordOf(JSON.parse((await unpaced.call("GET", "/_local/calls")).body))["items"]);
  const callsEach = calls.filter((call) => recordOf(call)["function"] === "send-alert").length / ALERTS;
  await unpaced.stop();

  announce(`${ALERTS.toLocaleString("en-US")} alerts at one part a second, and a code between them`);
  const slow = await host("slow", SLOW_PARTS_PER_SECOND, 2);
  await slow.queueAlerts(ALERTS);
  await until(async () => (await textsOf(slow)).length >= 3, 60);
  const askedMs = Date.parse(await timeOf(slow));
  const alertId = await slow.queueCode();
  await until(async () => (await textsOf(slow)).some((text) => text.alertId === alertId), 60);
  const code = (await textsOf(slow)).find((text) => text.alertId === alertId);
  await rest(PACED_SECONDS / 2);
  const slowTexts = await textsOf(slow);
  await slow.stop();

  announce(`${String(PACED_SECONDS)} seconds at ten parts a second`);
  const fast = await host("fast", FAST_PARTS_PER_SECOND, 4);
  await fast.queueAlerts(ALERTS / 4);
  await rest(PACED_SECONDS);
  const fastTexts = await textsOf(fast);
  await fast.stop();

  return {
    seconds,
    callsEach,
    slowMost: mostInOneSecond(slowTexts),
    fastMost: mostInOneSecond(fastTexts),
    fastCount: fastTexts.length,
    codeSeconds: ((code?.sentMs ?? Number.NaN) - askedMs) / 1000,
  };
}

/** Time and calls for each alert; the paces kept; the code's way past the bulk queue. */
export function reportThroughput(run: Throughput): Report {
  const ms = (run.seconds / ALERTS) * 1000;
  return {
    name: "Alerts",
    title: `${ALERTS.toLocaleString("en-US")} queued alerts through the local host`,
    columns: ["what", "measured", "target"],
    rows: [
      {
        cells: ["without a limit, time for each alert", `${ms.toFixed(1)} ms`, "none"],
        verdict: undefined,
      },
      { cells: ["without a limit, all of them", `${run.seconds.toFixed(1)} s`, "none"], verdict: undefined },
      {
        cells: ["AWS calls of send-alert for each", run.callsEach.toFixed(2), `<= ${String(CALLS_MAX)}`],
        verdict: verdict(run.callsEach <= CALLS_MAX),
      },
      {
        cells: ["one part a second: most in any second", String(run.slowMost), "<= 1"],
        verdict: verdict(run.slowMost <= SLOW_PARTS_PER_SECOND),
      },
      {
        cells: [
          "one part a second: a code after 2,000 others",
          `${run.codeSeconds.toFixed(1)} s`,
          `<= ${String(CODE_SECONDS_MAX)} s`,
        ],
        verdict: verdict(run.codeSeconds <= CODE_SECONDS_MAX),
      },
      {
        cells: ["ten parts a second: most in any second", String(run.fastMost), "<= 10"],
        verdict: verdict(run.fastMost <= FAST_PARTS_PER_SECOND),
      },
      {
        cells: ["ten parts a second: texts a second", (run.fastCount / PACED_SECONDS).toFixed(1), "none"],
        verdict: undefined,
      },
    ],
  };
}

/** The most texts in any window of a second, by the time at which the provider took them. */
function mostInOneSecond(texts: readonly Text[]): number {
  const times = texts.map(({ sentMs }) => sentMs).toSorted((one, other) => one - other);
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length));
}

async function textsOf(host: HostUnderTest): Promise<readonly Text[]> {
  const { body } = await host.call("GET", "/_local/texts");
  return listOf(recordOf(JSON.parse(body))["items"])
    .map(recordOf)
    .map((text) => ({
      sentMs: Date.parse(textOf(text["sentAt"]) ?? ""),
      alertId: textOf(recordOf(text["context"])["alertId"]) ?? "",
    }));
}

async function timeOf(host: HostUnderTest): Promise<string> {
  return textOf(recordOf(JSON.parse((await host.call("GET", "/_local/clock")).body))["now"]) ?? "";
}

/** Moves the stack's clock on to an hour at which texts may leave. */
export async function toDay(host: HostUnderTest): Promise<void> {
  const now = new Date(await timeOf(host));
  const day = new Date(now);
  day.setUTCHours(DAY_HOUR_UTC, 0, 0, 0);
  if (day < now) day.setUTCDate(day.getUTCDate() + 1);
  await host.call("POST", "/_local/clock", { body: { now: day.toISOString() } });
}

async function until(holds: () => Promise<boolean>, secondsMax: number): Promise<void> {
  const endMs = performance.now() + secondsMax * 1000;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error("the alerts did not all leave in time");
    await rest(0.3);
  }
}

function rest(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
