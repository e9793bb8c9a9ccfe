import type { SQSRecord } from "aws-lambda";
import * as z from "zod";
import { createBatchHandler } from "#functions/queue/batch.ts";
import type { AlertOutcome } from "#shared/alerting/outcome.ts";
import type { AlertingPorts } from "#shared/alerting/ports.ts";
import { createSendAlert } from "#shared/alerting/send-alert.ts";
import { idPattern } from "#shared/domain/ids.ts";
import type { Log } from "#shared/runtime/log.ts";

const AlertRequest = z.strictObject({
  version: z.literal(1),
  /** A patient's, or a number's where the text answers one. */
  patientId: z.string().regex(/^(?:pat|nbr)_[0-9A-Z]{26}$/),
  alertId: z.string().regex(idPattern("alr")),
});

function tell(log: Log, alertId: string, outcome: AlertOutcome): void {
  switch (outcome.kind) {
    case "sent":
      return log.info("ALERT_SENT", { alertId });
    case "failed":
    case "blocked":
      return log.warn("ALERT_NOT_SENT", { alertId, outcome: outcome.kind, reason: outcome.reason });
    case "deferred":
      return log.info("ALERT_DEFERRED", { alertId, reason: outcome.reason });
    case "unknown":
      return log.warn("ALERT_UNKNOWN", { alertId });
    case "nothing":
      return;
    default:
      return outcome satisfies never;
  }
}

/** Sends the alerts that two queues ask for, once each. */
export function createHandler(ports: AlertingPorts, log: Log) {
  const sendAlert = createSendAlert(ports);
  return createBatchHandler(async (record: SQSRecord) => {
    const { patientId, alertId } = AlertRequest.parse(JSON.parse(record.body));
    tell(log, alertId, await sendAlert({ patientId, alertId }, record.messageId));
  }, log);
}
