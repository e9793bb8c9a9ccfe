import { listOf, recordOf } from "../local/json-shape.ts";
import type { Prices } from "./prices.ts";
import type { Bill } from "./reminder-cost.ts";

/** What one scheduled function costs each time that it has nothing to do. */
export type IdleRuns = ReadonlyMap<string, { readonly dollars: number; readonly runsAMonth: number }>;

const HOURS_A_MONTH = 730;
const MINUTES_A_MONTH = HOURS_A_MONTH * 60;
/** Lambda asks each of its queues with five pollers, each of which waits 20 seconds for an answer. */
const POLLERS = 5;
const POLLS_A_MINUTE = 3;
const MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 24 * 60 };

/** How often an expression such as `rate(5 minutes)` comes due in a month; undefined for any other. */
export function runsAMonth(expression: unknown): number | undefined {
  const [, count, unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/u.exec(String(expression)) ?? [];
  const minutes = MINUTES[unit];
  return minutes === undefined ? undefined : MINUTES_A_MONTH / (Number(count) * minutes);
}

/**
 * What the stack of a template costs in a month in which nothing happens, by what it counts in the template. Storage,
 * backups and the practice's own number are not in it: they depend on what is stored, and on the kind of number.
 */
export function fixedCost(template: unknown, { dollars }: Prices, idle: IdleRuns): Bill {
  const resources = Object.values(recordOf(recordOf(template)["Resources"])).map(recordOf);
  const ofType = (type: string) =>
    resources.filter(({ Type }) => Type === type).map(({ Properties }) => recordOf(Properties));
  const count = (type: string) => ofType(type).length;
  const webAcls = ofType("AWS::WAFv2::WebACL");
  const alarmMetrics = ofType("AWS::CloudWatch::Alarm").map(
    ({ Metrics }) => listOf(Metrics).filter((metric) => recordOf(metric)["MetricStat"] !== undefined).length,
  );
  const rules = webAcls.reduce((sum, { Rules }) => sum + listOf(Rules).length, 0);
  const metrics = new Set(
    ofType("AWS::Logs::MetricFilter").flatMap(({ MetricTransformations }) =>
      listOf(MetricTransformations).map((each) => String(recordOf(each)["MetricName"])),
    ),
  ).size;
  const mappings = count("AWS::Lambda::EventSourceMapping");
  return [
    {
      what: `${String(count("AWS::KMS::Key"))} KMS keys`,
      dollars: dollars("kms-key-month", count("AWS::KMS::Key")),
    },
    {
      what: `${String(alarmMetrics.length)} alarms`,
      dollars: dollars(
        "alarm-month",
        alarmMetrics.reduce((sum, of) => sum + Math.max(1, of), 0),
      ),
    },
    { what: `${String(metrics)} metrics from logs`, dollars: dollars("metric-month", metrics) },
    {
      what: `${String(webAcls.length)} web ACLs with ${String(rules)} rules`,
      dollars: dollars("waf-acl-month", webAcls.length) + dollars("waf-rule-month", rules),
    },
    {
      what: `${String(mappings)} queues, asked while empty`,
      dollars: dollars("sqs-request", mappings * POLLERS * POLLS_A_MINUTE * MINUTES_A_MONTH),
    },
    ...[...idle].map(([name, run]) => ({
      what: `${name}, ${String(Math.round(run.runsAMonth))} runs with nothing due`,
      dollars: run.dollars * run.runsAMonth,
    })),
  ];
}
