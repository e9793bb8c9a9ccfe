import { readFileSync } from "node:fs";
import { listOf, numberOf, recordOf, textOf } from "../local/json-shape.ts";
import type { FilledVisits } from "./fill-visits.ts";
import type { DueReads } from "./filled-host.ts";
import { fixedCost, type IdleRuns, runsAMonth } from "./fixed-cost.ts";
import { type HostUnderTest, startHostUnderTest } from "./host-under-test.ts";
import { allowSending } from "./message-calls.ts";
import { type Prices, readPrices } from "./prices.ts";
import {
  type Bill,
  billOf,
  type MeteredCall,
  type MeteredRun,
  totalOf,
  type Usage,
  usageOf,
} from "./reminder-cost.ts";
import { type Report, type ReportRow, verdict } from "./report.ts";
import { toDay } from "./throughput.ts";

/** Visits in the tables, for one run each. */
const SIZES = [1_000, 100_000] as const;
/** Reminders that are due in each run. */
const DUE = 1_000;
/** What a reminder passes through, from the sweep to the carrier's last word. */
const PATH: ReadonlySet<string> = new Set(["remind", "send-alert", "record-delivery"]);
const RATIO_MAX = 1.05;
const SMS_SHARE_MAX = 0.01;
/** Visits booked through the API, for what that costs; far enough away for both reminders. */
const BOOKED = 20;
const BOOKED_AFTER_DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1000;
const BOOKING: ReadonlySet<string> = new Set(["authorize", "appointments"]);
/** The stack's time in which nothing is due, for what schedules cost by themselves. */
const IDLE_MINUTES = 30;
const STEP_SECONDS = 20;
/** After this much of the stack's time a reminder is lost. */
const RUN_MINUTES_MAX = 30;
const MICRO = 1e6;

/** What of a booking is there for one reminder: its alert and its place in the index. */
type Planning = { readonly writeUnits: number; readonly dollars: number };

/** What one run came to. */
export type ReminderRun = {
  readonly filled: FilledVisits;
  readonly fillSeconds: number;
  readonly seconds: number;
  /** Texts, and how many of them went to a number that had got one already. */
  readonly texts: number;
  readonly repeated: number;
  readonly delivered: number;
  readonly dueReads: DueReads;
  readonly usage: Usage;
  readonly bill: Bill;
  /** Dollars for booking a visit through the API, its reminders planned. */
  readonly booking: { readonly visit: number; readonly planning: Planning };
  readonly idle: IdleRuns;
};

/**
 * Fills a stack with visits, lets their due reminders be found by the schedule and sent at the stack's own pace, and
 * waits until the carrier has reported every one of them.
 */
export async function measureReminders(
  templatePath: string,
  visits: number,
  announce: (what: string) => void,
  signal: AbortSignal,
): Promise<ReminderRun> {
  const prices = readPrices();
  const host = await startHostUnderTest(templatePath, signal);
  try {
    await toDay(host);
    await allowSending(host);
    announce(`filling the tables with ${visits.toLocaleString("en-US")} visits`);
    const fillStartMs = performance.now();
    const filled = await host.fillVisits(visits, DUE);
    const fillSeconds = (performance.now() - fillStartMs) / 1000;

    announce(`${DUE.toLocaleString("en-US")} reminders, from the sweep to the carrier's report`);
    await host.call("GET", "/_local/settled");
    const before = await marks(host);
    await host.dueReads();
    const startMs = performance.now();
    await host.call("POST", "/_local/clock", { body: { now: filled.dueAt } });
    await allDelivered(host, before);
    const seconds = (performance.now() - startMs) / 1000;
    const dueReads = await host.dueReads();
    const run = await meteredSince(host, before, templatePath);
    const texts = (await itemsAt(host, "/_local/texts")).slice(before.texts).map(recordOf);
    const usage = usageOf(run, PATH);
    return {
      filled,
      fillSeconds,
      seconds,
      texts: texts.length,
      repeated: texts.length - new Set(texts.map(({ to }) => to)).size,
      delivered: deliveredIn(run.calls),
      dueReads,
      usage,
      bill: billOf(usage, prices),
      booking: await bookingCost(host, filled.patientIds, templatePath, prices),
      idle: await idleRuns(host, templatePath, prices),
    };
  } finally {
    await host.stop();
  }
}

/** Both sizes, one after the other. */
export async function measureReminderSizes(
  templatePath: string,
  announce: (what: string) => void,
  signal: AbortSignal,
): Promise<readonly ReminderRun[]> {
  const runs: ReminderRun[] = [];
  for (const size of SIZES) runs.push(await measureReminders(templatePath, size, announce, signal));
  return runs;
}

/** Calls, units and dollars for each reminder at both sizes, beside each other and beside the price of a part. */
export function reportReminders(runs: readonly ReminderRun[], prices: Prices = readPrices()): Report {
  const each = (value: (run: ReminderRun) => number, digits: number) =>
    runs.map((run) => (value(run) / DUE).toFixed(digits));
  const dollars = (value: (run: ReminderRun) => number) =>
    runs.map((run) => ((value(run) / DUE) * MICRO).toFixed(2));
  const row = (what: string, cells: readonly string[], target = "", reached?: ReportRow["verdict"]) => ({
    cells: [what, ...cells, target],
    verdict: reached,
  });
  const callNames = [...new Set(runs.flatMap(({ usage }) => [...usage.calls.keys()]))].sort();
  const totals = runs.map(({ bill, booking }) => totalOf(bill) + DUE * booking.planning.dollars);
  const part = prices.dollars("sms-part", 1);
  const shares = totals.map((total) => total / DUE / part);
  const ratio = (totals.at(-1) ?? Number.NaN) / (totals[0] ?? Number.NaN);
  const costOf = (what: string) => (run: ReminderRun) =>
    run.bill.find((line) => line.what === what)?.dollars ?? 0;
  const withoutLambda = (run: ReminderRun | undefined) =>
    run === undefined ? Number.NaN : totalOf(run.bill) - costOf("Lambda")(run);
  const leanRatio = withoutLambda(runs.at(-1)) / withoutLambda(runs[0]);
  const services = (runs[0]?.bill ?? []).map(({ what }) => what);
  return {
    name: "Reminders",
    title: `${DUE.toLocaleString("en-US")} due ones from the sweep to the carrier's report; figures for each`,
    columns: [
      "what",
      ...runs.map(({ filled }) => `${filled.visits.toLocaleString("en-US")} visits`),
      "target",
    ],
    rows: [
      row(
        "texts sent, delivered, repeated",
        runs.map(
          ({ texts, delivered, repeated }) => `${String(texts)}, ${String(delivered)}, ${String(repeated)}`,
        ),
        `${String(DUE)}, ${String(DUE)}, 0`,
        verdict(
          ...runs.map(
            ({ texts, delivered, repeated }) => texts === DUE && delivered === DUE && repeated === 0,
          ),
        ),
      ),
      row(
        "items of the due index read before they were due",
        runs.map(({ dueReads }) => String(dueReads.early)),
        "0",
        verdict(...runs.map(({ dueReads }) => dueReads.items >= DUE && dueReads.early === 0)),
      ),
      ...callNames.map((name) =>
        row(
          name,
          each(({ usage }) => usage.calls.get(name) ?? 0, 3),
        ),
      ),
      row(
        "read units",
        each(({ usage }) => usage.readUnits, 2),
      ),
      row(
        "  of indexes",
        each(({ usage }) => usage.indexReadUnits, 2),
      ),
      row(
        "write units",
        each(({ usage }) => usage.writeUnits, 2),
      ),
      row(
        "  of indexes",
        each(({ usage }) => usage.indexWriteUnits, 2),
      ),
      row(
        "Lambda, GB-seconds",
        each(({ usage }) => usage.gbSeconds, 4),
      ),
      ...services.map((what) => row(`${what}, millionths of a dollar`, dollars(costOf(what)))),
      row(
        "planned with the visit: write units",
        runs.map(({ booking }) => booking.planning.writeUnits.toFixed(2)),
      ),
      row(
        "  millionths of a dollar",
        runs.map(({ booking }) => (booking.planning.dollars * MICRO).toFixed(2)),
      ),
      row(
        "all of them, millionths of a dollar",
        totals.map((total) => ((total / DUE) * MICRO).toFixed(2)),
      ),
      row(
        `share of a part's price ($${String(part)})`,
        shares.map((share) => `${(share * 100).toFixed(2)} %`),
        `<= ${String(SMS_SHARE_MAX * 100)} %`,
        verdict(...shares.map((share) => share <= SMS_SHARE_MAX)),
      ),
      row(
        "the larger stack's cost over the smaller one's",
        [...runs.slice(1).map(() => ""), ratio.toFixed(3)],
        `<= ${String(RATIO_MAX)}`,
        verdict(ratio <= RATIO_MAX),
      ),
      row(
        "booking a visit through the API, millionths",
        runs.map(({ booking }) => (booking.visit * MICRO).toFixed(2)),
        "none",
      ),
      row(
        "filling the tables",
        runs.map(({ fillSeconds }) => `${fillSeconds.toFixed(0)} s`),
        "none",
      ),
      row(
        "sending at the stack's own pace",
        runs.map(({ seconds }) => `${seconds.toFixed(0)} s`),
        "none",
      ),
    ],
    notes: [
      `Prices of ${prices.region} on ${prices.asOf} (infra/bench/prices.json), free tiers not subtracted; not seen at AWS itself: ${prices.unconfirmed.join(", ")}.`,
      "Beside them a part costs what the carrier takes, " +
        `$${String(prices.dollars("sms-carrier-fee", 1))}. GB-seconds are those of this machine, with the wait for a turn; without Lambda the ratio is ${leanRatio.toFixed(3)}.`,
      "Planning is what two reminders add to the booking of a visit, halved. The rest of the booking stands apart.",
    ],
  };
}

/** What the stack costs in a month in which nothing is sent. */
export function reportFixedCost(
  templatePath: string,
  run: ReminderRun,
  prices: Prices = readPrices(),
): Report {
  const bill = fixedCost(JSON.parse(readFileSync(templatePath, "utf8")), prices, run.idle);
  return {
    name: "Fixed cost",
    title: "a month of the stack with nothing to do, in dollars",
    columns: ["what", "dollars", "target"],
    rows: [...bill, { what: "all of it", dollars: totalOf(bill) }].map(({ what, dollars }) => ({
      cells: [what, dollars.toFixed(2), "none"],
      verdict: undefined,
    })),
    notes: ["Without storage, backups, the practice's number and its registration."],
  };
}

type Marks = {
  readonly time: string;
  readonly calls: number;
  readonly lines: number;
  readonly bodies: number;
  readonly texts: number;
};

async function marks(host: HostUnderTest): Promise<Marks> {
  return {
    time: textOf(recordOf(await documentAt(host, "/_local/clock"))["now"]) ?? "",
    calls: (await itemsAt(host, "/_local/calls")).length,
    lines: (await itemsAt(host, "/_local/logs")).length,
    bodies: (await itemsAt(host, "/_local/queues")).length,
    texts: (await itemsAt(host, "/_local/texts")).length,
  };
}

async function meteredSince(host: HostUnderTest, before: Marks, templatePath: string): Promise<MeteredRun> {
  const bodies = (await itemsAt(host, "/_local/queues")).slice(before.bodies).map(recordOf);
  return {
    calls: (await itemsAt(host, "/_local/calls")).slice(before.calls) as readonly MeteredCall[],
    lines: (await itemsAt(host, "/_local/logs")).slice(before.lines).map((line) => {
      const { function: name, message } = recordOf(line);
      return { function: String(name), message: String(message) };
    }),
    topicMessages: bodies.filter(({ body }) => String(body).includes('"Type":"Notification"')).length,
    trailIsCopied: isTrailCopied(templatePath),
    memoryMb: memoryOf(templatePath),
  };
}

/** Whether a trail of accesses to items of tables also writes to CloudWatch Logs. */
function isTrailCopied(templatePath: string): boolean {
  const { Resources } = recordOf(JSON.parse(readFileSync(templatePath, "utf8")));
  return Object.values(recordOf(Resources))
    .map(recordOf)
    .filter(({ Type }) => Type === "AWS::CloudTrail::Trail")
    .map(({ Properties }) => recordOf(Properties))
    .some(
      ({ AdvancedEventSelectors, CloudWatchLogsLogGroupArn }) =>
        CloudWatchLogsLogGroupArn !== undefined &&
        JSON.stringify(listOf(AdvancedEventSelectors)).includes("AWS::DynamoDB::Table"),
    );
}

/** MB of memory by the name of a function's folder. */
function memoryOf(templatePath: string): ReadonlyMap<string, number> {
  return new Map(
    functionsIn(templatePath).flatMap(({ name, properties }) => {
      const memory = numberOf(properties["MemorySize"]);
      return memory === undefined ? [] : [[name, memory] as const];
    }),
  );
}

function functionsIn(templatePath: string) {
  const { Resources } = recordOf(JSON.parse(readFileSync(templatePath, "utf8")));
  return Object.entries(recordOf(Resources)).flatMap(([logicalId, resource]) => {
    const { Type, Properties } = recordOf(resource);
    const properties = recordOf(Properties);
    const name = /^functions\/([\w-]+)\//u.exec(String(properties["Description"]))?.[1];
    return Type === "AWS::Lambda::Function" && name !== undefined ? [{ logicalId, name, properties }] : [];
  });
}

/** Reports of the carrier that changed an alert, each by one transaction. */
function deliveredIn(calls: readonly MeteredCall[]): number {
  return calls.filter(
    (call) =>
      call.function === "record-delivery" &&
      call.action === "TransactWriteItems" &&
      !("error" in call && call.error !== undefined),
  ).length;
}

async function allDelivered(host: HostUnderTest, before: Marks): Promise<void> {
  for (let minutes = 0; minutes < RUN_MINUTES_MAX; minutes += STEP_SECONDS / 60) {
    await host.call("GET", "/_local/settled");
    const texts = (await itemsAt(host, "/_local/texts")).length - before.texts;
    if (texts >= DUE) {
      const calls = (await itemsAt(host, "/_local/calls")).slice(before.calls) as readonly MeteredCall[];
      if (deliveredIn(calls) >= DUE) return;
    }
    await host.call("POST", "/_local/clock", { body: { advanceSeconds: STEP_SECONDS } });
  }
  throw new Error("not every reminder was sent and reported in time");
}

/** Books visits of as many patients through the API; tells what that used, and how many reminders were planned. */
async function bookVisits(
  host: HostUnderTest,
  patientIds: readonly string[],
  templatePath: string,
  { name, afterDays, fields }: { readonly name: string; readonly afterDays: number; readonly fields: object },
) {
  let reminders = 0;
  const token = await host.token("integration");
  const before = await marks(host);
  for (const [index, patientId] of patientIds.slice(0, BOOKED).entries()) {
    const startsAt = new Date(Date.parse(before.time) + (afterDays + index) * DAY_MS).toISOString();
    const path = `/v1/appointments/${name}-${String(index)}`;
    const { status, body } = await host.call("PUT", path, {
      token,
      body: { patientId, startsAt, ...fields },
    });
    if (status !== 201) throw new Error(`a visit was not booked: status ${String(status)}`);
    reminders += listOf(recordOf(JSON.parse(body))["reminders"]).length;
  }
  const run = await meteredSince(host, before, templatePath);
  return { usage: usageOf({ ...run, topicMessages: 0 }, BOOKING), reminders };
}

/** Dollars for booking a visit, and for what of it is there for each of its reminders alone. */
async function bookingCost(
  host: HostUnderTest,
  patientIds: readonly string[],
  templatePath: string,
  prices: Prices,
): Promise<{ readonly visit: number; readonly planning: Planning }> {
  const book = (name: string, afterDays: number, fields: object) =>
    bookVisits(host, patientIds, templatePath, { name, afterDays, fields });
  const reminded = await book("reminded", BOOKED_AFTER_DAYS, {});
  const bare = await book("bare", BOOKED_AFTER_DAYS + BOOKED, { reminderOffsets: [] });
  const requests = prices.dollars("api-request", 1) + prices.dollars("waf-request", 1);
  // Calls and times are those of the visit: its reminders are written with it.
  const each = (units: "writeUnits" | "readUnits") =>
    (reminded.usage[units] - bare.usage[units]) / reminded.reminders;
  const [writeUnits, readUnits] = [each("writeUnits"), each("readUnits")];
  return {
    visit: totalOf(billOf(reminded.usage, prices)) / BOOKED + requests,
    planning: {
      writeUnits,
      dollars:
        prices.dollars("dynamodb-write-unit", writeUnits) + prices.dollars("dynamodb-read-unit", readUnits),
    },
  };
}

/** What each scheduled function costs for each run in which it finds nothing. */
async function idleRuns(host: HostUnderTest, templatePath: string, prices: Prices): Promise<IdleRuns> {
  // What follows the reminders is over by then.
  await host.call("POST", "/_local/clock", { body: { advanceSeconds: IDLE_MINUTES * 60 } });
  const before = await marks(host);
  await host.call("POST", "/_local/clock", { body: { advanceSeconds: IDLE_MINUTES * 60 } });
  const run = await meteredSince(host, before, templatePath);
  const { Resources } = recordOf(JSON.parse(readFileSync(templatePath, "utf8")));
  const rules = Object.values(recordOf(Resources))
    .map(recordOf)
    .filter(({ Type }) => Type === "AWS::Events::Rule")
    .map(({ Properties }) => recordOf(Properties));
  return new Map(
    functionsIn(templatePath).flatMap(({ logicalId, name }) => {
      const rule = rules.find(({ Targets }) => JSON.stringify(listOf(Targets)).includes(`"${logicalId}"`));
      const monthly = runsAMonth(rule?.["ScheduleExpression"]);
      const usage = usageOf({ ...run, topicMessages: 0 }, new Set([name]));
      if (monthly === undefined || usage.invocations === 0) return [];
      const idle = { dollars: totalOf(billOf(usage, prices)) / usage.invocations, runsAMonth: monthly };
      return [[name, idle] as const];
    }),
  );
}

async function documentAt(host: HostUnderTest, path: string): Promise<unknown> {
  const { status, body } = await host.call("GET", path);
  if (status !== 200) throw new Error(`${path} answered with status ${String(status)}`);
  return JSON.parse(body);
}

async function itemsAt(host: HostUnderTest, path: string): Promise<readonly unknown[]> {
  return listOf(recordOf(await documentAt(host, path))["items"]);
}
