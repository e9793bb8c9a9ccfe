import { Duration } from "aws-cdk-lib";
import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";
import { type IFilterPattern, type ILogGroup, MetricFilter } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

const METRIC_NAMESPACE = "Foundphone";

/** One thing that an alarm looks at. */
export interface Watch {
  readonly metric: IMetric;
  /** Alarms above this; 0 unless told. */
  readonly above?: number;
  /** Alarms instead when less than one was counted in each of so many periods, also where nothing was written. */
  readonly missingPeriods?: number;
}

/** How most things are counted: all of five minutes together. */
export const SUM_OF_FIVE_MINUTES = { statistic: "Sum", period: Duration.minutes(5) } as const;

/** Counts the log lines that match `filterPattern`, in five minutes unless told; 0 while there are only others. */
export function countedLines(
  scope: Construct,
  metricName: string,
  logGroup: ILogGroup,
  filterPattern: IFilterPattern,
  period: Duration = SUM_OF_FIVE_MINUTES.period,
): IMetric {
  const filter = new MetricFilter(scope, `${metricName}Filter`, {
    logGroup,
    filterPattern,
    metricNamespace: METRIC_NAMESPACE,
    metricName,
    defaultValue: 0,
  });
  return filter.metric({ ...SUM_OF_FIVE_MINUTES, period });
}
