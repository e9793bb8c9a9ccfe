import type { AuditEvent, AuditValue } from "../audit/journal.ts";
import type { AlertRecord } from "../messaging/records.ts";

const FUNCTION = "function:send-alert";

/** Whose chain the entries about an alert join; undefined: the function's own. */
export function patientOf({ patientId, concerns }: AlertRecord): string | undefined {
  return patientId.startsWith("pat_") ? patientId : (concerns ?? undefined);
}

/** The audit event of something that `send-alert` does with an alert. */
export function alertEvent(
  alert: AlertRecord,
  action: string,
  requestId: string,
  details: Readonly<Record<string, AuditValue>> = {},
): AuditEvent {
  const patientId = patientOf(alert);
  return {
    action,
    actor: FUNCTION,
    role: "function",
    ...(patientId === undefined ? {} : { patientId }),
    ...(alert.purpose === null ? {} : { purpose: alert.purpose }),
    requestId,
    details: {
      alertId: alert.id,
      kind: alert.kind,
      ...(alert.messageId === null ? {} : { messageId: alert.messageId }),
      ...(alert.numberIndex === null ? {} : { numberId: alert.patientId }),
      ...details,
    },
  };
}
