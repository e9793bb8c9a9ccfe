import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { FilterPattern } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import type { DeliveryEvents } from "./delivery-events.ts";
import type { ServiceFunction } from "./service-function.ts";
import { countedLines, SUM_OF_FIVE_MINUTES, type Watch } from "./watch.ts";

/** Why a provider takes no text or e-mail of this account at all; unlike a throttle, none of these passes by itself. */
export const ACCOUNT_REFUSALS = [
  "accessdeniedexception",
  "account_disabled",
  "accountsuspendedexception",
  "insufficient_account_reputation",
  "limitexceededexception",
  "mailfromdomainnotverifiedexception",
  "monthly_spend_limit_reached_for_text",
  "sendingpausedexception",
  "servicequotaexceededexception",
] as const;

/** What became of texts on their way out, and whether the reports about them come back. */
export function textWatches(
  scope: Construct,
  {
    sendAlert,
    deliveryEvents,
  }: { readonly sendAlert: ServiceFunction<unknown>; readonly deliveryEvents: DeliveryEvents },
): Record<string, Watch> {
  const { logGroup } = sendAlert.logGroup;
  const code = (value: string) => FilterPattern.stringValue("$.code", "=", value);
  const failed = FilterPattern.all(
    code("ALERT_NOT_SENT"),
    FilterPattern.stringValue("$.outcome", "=", "failed"),
  );
  const refused = FilterPattern.all(
    code("ALERT_DEFERRED"),
    FilterPattern.any(
      ...ACCOUNT_REFUSALS.map((reason) => FilterPattern.stringValue("$.reason", "=", reason)),
    ),
  );
  const blocked = new Metric({
    namespace: "AWS/SMSVoice",
    metricName: "TextMessagesBlockedByProtect",
    ...SUM_OF_FIVE_MINUTES,
  });
  const undelivered = new Metric({
    namespace: "AWS/Events",
    metricName: "FailedInvocations",
    dimensionsMap: { RuleName: deliveryEvents.rule.ruleName },
    ...SUM_OF_FIVE_MINUTES,
  });
  return {
    TextsUnknown: { metric: countedLines(scope, "TextsUnknown", logGroup, code("ALERT_UNKNOWN")) },
    TextsFailed: { metric: countedLines(scope, "TextsFailed", logGroup, failed) },
    AccountMayNotSend: { metric: countedLines(scope, "AccountMayNotSend", logGroup, refused) },
    TextsBlockedByCountry: { metric: blocked },
    DeliveryEventsRuleFailures: { metric: undelivered },
  };
}
