import { listOf, numberOf, recordOf, textOf } from "../json-shape.ts";
import { functionIn, resourcesOfType, type TemplateView } from "../template-view.ts";

/** A queue that feeds a function. */
export type QueueSource = {
  readonly queueArn: string;
  readonly functionLogicalId: string;
  readonly batchSize: number;
  readonly partialResponses: boolean;
  readonly concurrencyMax: number;
};

/** A schedule that calls a function. */
export type ScheduleSource = {
  readonly ruleArn: string;
  readonly functionLogicalId: string;
  readonly periodMs: number;
  /** What the target gets in place of the scheduled event. */
  readonly input?: string;
};

/** Batches of one source at once where the mapping names no maximum, and the most that this host runs of any. */
const CONCURRENCY_DEFAULT = 3;
const CONCURRENCY_MAX = 5;

/** Reads every SQS event source mapping; throws on a setting that this host does not serve. */
export function readQueueSources(template: TemplateView): readonly QueueSource[] {
  return resourcesOfType(template, "AWS::Lambda::EventSourceMapping")
    .map(({ logicalId, properties }) => ({ logicalId, mapping: recordOf(template.resolve(properties)) }))
    .filter(({ mapping }) => mapping["Enabled"] !== false)
    .map(({ logicalId, mapping }) => {
      const queueArn = textOf(mapping["EventSourceArn"]) ?? "";
      if (!queueArn.startsWith("arn:aws:sqs:") || mapping["FilterCriteria"] !== undefined) {
        throw new Error(
          `Event source ${logicalId} is not a plain SQS queue, which is the only kind this host serves.`,
        );
      }
      const functionArn = textOf(mapping["FunctionName"]) ?? "";
      return {
        queueArn,
        functionLogicalId: functionIn(
          template,
          functionArn.startsWith("arn:") ? functionArn : `:function:${functionArn}`,
          `Event source ${logicalId}`,
        ),
        batchSize: numberOf(mapping["BatchSize"]) ?? 10,
        partialResponses: listOf(mapping["FunctionResponseTypes"]).includes("ReportBatchItemFailures"),
        concurrencyMax: Math.min(
          numberOf(recordOf(mapping["ScalingConfig"])["MaximumConcurrency"]) ?? CONCURRENCY_DEFAULT,
          CONCURRENCY_MAX,
        ),
      };
    });
}

/** Reads every enabled EventBridge schedule that calls a function; throws on an expression that is not a rate. */
export function readScheduleSources(
  template: TemplateView,
  arnOf: (logicalId: string) => string,
): readonly ScheduleSource[] {
  return resourcesOfType(template, "AWS::Events::Rule")
    .filter(
      ({ properties }) =>
        properties["ScheduleExpression"] !== undefined && properties["State"] !== "DISABLED",
    )
    .flatMap(({ logicalId, properties }) => {
      const periodMs = ratePeriodMs(textOf(properties["ScheduleExpression"]) ?? "", logicalId);
      return listOf(template.resolve(properties["Targets"])).map((target) => {
        const input = textOf(recordOf(target)["Input"]);
        return {
          ruleArn: arnOf(logicalId),
          functionLogicalId: functionIn(template, recordOf(target)["Arn"], `Schedule ${logicalId}`),
          periodMs,
          ...(input === undefined ? {} : { input }),
        };
      });
    });
}

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

function ratePeriodMs(expression: string, logicalId: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/u.exec(expression) ?? [];
  if (count === undefined || unit === undefined || Number(count) < 1) {
    throw new Error(`Schedule ${logicalId} is not a rate, which is the only kind this host serves.`);
  }
  return Number(count) * (UNIT_MS[unit] ?? 60_000);
}
