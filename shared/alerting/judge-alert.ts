import { type ConsentRefusal, refusalOf } from "../consent/decide.ts";
import type { ConsentState } from "../consent/records.ts";
import type { AlertRecord, LinkRecord, PatientMarks } from "../messaging/records.ts";
import type { PatientRecord } from "../patients/records.ts";
import { SWITCHES_DEFAULT, type Switches, type VendorRecord } from "../practice/records.ts";

/** Everything that an alert is judged on just before it is sent. */
export interface AlertSituation {
  readonly alert: AlertRecord;
  readonly patient: PatientRecord | undefined;
  readonly consent: ConsentState | undefined;
  readonly vendor: VendorRecord | undefined;
  readonly switches: Switches | undefined;
  readonly marks: PatientMarks | undefined;
  /** When the message's links were killed. */
  readonly revocation: { readonly before: string } | undefined;
  /** The link that a code is for. */
  readonly link: LinkRecord | undefined;
  readonly now: Date;
}

/** What to do with an alert. */
export type AlertVerdict =
  | {
      readonly kind: "send";
      readonly patient: PatientRecord;
      readonly consent: ConsentState;
      readonly vendor: VendorRecord;
    }
  | { readonly kind: "block"; readonly reason: ConsentRefusal | "expired" | "revoked" | "erased" }
  /** Try again later. */
  | { readonly kind: "hold"; readonly reason: "sending_off" }
  /** A send was begun and its end was never written. */
  | { readonly kind: "unknown" }
  /** Nothing is left to do: a repeated request. */
  | { readonly kind: "done" };

/** A claim older than this cannot still be running: it is longer than the function's time-out. */
const CLAIM_SECONDS_MAX = 120;
/** An alert that could not leave in 72 hours says nothing that is still new. */
const WAITING_SECONDS_MAX = 72 * 60 * 60;

/** Judges an alert; what cannot be shown to be allowed is not sent. */
export function judgeAlert(situation: AlertSituation): AlertVerdict {
  const { alert, patient, consent, vendor, marks, revocation, link, now } = situation;
  if (alert.status === "sending") {
    const claimed = alert.claimedAt === null ? 0 : Date.parse(alert.claimedAt);
    return now.getTime() - claimed > CLAIM_SECONDS_MAX * 1000 ? { kind: "unknown" } : { kind: "done" };
  }
  if (alert.status !== "queued" && alert.status !== "deferred") return { kind: "done" };
  const waited = (now.getTime() - Date.parse(alert.createdAt)) / 1000;
  const expired = alert.expiresAt !== null && Date.parse(alert.expiresAt) <= now.getTime();
  if (expired || waited > WAITING_SECONDS_MAX) return { kind: "block", reason: "expired" };
  // A code for a link that died in the meantime opens nothing.
  if (link !== undefined && link.diedAt !== null) return { kind: "block", reason: "revoked" };
  if (patient === undefined || (marks !== undefined && marks.erasedAt !== null)) {
    return { kind: "block", reason: "erased" };
  }
  if (marks?.linksRevokedBefore != null && alert.createdAt <= marks.linksRevokedBefore) {
    return { kind: "block", reason: "revoked" };
  }
  if (revocation !== undefined && alert.createdAt <= revocation.before) {
    return { kind: "block", reason: "revoked" };
  }
  if (!(situation.switches ?? SWITCHES_DEFAULT).sending) {
    return { kind: "hold", reason: "sending_off" };
  }
  const { purpose, channel } = alert;
  const reason = refusalOf({ patient, consent, vendor, purpose, channel, now });
  if (reason !== null) return { kind: "block", reason };
  if (consent === undefined) return { kind: "block", reason: "consent_required" };
  if (vendor === undefined) return { kind: "block", reason: "vendor_without_baa" };
  return { kind: "send", patient, consent, vendor };
}
