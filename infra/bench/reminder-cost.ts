import { isRecord, recordOf } from "../local/json-shape.ts";
import type { Prices } from "./prices.ts";

/** One AWS call of the local host's log, as far as it costs something. */
export type MeteredCall = {
  readonly function: string;
  readonly service: string;
  readonly action: string;
  /** ARNs, separated by commas. */
  readonly resource: string;
  readonly units?: {
    readonly read: number;
    readonly write: number;
    readonly indexRead: number;
    readonly indexWrite: number;
    readonly items: number;
  };
};

/** One log line of a function. */
export type MeteredLine = { readonly function: string; readonly message: string };

/** What a run left behind in the local host. */
export type MeteredRun = {
  readonly calls: readonly MeteredCall[];
  readonly lines: readonly MeteredLine[];
  /** Messages that topics put on queues. */
  readonly topicMessages: number;
  /** Whether records of accesses to items are copied from the trail to CloudWatch Logs. */
  readonly trailIsCopied: boolean;
  /** MB of memory of each function. */
  readonly memoryMb: ReadonlyMap<string, number>;
};

/** What a run used, summed over all its functions. */
export type Usage = {
  /** Calls by `function service action`. */
  readonly calls: ReadonlyMap<string, number>;
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly indexReadUnits: number;
  readonly indexWriteUnits: number;
  readonly dataEvents: number;
  /** Of the trail's records that are copied to CloudWatch Logs. */
  readonly trailCopyBytes: number;
  readonly kmsRequests: number;
  readonly invocations: number;
  readonly gbSeconds: number;
  readonly sqsRequests: number;
  readonly snsPublishes: number;
  readonly logBytes: number;
};

/** Dollars for each service. */
export type Bill = readonly { readonly what: string; readonly dollars: number }[];

const GB = 1024 ** 3;
const MB_PER_GB = 1024;
/** CloudWatch Logs adds so much to each event. */
const LOG_EVENT_BYTES = 26;
/** Lambda's own lines tell more than the local ones: billed duration, memory used, trace. */
const REPORT_EXTRA_BYTES = 250;
/** What Lambda's poller asks of a queue for each batch: receive and delete. */
const POLLER_REQUESTS = 2;
/** The default sampling rule of X-Ray. */
const TRACES_SAMPLED = 0.05;

/**
 * Bytes of a CloudTrail record of a DynamoDB call by a function's role: what stands in every one, what each table adds
 * as a resource, and what each item adds with its key. Estimated from the samples of the DynamoDB Developer Guide
 * (Understanding DynamoDB log file entries).
 */
const TRAIL_BYTES = { call: 1_700, table: 130, item: 130 } as const;

/** Functions that a queue feeds. */
const QUEUE_FED: ReadonlySet<string> = new Set(["send-alert", "record-delivery", "receive-text"]);

/** The milliseconds that a line says an invocation took; undefined where it says something else. */
function durationMs(message: string): number | undefined {
  if (!message.startsWith("{") || !message.includes("platform.report")) return undefined;
  const line: unknown = JSON.parse(message);
  const { metrics } = recordOf(recordOf(line)["record"]);
  const duration = isRecord(metrics) ? metrics["durationMs"] : undefined;
  return typeof duration === "number" ? duration : undefined;
}

/** Sums what the given functions used in a run. */
export function usageOf(run: MeteredRun, functions: ReadonlySet<string>): Usage {
  const calls = run.calls.filter((call) => functions.has(call.function));
  const lines = run.lines.filter((line) => functions.has(line.function));
  const ends = lines.flatMap(({ function: name, message }) => {
    const ms = durationMs(message);
    return ms === undefined ? [] : [{ name, ms }];
  });
  const counts = new Map<string, number>();
  for (const { function: caller, service, action } of calls) {
    const name = `${caller} ${service} ${action}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const units = calls.flatMap((call) => call.units ?? []);
  // A call with up to ten messages costs as much as one with one; what a topic puts on a queue is one for each.
  const sends = calls.filter(({ service, action }) => service === "sqs" && action.startsWith("SendMessage"));
  const tableCalls = calls.filter(({ service }) => service === "dynamodb");
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    calls: counts,
    readUnits: sum(units.map(({ read }) => read)),
    writeUnits: sum(units.map(({ write }) => write)),
    indexReadUnits: sum(units.map(({ indexRead }) => indexRead)),
    indexWriteUnits: sum(units.map(({ indexWrite }) => indexWrite)),
    dataEvents: tableCalls.length,
    trailCopyBytes: sum(
      (run.trailIsCopied ? tableCalls : []).map(
        ({ resource, units: used }) =>
          TRAIL_BYTES.call +
          resource.split(",").length * TRAIL_BYTES.table +
          (used?.items ?? 1) * TRAIL_BYTES.item +
          LOG_EVENT_BYTES,
      ),
    ),
    kmsRequests: calls.filter(({ service }) => service === "kms").length,
    invocations: ends.length,
    gbSeconds: sum(ends.map(({ name, ms }) => (ms / 1000) * ((run.memoryMb.get(name) ?? 0) / MB_PER_GB))),
    sqsRequests:
      run.topicMessages +
      sends.length +
      ends.filter(({ name }) => QUEUE_FED.has(name)).length * POLLER_REQUESTS,
    snsPublishes: run.topicMessages,
    logBytes: sum(
      lines.map(
        ({ message }) =>
          Buffer.byteLength(message) +
          LOG_EVENT_BYTES +
          (durationMs(message) === undefined ? 0 : REPORT_EXTRA_BYTES),
      ),
    ),
  };
}

/** What the usage costs at the table's prices, free tiers not subtracted. */
export function billOf(usage: Usage, { dollars }: Prices): Bill {
  return [
    { what: "DynamoDB, writes", dollars: dollars("dynamodb-write-unit", usage.writeUnits) },
    { what: "DynamoDB, reads", dollars: dollars("dynamodb-read-unit", usage.readUnits) },
    { what: "CloudTrail, data events", dollars: dollars("cloudtrail-data-event", usage.dataEvents) },
    {
      what: "CloudTrail's copy in CloudWatch Logs",
      dollars: dollars("logs-ingested-gb", usage.trailCopyBytes / GB),
    },
    { what: "KMS", dollars: dollars("kms-request", usage.kmsRequests) },
    {
      what: "Lambda",
      dollars:
        dollars("lambda-arm-gb-second", usage.gbSeconds) + dollars("lambda-request", usage.invocations),
    },
    {
      what: "SQS and SNS",
      dollars: dollars("sqs-request", usage.sqsRequests) + dollars("sns-publish", usage.snsPublishes),
    },
    { what: "functions' logs", dollars: dollars("logs-ingested-gb", usage.logBytes / GB) },
    { what: "X-Ray", dollars: dollars("xray-trace", usage.invocations * TRACES_SAMPLED) },
  ];
}

/** The sum of a bill. */
export function totalOf(bill: Bill): number {
  return bill.reduce((total, { dollars }) => total + dollars, 0);
}
