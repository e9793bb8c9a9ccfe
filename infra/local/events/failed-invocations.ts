import { randomUUID } from "node:crypto";
import type { FunctionOutcome } from "../functions/function-outcome.ts";
import { recordOf, textOf } from "../json-shape.ts";
import { functionIn, resourcesOfType, type TemplateView } from "../template-view.ts";

/** Where a function's failed asynchronous invocations go. */
export type FailureDestination = {
  readonly functionLogicalId: string;
  readonly functionArn: string;
  readonly queueArn: string;
};

/** Reads every destination of failed invocations; throws on a setting that this host does not serve. */
export function readFailureDestinations(
  template: TemplateView,
  arnOf: (logicalId: string) => string,
): readonly FailureDestination[] {
  return resourcesOfType(template, "AWS::Lambda::EventInvokeConfig").map(({ logicalId, properties }) => {
    const { OnFailure, ...others } = recordOf(template.resolve(properties["DestinationConfig"] ?? {}));
    const queueArn = textOf(recordOf(OnFailure)["Destination"]) ?? "";
    if (!queueArn.startsWith("arn:aws:sqs:") || Object.keys(others).length > 0) {
      throw new Error(
        `${logicalId} names another destination than a queue for failures, the only kind this host serves.`,
      );
    }
    const functionLogicalId = functionIn(
      template,
      `:function:${textOf(template.resolve(properties["FunctionName"])) ?? ""}`,
      logicalId,
    );
    return { functionLogicalId, functionArn: arnOf(functionLogicalId), queueArn };
  });
}

/** What Lambda puts on the queue of failed invocations; undefined for one that was answered. */
export function failureRecord(
  { functionArn }: FailureDestination,
  event: unknown,
  outcome: FunctionOutcome,
): string | undefined {
  if (outcome.kind === "answered") return undefined;
  const responsePayload =
    outcome.kind === "failed"
      ? { errorType: outcome.errorType, errorMessage: outcome.errorMessage }
      : { errorType: "Sandbox.Timedout", errorMessage: "Task timed out" };
  return JSON.stringify({
    version: "1.0",
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId: randomUUID(),
      functionArn: `${functionArn}:$LATEST`,
      condition: "RetriesExhausted",
      approximateInvokeCount: 1,
    },
    requestPayload: event,
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    responsePayload,
  });
}
