import { listOf, recordOf, textOf } from "../local/json-shape.ts";
import type { HostUnderTest } from "./host-under-test.ts";
import { median, type Report, type ReportRow, verdict } from "./report.ts";

/** Messages sent for each size of the tables. */
const MESSAGES = 20;
const CALLS_MAX = { messages: 8, "send-alert": 9 } as const;
const FILL_SECONDS_MAX = 60;
const BODY = "Your A1C came back at 8.2, start metformin 500 mg twice daily.";
/** Waiting rounds of the stack's time, for alerts that found no slot at once. */
const WAITS_MAX = 12;
const WAIT_SECONDS = 5;

type CalledFunction = keyof typeof CALLS_MAX;

/** What sending the messages came to with so many patients in the tables. */
export type MessageRun = {
  readonly patients: number;
  /** How long it took to bring the tables to this size. */
  readonly fillSeconds: number;
  /** Of POST /v1/messages, each from the request to the last byte of the answer. */
  readonly latenciesMs: readonly number[];
  /** How often each function made each call. */
  readonly calls: Readonly<Record<CalledFunction, ReadonlyMap<string, number>>>;
  readonly scans: number;
  /** Portal addresses in the texts that were sent. */
  readonly links: readonly string[];
};

/** Puts the vendor's agreement on record, without which nothing is sent. */
export async function allowSending(host: HostUnderTest): Promise<void> {
  const token = await host.token("compliance");
  const { status } = await host.call("PUT", "/v1/vendors/aws", {
    token,
    body: { baaSignedOn: "2026-01-15" },
  });
  if (status !== 200) throw new Error(`the vendor could not be recorded: status ${String(status)}`);
  // With ten patients each gets several messages in a day, which the caps of the product hold back.
  const settings = await host.call("PUT", "/v1/practice", {
    token: await host.token("admin"),
    body: { timeZone: "America/New_York", officeHours: {}, caps: { perDay: 10, perWeek: 50 } },
  });
  if (settings.status !== 200) throw new Error("the caps could not be raised");
}

/**
 * Fills the tables up to so many patients, then sends the messages one after the other through the API, to patients
 * spread over all of them, each when the alert before it has gone out: so nothing is called again because two were in
 * each other's way.
 */
export async function measureMessages(
  host: HostUnderTest,
  patients: number,
  announce: (what: string) => void,
): Promise<MessageRun> {
  announce(`filling the tables with ${patients.toLocaleString("en-US")} patients`);
  const fillStartMs = performance.now();
  const patientIds = await host.fill(patients);
  const fillSeconds = (performance.now() - fillStartMs) / 1000;
  announce(`sending ${String(MESSAGES)} messages`);
  const token = await host.token("clinician");
  const callsBefore = (await itemsAt(host, "/_local/calls")).length;
  const textsBefore = (await itemsAt(host, "/_local/texts")).length;
  const latenciesMs: number[] = [];
  for (let index = 0; index < MESSAGES; index += 1) {
    const patientId = patientIds[Math.floor((index / MESSAGES) * patientIds.length)];
    const startMs = performance.now();
    const { status } = await host.call("POST", "/v1/messages", {
      token,
      body: { patientId, purpose: "portal", body: BODY },
      idempotencyKey: `bench-${String(patientIds.length)}-${String(index)}`,
    });
    latenciesMs.push(performance.now() - startMs);
    if (status !== 202) throw new Error(`a message was not accepted: status ${String(status)}`);
    await textsSent(host, textsBefore + index + 1);
  }
  const texts = (await itemsAt(host, "/_local/texts")).slice(textsBefore);
  const calls = (await itemsAt(host, "/_local/calls")).slice(callsBefore);
  return {
    patients,
    fillSeconds,
    latenciesMs,
    calls: { messages: countCalls(calls, "messages"), "send-alert": countCalls(calls, "send-alert") },
    scans: calls.filter((call) => recordOf(call)["action"] === "Scan").length,
    links: texts.flatMap(
      (text) => /https?:\/\/\S+\/m\/[\w-]+/u.exec(textOf(recordOf(text)["body"]) ?? "") ?? [],
    ),
  };
}

/** Calls for each message and alert, beside their limits and beside each other for both sizes. */
export function reportMessageCalls(runs: readonly MessageRun[]): Report {
  const rows = (["messages", "send-alert"] as const).flatMap((name) => rowsOf(name, runs));
  const scans = runs.map((run) => run.scans);
  return {
    name: "AWS calls",
    title: `for each accepted message (messages) and alert (send-alert); ${String(MESSAGES)} of each`,
    columns: [
      "what",
      ...runs.map(({ patients }) => `${patients.toLocaleString("en-US")} patients`),
      "target",
    ],
    rows: [
      ...rows,
      {
        cells: ["Scan, by any function", ...scans.map(String), "0"],
        verdict: verdict(scans.every((count) => count === 0)),
      },
      {
        cells: [
          "POST /v1/messages, median",
          ...runs.map(({ latenciesMs }) => `${median(latenciesMs).toFixed(1)} ms`),
          "none",
        ],
        verdict: undefined,
      },
      {
        cells: [
          "filling the tables",
          ...runs.map(({ fillSeconds }) => `${fillSeconds.toFixed(1)} s`),
          `<= ${String(FILL_SECONDS_MAX)} s`,
        ],
        verdict: verdict(runs.every(({ fillSeconds }) => fillSeconds <= FILL_SECONDS_MAX)),
      },
    ],
  };
}

function rowsOf(name: CalledFunction, runs: readonly MessageRun[]): readonly ReportRow[] {
  const actions = [...new Set(runs.flatMap(({ calls }) => [...calls[name].keys()]))].sort();
  const totals = runs.map(({ calls }) => [...calls[name].values()].reduce((sum, count) => sum + count, 0));
  const each = (count: number) => String(Math.round((count / MESSAGES) * 100) / 100);
  return [
    {
      cells: [`${name}, all calls`, ...totals.map(each), `<= ${String(CALLS_MAX[name])}, equal`],
      verdict: verdict(
        totals.every((total) => total > 0 && total <= CALLS_MAX[name] * MESSAGES),
        new Set(totals).size === 1,
      ),
    },
    ...actions.map((action) => ({
      cells: [`  ${action}`, ...runs.map(({ calls }) => each(calls[name].get(action) ?? 0)), ""],
      verdict: undefined,
    })),
  ];
}

function countCalls(calls: readonly unknown[], name: CalledFunction): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { function: caller, service, action } of calls.map(recordOf)) {
    if (caller !== name) continue;
    const called = `${String(service)} ${String(action).replace(/^.*:/u, "")}`;
    counts.set(called, (counts.get(called) ?? 0) + 1);
  }
  return counts;
}

/** Resolves once there are `count` texts: an alert may wait for its slot, on the stack's own clock. */
async function textsSent(host: HostUnderTest, count: number): Promise<void> {
  for (let wait = 0; wait <= WAITS_MAX; wait += 1) {
    await host.call("GET", "/_local/settled");
    if ((await itemsAt(host, "/_local/texts")).length >= count) return;
    await host.call("POST", "/_local/clock", { body: { advanceSeconds: WAIT_SECONDS } });
  }
  throw new Error("not every message led to a text");
}

async function itemsAt(host: HostUnderTest, path: string): Promise<readonly unknown[]> {
  const { status, body } = await host.call("GET", path);
  if (status !== 200) throw new Error(`${path} answered with status ${String(status)}`);
  return listOf(recordOf(JSON.parse(body))["items"]);
}
