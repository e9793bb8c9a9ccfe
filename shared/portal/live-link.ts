import type { AuditEvent, AuditValue, ChainHead, Write } from "../audit/journal.ts";
import type { AlertRecord, LinkRecord, ThreadRecord } from "../messaging/records.ts";
import type { PortalStore } from "./ports.ts";
import type {
  CodeRequests,
  DailyMisses,
  PortalSession,
  RememberedDevice,
  RememberedDevices,
} from "./records.ts";

/** A link that may be proved now, with everything read about it. */
export interface LiveLink {
  readonly link: LinkRecord;
  readonly thread: ThreadRecord;
  readonly alert: AlertRecord | undefined;
  readonly head: ChainHead | null;
  /** The day (UTC) that misses are counted on. */
  readonly day: string;
  readonly dailyMisses: DailyMisses | undefined;
  readonly codeRequests: CodeRequests | undefined;
  /** The same over all links of the patient. */
  readonly codesForPatient: CodeRequests | undefined;
  /** Since when the patient's PIN stands; null where there is none. */
  readonly pinSince: string | null;
  /** The earlier right date of birth or PIN of this browser, while it waits for its code. */
  readonly pending: PortalSession | undefined;
  /** The open session of this browser for this very link. */
  readonly session: PortalSession | undefined;
  readonly remembered: RememberedDevices | undefined;
  /** Those of them that still stand for a code. */
  readonly devices: readonly RememberedDevice[];
  /** The one of those that this browser is. */
  readonly device: RememberedDevice | undefined;
}

/** An entry about a proof, in the chain of the link's patient. */
export function proofEvent(
  action: string,
  { link }: Pick<LiveLink, "link">,
  requestId: string,
  details: Readonly<Record<string, AuditValue>>,
): AuditEvent {
  return {
    action,
    actor: `patient:${link.patientId}`,
    role: "patient",
    patientId: link.patientId,
    purpose: link.purpose,
    details: {
      messageId: link.messageId,
      threadId: link.threadId,
      alertId: link.alertId,
      ...details,
    },
    requestId,
  };
}

/** Makes what was right depend on nobody having guessed in the meantime, on this link or another. */
export function holdMisses(
  portal: PortalStore,
  { link, day, dailyMisses }: Pick<LiveLink, "link" | "day" | "dailyMisses">,
  set: Partial<LinkRecord> = {},
): Write[] {
  return [
    portal.changeSeenLink(link, { misses: link.misses, ...set }),
    portal.setDailyMisses(link.patientId, day, dailyMisses, dailyMisses ?? { count: 0, taskId: null }),
  ];
}

/** True while the link has a code that may be stated. */
export function codeInForce({ codeMac, codeExpiresAt }: LinkRecord, at: Date): boolean {
  return codeMac !== null && codeExpiresAt !== null && Date.parse(codeExpiresAt) > at.getTime();
}
