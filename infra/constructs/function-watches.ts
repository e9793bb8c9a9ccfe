import { MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { FilterPattern } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import type { ServiceFunction } from "./service-function.ts";
import { countedLines, SUM_OF_FIVE_MINUTES, type Watch } from "./watch.ts";

/**
 * One watch for each function: invocations that failed and lines of level ERROR, together. A fault that a function
 * answers itself (500, 503, a record sent back to its queue) is no failed invocation; a time-out writes no line.
 */
export function functionWatches(
  scope: Construct,
  functions: readonly ServiceFunction<unknown>[],
): Record<string, Watch> {
  const faults = functions.map((one) => {
    const name = one.node.id.replace(/Function$/, "");
    const atErrorLevel = FilterPattern.stringValue("$.level", "=", "ERROR");
    const metric = new MathExpression({
      // Either of the two may have nothing to tell in a period.
      expression: "FILL(failed, 0) + FILL(lines, 0)",
      label: `${name}: failed invocations and lines of level ERROR`,
      period: SUM_OF_FIVE_MINUTES.period,
      usingMetrics: {
        failed: one.function.metricErrors(SUM_OF_FIVE_MINUTES),
        lines: countedLines(scope, `${name}ErrorLines`, one.logGroup.logGroup, atErrorLevel),
      },
    });
    return [`${name}Errors`, { metric }];
  });
  const throttles = new Metric({
    namespace: "AWS/Lambda",
    metricName: "Throttles",
    ...SUM_OF_FIVE_MINUTES,
  });
  return { ...Object.fromEntries(faults), FunctionThrottles: { metric: throttles } };
}
