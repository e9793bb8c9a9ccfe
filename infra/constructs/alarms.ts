import { Duration } from "aws-cdk-lib";
import type { RestApi } from "aws-cdk-lib/aws-apigateway";
import { Alarm, ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { FilterPattern } from "aws-cdk-lib/aws-logs";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { AuditTrail } from "./audit-trail.ts";
import type { DeliveryEvents } from "./delivery-events.ts";
import type { Firewall } from "./firewall.ts";
import { functionWatches } from "./function-watches.ts";
import type { MissedInvocations } from "./missed-invocations.ts";
import type { RedrivenQueue } from "./redriven-queue.ts";
import { secondReadingWatches } from "./second-reading.ts";
import type { ServiceFunction } from "./service-function.ts";
import type { StorageKey } from "./storage-key.ts";
import { textWatches } from "./text-watches.ts";
import { countedLines, SUM_OF_FIVE_MINUTES, type Watch } from "./watch.ts";

const OLDEST_URGENT_REQUEST_SECONDS_MAX = 120;
const BLOCKED_REQUESTS_MAX = 500;
const REJECTED_PROOFS_MAX = 50;
/** Requests for a new link in five minutes that came to nothing. */
const IDLE_REQUESTS_MAX = 50;

type AnyFunction = ServiceFunction<unknown>;

/** Everything that is watched. The names of queues, APIs and firewalls begin the names of their alarms. */
export interface Watched {
  readonly key: StorageKey;
  readonly functions: readonly AnyFunction[];
  readonly sendAlert: AnyFunction;
  readonly portal: AnyFunction;
  readonly remind: AnyFunction;
  readonly anchor: AnyFunction;
  /** The functions that ask the second reader; none where the stage has none. */
  readonly secondReaders: readonly AnyFunction[];
  readonly deliveryEvents: DeliveryEvents;
  readonly missed: MissedInvocations;
  readonly queues: {
    readonly UrgentAlerts: RedrivenQueue;
    readonly BulkAlerts: RedrivenQueue;
    readonly DeliveryEvents: RedrivenQueue;
    readonly InboundTexts: RedrivenQueue;
    readonly AttachmentArrivals: RedrivenQueue;
    readonly ImportArrivals: RedrivenQueue;
  };
  readonly apis: Readonly<Record<string, RestApi>>;
  readonly firewalls: Readonly<Record<string, Firewall>>;
  readonly trail: AuditTrail;
}

/**
 * Creates one alarm topic and every alarm, and returns the topic: someone on duty must subscribe to it.
 * Each alarm's description names its heading in infra/runbook.md.
 */
export function createAlarms(scope: Construct, watched: Watched): ITopic {
  const topic = createAlarmTopic(scope, watched.key);
  const action = new SnsAction(topic);
  for (const [id, { metric, above, missingPeriods }] of Object.entries({
    ...queueWatches(watched.queues),
    ...functionWatches(scope, watched.functions),
    ...edgeWatches(watched),
    ...textWatches(scope, watched),
    ...secondReadingWatches(watched.secondReaders),
    ...taskWatches(scope, watched),
    ...remindWatches(scope, watched),
    ...anchorWatches(scope, watched),
    ...securityWatches(scope, watched),
  })) {
    const alarm = new Alarm(scope, `${id}Alarm`, {
      alarmDescription: `infra/runbook.md: ${id}`,
      metric,
      ...(missingPeriods === undefined
        ? {
            threshold: above ?? 0,
            comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluationPeriods: 1,
            treatMissingData: TreatMissingData.NOT_BREACHING,
          }
        : {
            threshold: 1,
            comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
            evaluationPeriods: missingPeriods,
            treatMissingData: TreatMissingData.BREACHING,
          }),
    });
    alarm.addAlarmAction(action);
  }
  return topic;
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
        ...SUM_OF_FIVE_MINUTES,
        statistic: "Maximum",
      }),
    },
  ]);
  return {
    ...Object.fromEntries(deadLetters),
    UrgentAlertsLate: lateWatch(queues.UrgentAlerts),
    InboundTextsLate: lateWatch(queues.InboundTexts),
    AttachmentArrivalsLate: lateWatch(queues.AttachmentArrivals),
  };
}

/** Somebody waits for more than two minutes: one failed attempt alone comes back sooner. */
function lateWatch({ queue }: RedrivenQueue): Watch {
  const metric = queue.metricApproximateAgeOfOldestMessage({
    statistic: "Maximum",
    period: Duration.minutes(1),
  });
  return { metric, above: OLDEST_URGENT_REQUEST_SECONDS_MAX };
}

function edgeWatches({ apis, firewalls }: Watched): Record<string, Watch> {
  const serverErrors = Object.entries(apis).map(([name, api]) => [
    `${name}ServerErrors`,
    { metric: api.metricServerError(SUM_OF_FIVE_MINUTES) },
  ]);
  const blocks = Object.entries(firewalls).map(([name, firewall]) => [
    `${name}Blocks`,
    { metric: firewall.metricBlocked(SUM_OF_FIVE_MINUTES), above: BLOCKED_REQUESTS_MAX },
  ]);
  return Object.fromEntries([...serverErrors, ...blocks]);
}

function taskWatches(scope: Construct, { remind }: Watched): Record<string, Watch> {
  const late = FilterPattern.stringValue("$.code", "=", "TASK_LATE");
  return { TasksLate: { metric: countedLines(scope, "TasksLate", remind.logGroup.logGroup, late) } };
}

/** Texts about visits that could only come too late, and runs of the sweep that failed. */
function remindWatches(scope: Construct, { remind, missed }: Watched): Record<string, Watch> {
  const expired = FilterPattern.stringValue("$.code", "=", "ALERT_EXPIRED");
  return {
    RemindersExpired: { metric: countedLines(scope, "RemindersExpired", remind.logGroup.logGroup, expired) },
    MissedReminds: {
      metric: missed.queue.metricApproximateNumberOfMessagesVisible({
        ...SUM_OF_FIVE_MINUTES,
        statistic: "Maximum",
      }),
    },
  };
}

/** Three hours without an anchor: what happened in them could be cut off, and nobody could prove it. */
function anchorWatches(scope: Construct, { anchor }: Watched): Record<string, Watch> {
  const signed = FilterPattern.stringValue("$.code", "=", "ANCHOR_SIGNED");
  const metric = countedLines(scope, "AnchorsSigned", anchor.logGroup.logGroup, signed, Duration.hours(1));
  return { AnchorsMissing: { metric, missingPeriods: 3 } };
}

function securityWatches(scope: Construct, { portal, trail }: Watched): Record<string, Watch> {
  const anyEvent = (...names: string[]) =>
    FilterPattern.any(...names.map((name) => FilterPattern.stringValue("$.eventName", "=", name)));
  const keyChanges = anyEvent("DisableKey", "PutKeyPolicy", "ScheduleKeyDeletion");
  const trailChanges = anyEvent("StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors");
  const rejections = FilterPattern.stringValue("$.code", "=", "PROOF_REJECTED");
  const idleRequests = FilterPattern.stringValue("$.code", "=", "NEW_LINK_NOT_ASKED");
  const foreign = FilterPattern.stringValue("$.code", "=", "FOREIGN_FORM");
  const trailLogs = trail.logs.logGroup;
  return {
    ProofsRejected: {
      metric: countedLines(scope, "ProofsRejected", portal.logGroup.logGroup, rejections),
      above: REJECTED_PROOFS_MAX,
    },
    NewLinksNotAsked: {
      metric: countedLines(scope, "NewLinksNotAsked", portal.logGroup.logGroup, idleRequests),
      above: IDLE_REQUESTS_MAX,
    },
    // No page of ours sends one: somebody tries, or a browser's headers changed.
    ForeignForms: {
      metric: countedLines(scope, "ForeignForms", portal.logGroup.logGroup, foreign),
      above: IDLE_REQUESTS_MAX,
    },
    KeysChanged: { metric: countedLines(scope, "KeysChanged", trailLogs, keyChanges) },
    TrailChanged: { metric: countedLines(scope, "TrailChanged", trailLogs, trailChanges) },
  };
}
