import { Duration } from "aws-cdk-lib";
import type { RestApi } from "aws-cdk-lib/aws-apigateway";
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { FilterPattern, type IFilterPattern, type ILogGroup, MetricFilter } from "aws-cdk-lib/aws-logs";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { AuditTrail } from "./audit-trail.ts";
import type { Firewall } from "./firewall.ts";
import type { RedrivenQueue } from "./redriven-queue.ts";
import type { ServiceFunction } from "./service-function.ts";
import type { StorageKey } from "./storage-key.ts";

const METRIC_NAMESPACE = "Foundphone";
const FIVE_MINUTES = Duration.minutes(5);
const OLDEST_URGENT_REQUEST_SECONDS_MAX = 120;
const BLOCKED_REQUESTS_MAX = 500;
const REJECTED_PROOFS_MAX = 50;

type AnyFunction = ServiceFunction<unknown>;

/** Everything that is watched. The names of queues, APIs and firewalls begin the names of their alarms. */
export interface Watched {
  readonly key: StorageKey;
  readonly functions: readonly AnyFunction[];
  readonly sendAlert: AnyFunction;
  readonly portal: AnyFunction;
  readonly queues: {
    readonly UrgentAlerts: RedrivenQueue;
    readonly BulkAlerts: RedrivenQueue;
    readonly DeliveryEvents: RedrivenQueue;
    readonly InboundTexts: RedrivenQueue;
  };
  readonly apis: Readonly<Record<string, RestApi>>;
  readonly firewalls: Readonly<Record<string, Firewall>>;
  readonly trail: AuditTrail;
}

interface Watch {
  readonly metric: IMetric;
  /** Alarms above this; 0 unless told. */
  readonly above?: number;
}

const sumOfFiveMinutes = { statistic: "Sum", period: FIVE_MINUTES };

/** Creates one alarm topic and every alarm. Each alarm's description names its heading in infra/runbook.md. */
export function createAlarms(scope: Construct, watched: Watched): void {
  const action = new SnsAction(createAlarmTopic(scope, watched.key));
  for (const [id, { metric, above }] of Object.entries({
    ...queueWatches(watched.queues),
    ...functionWatches(watched.functions),
    ...edgeWatches(watched),
    ...textWatches(scope, watched),
    ...securityWatches(scope, watched.trail),
  })) {
    const alarm = new Alarm(scope, `${id}Alarm`, {
      alarmDescription: `infra/runbook.md: ${id}`,
      metric,
      threshold: above ?? 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(action);
  }
}

function createAlarmTopic(scope: Construct, key: StorageKey): ITopic {
  const topic = new Topic(scope, "AlarmTopic", { masterKey: key.key, enforceSSL: true });
  const cloudWatch = "cloudwatch.amazonaws.com";
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: "AlarmsPublish",
      principals: [new ServicePrincipal(cloudWatch)],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
      conditions: { StringEquals: { "aws:SourceAccount": topic.env.account } },
    }),
  );
  key.allowDelivery(cloudWatch);
  return topic;
}

function queueWatches(queues: Watched["queues"]): Record<string, Watch> {
  const deadLetters = Object.entries(queues).map(([name, queue]) => [
    `${name}DeadLetters`,
    {
      metric: queue.deadLetters.metricApproximateNumberOfMessagesVisible({
        statistic: "Maximum",
        period: FIVE_MINUTES,
      }),
    },
  ]);
  return {
    ...Object.fromEntries(deadLetters),
    UrgentAlertsLate: {
      metric: queues.UrgentAlerts.queue.metricApproximateAgeOfOldestMessage({
        statistic: "Maximum",
        period: Duration.minutes(1),
      }),
      above: OLDEST_URGENT_REQUEST_SECONDS_MAX,
    },
  };
}

function functionWatches(functions: readonly AnyFunction[]): Record<string, Watch> {
  const errors = functions.map((one) => [
    one.node.id.replace(/Function$/, "Errors"),
    { metric: one.function.metricErrors(sumOfFiveMinutes) },
  ]);
  const throttles = new Metric({ namespace: "AWS/Lambda", metricName: "Throttles", ...sumOfFiveMinutes });
  return { ...Object.fromEntries(errors), FunctionThrottles: { metric: throttles } };
}

function edgeWatches({ apis, firewalls }: Watched): Record<string, Watch> {
  const serverErrors = Object.entries(apis).map(([name, api]) => [
    `${name}ServerErrors`,
    { metric: api.metricServerError(sumOfFiveMinutes) },
  ]);
  const blocks = Object.entries(firewalls).map(([name, firewall]) => [
    `${name}Blocks`,
    { metric: firewall.metricBlocked(sumOfFiveMinutes), above: BLOCKED_REQUESTS_MAX },
  ]);
  return Object.fromEntries([...serverErrors, ...blocks]);
}

function textWatches(scope: Construct, { sendAlert, portal }: Watched): Record<string, Watch> {
  const code = (value: string) => FilterPattern.stringValue("$.code", "=", value);
  const blocked = new Metric({
    namespace: "AWS/SMSVoice",
    metricName: "TextMessagesBlockedByProtect",
    ...sumOfFiveMinutes,
  });
  return {
    TextsUnknown: {
      metric: counted(scope, "TextsUnknown", sendAlert.logGroup.logGroup, code("ALERT_UNKNOWN")),
    },
    TextsBlockedByCountry: { metric: blocked },
    ProofsRejected: {
      metric: counted(scope, "ProofsRejected", portal.logGroup.logGroup, code("PROOF_REJECTED")),
      above: REJECTED_PROOFS_MAX,
    },
  };
}

function securityWatches(scope: Construct, trail: AuditTrail): Record<string, Watch> {
  const anyEvent = (...names: string[]) =>
    FilterPattern.any(...names.map((name) => FilterPattern.stringValue("$.eventName", "=", name)));
  const keyChanges = anyEvent("DisableKey", "PutKeyPolicy", "ScheduleKeyDeletion");
  const trailChanges = anyEvent("StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors");
  const logGroup = trail.logs.logGroup;
  return {
    KeysChanged: { metric: counted(scope, "KeysChanged", logGroup, keyChanges) },
    TrailChanged: { metric: counted(scope, "TrailChanged", logGroup, trailChanges) },
  };
}

/** Counts the log lines that match `filterPattern`. */
function counted(
  scope: Construct,
  metricName: string,
  logGroup: ILogGroup,
  filterPattern: IFilterPattern,
): IMetric {
  const filter = new MetricFilter(scope, `${metricName}Filter`, {
    logGroup,
    filterPattern,
    metricNamespace: METRIC_NAMESPACE,
    metricName,
  });
  return filter.metric(sumOfFiveMinutes);
}
