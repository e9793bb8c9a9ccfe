import type { VisitDay } from "../appointments/records.ts";
import { type ConsentRefusal, refusalOf } from "../consent/decide.ts";
import { isDisowned, type PatientPreferences } from "../consent/preferences.ts";
import type { ConsentState } from "../consent/records.ts";
import { contactOf } from "../consent/states.ts";
import { carriesLink, isOptIn, rulesOf } from "../domain/alerts/kinds.ts";
import { capFor } from "../domain/sending/caps.ts";
import { clockMinutes, momentOf } from "../domain/sending/local-time.ts";
import { nextSendingTime } from "../domain/sending/quiet-hours.ts";
import type { AlertRecord, LinkRecord, LinksMark, PatientMarks, SentTexts } from "../messaging/records.ts";
import type { NumberRecord } from "../numbers/records.ts";
import type { PatientRecord } from "../patients/records.ts";
import {
  hasAgreement,
  type PracticeSettings,
  SWITCHES_DEFAULT,
  type Switches,
  type VendorRecord,
} from "../practice/records.ts";
import { SWITCHED_OFF_SECONDS, WAITING_SECONDS_MAX } from "./times.ts";
import { isVoid, tellsOfVisit } from "./visits.ts";

/** Everything that an alert is judged on just before it is sent. */
export interface AlertSituation {
  readonly alert: AlertRecord;
  readonly patient: PatientRecord | undefined;
  /** The number it goes to: the patient's, or the one that is answered. */
  readonly number: NumberRecord | undefined;
  /** Where the number is sealed that an answer goes to. */
  readonly sealedPhone: SealedPhone | null;
  readonly consent: ConsentState | undefined;
  /** What the patient wishes, and whether number or address are said to be somebody else's. */
  readonly preferences: PatientPreferences | undefined;
  readonly vendor: VendorRecord | undefined;
  readonly switches: Switches | undefined;
  readonly settings: PracticeSettings;
  readonly marks: PatientMarks | undefined;
  /** When the message's links were killed. */
  readonly revocation: { readonly before: string } | undefined;
  /** When the links of the sender's messages, and all links, were killed. */
  readonly senderMark: LinksMark | undefined;
  readonly practiceMark: LinksMark | undefined;
  /** The link that a code is for. */
  readonly link: LinkRecord | undefined;
  /** What caps count for the alert's class. */
  readonly sentTexts: SentTexts | undefined;
  /** When the patient last read the thread. */
  readonly readAt: string | null;
  /** The day whose visits it tells of. */
  readonly visitDay: VisitDay | undefined;
  readonly now: Date;
}

/** Why an alert ends before it left. */
export type BlockReason =
  | ConsentRefusal
  | "expired"
  | "revoked"
  /** All links of the message's sender, or of the practice, were killed since it was asked for. */
  | "links_revoked"
  | "erased"
  | "undeliverable"
  /** A nudge for what was read since it was asked for. */
  | "read"
  /** A confirmation of a stop that was undone since, a question that no longer stands, a visit that is no more as told. */
  | "superseded";

/** A mobile number, sealed for the alert plane under the id of a patient or a number. */
export type SealedPhone = Pick<PatientRecord, "id" | "phone">;

/** What the claim of an alert is held to. */
export type Grounds =
  | {
      readonly to: "patient";
      readonly patient: PatientRecord;
      /** Null for the question that asks for it. */
      readonly consent: ConsentState | null;
      readonly vendor: VendorRecord;
    }
  | {
      readonly to: "number";
      readonly number: NumberRecord;
      readonly sealedPhone: SealedPhone;
      readonly vendor: VendorRecord;
    };

/** What to do with an alert that has not left. */
export type AlertVerdict =
  | { readonly kind: "send"; readonly grounds: Grounds }
  | { readonly kind: "block"; readonly reason: BlockReason }
  /** Try again then. */
  | {
      readonly kind: "hold";
      readonly reason: "sending_off" | "quiet_hours" | "daily_cap" | "weekly_cap";
      readonly until: Date;
    };

/** Judges an alert that waits to be sent; what cannot be shown to be allowed is not sent. */
export function judgeAlert(situation: AlertSituation): AlertVerdict {
  const { alert, now } = situation;
  const waited = (now.getTime() - Date.parse(alert.createdAt)) / 1000;
  const expired = alert.expiresAt !== null && Date.parse(alert.expiresAt) <= now.getTime();
  // A visit is as far off as it was booked: its texts have an end of their own.
  const waitsTooLong = waited > WAITING_SECONDS_MAX && !tellsOfVisit(alert.kind);
  if (expired || waitsTooLong) return { kind: "block", reason: "expired" };
  const verdict =
    rulesOf(alert.kind).to === "patient" ? judgeForPatient(situation) : judgeForNumber(situation);
  if (verdict.kind !== "send") return verdict;
  return alert.queue === "bulk" ? (holdOf(situation) ?? verdict) : verdict;
}

function isSwitchedOff({ switches }: AlertSituation): boolean {
  return !(switches ?? SWITCHES_DEFAULT).sending;
}

function switchedOff({ now }: AlertSituation): AlertVerdict {
  const until = new Date(now.getTime() + SWITCHED_OFF_SECONDS * 1000);
  return { kind: "hold", reason: "sending_off", until };
}

function judgeForPatient(situation: AlertSituation): AlertVerdict {
  const { alert, patient, number, consent, vendor, marks, link, readAt, now } = situation;
  const block = (reason: BlockReason): AlertVerdict => ({ kind: "block", reason });
  // A code for a link that died in the meantime opens nothing.
  if (link !== undefined && link.diedAt !== null) return block("revoked");
  if (patient === undefined || (marks !== undefined && marks.erasedAt !== null)) return block("erased");
  const opens = carriesLink(alert.kind) || alert.kind === "code";
  if (opens && marks?.linksRevokedBefore != null && alert.createdAt <= marks.linksRevokedBefore) {
    return block("revoked");
  }
  if (isVoid(alert, situation.visitDay)) return block("superseded");
  if (isMarked(alert, situation.revocation)) return block("revoked");
  if (linksKilled(situation)) return block("links_revoked");
  if (alert.kind === "nudge" && readAt !== null && readAt >= alert.createdAt) return block("read");
  if (isSwitchedOff(situation)) return switchedOff(situation);
  const { purpose, channel } = alert;
  if (purpose === null) return block("consent_required");
  // Whoever holds it said that it is not the patient's: neither a code nor a question goes there.
  if (isDisowned(contactOf(patient, channel), channel, situation.preferences))
    return block("consent_revoked");
  if (channel === "sms" && number?.stoppedAt != null) return block("consent_revoked");
  if (channel === "sms" && number?.undeliverable != null) return block("undeliverable");
  const needsConsent = rulesOf(alert.kind).needsConsent;
  if (isOptIn(alert.kind)) {
    // The number was changed, or asked again, since.
    if (number?.asked?.alertId !== alert.id || number.asked.answeredAt !== null) return block("superseded");
    if (consent?.decision === "revoked" && consent.since >= alert.createdAt) return block("consent_revoked");
  }
  const reason = refusalOf({
    patient,
    // The question asks for what is not there yet; everything else holds for it too.
    consent: needsConsent ? consent : consentIfGranted(alert, patient),
    vendor,
    purpose,
    channel,
    now,
  });
  if (reason !== null) return block(reason);
  if (vendor === undefined) return block("vendor_without_baa");
  if (needsConsent && consent === undefined) return block("consent_required");
  return {
    kind: "send",
    grounds: { to: "patient", patient, consent: needsConsent ? (consent ?? null) : null, vendor },
  };
}

function isMarked({ createdAt }: AlertRecord, mark: LinksMark | undefined): boolean {
  return mark !== undefined && createdAt <= mark.before;
}

/**
 * True where the alert tells of a message, and all links of whoever wrote it, or of the practice, were killed
 * since it was asked for. The message still waits: a person must tell the patient, or send a new link.
 */
export function linksKilled({
  alert,
  senderMark,
  practiceMark,
}: Pick<AlertSituation, "alert" | "senderMark" | "practiceMark">): boolean {
  return alert.messageId !== null && [senderMark, practiceMark].some((mark) => isMarked(alert, mark));
}

/** What the consent would be if the patient said yes: the question is checked against the rest. */
function consentIfGranted(alert: AlertRecord, patient: PatientRecord): ConsentState | undefined {
  if (alert.purpose === null) return undefined;
  return {
    consentId: alert.id,
    purpose: alert.purpose,
    channel: alert.channel,
    decision: "granted",
    since: alert.createdAt,
    contactId: patient.numberId,
    ended: null,
  };
}

function judgeForNumber(situation: AlertSituation): AlertVerdict {
  const { alert, number, sealedPhone, vendor, now } = situation;
  // An answer goes where the text came from; without that record there is nowhere to go.
  if (number === undefined || sealedPhone === null) return { kind: "block", reason: "erased" };
  const confirms = alert.optOutList === "list";
  if (!confirms && number.stoppedAt !== null) return { kind: "block", reason: "consent_revoked" };
  if (confirms && number.stoppedAt === null) return { kind: "block", reason: "superseded" };
  if (isSwitchedOff(situation)) return switchedOff(situation);
  if (vendor === undefined || !hasAgreement(vendor, now.toISOString().slice(0, 10))) {
    return { kind: "block", reason: "vendor_without_baa" };
  }
  return { kind: "send", grounds: { to: "number", number, sealedPhone, vendor } };
}

/** What of the patient's rest holds a text back that nobody waits for; undefined: nothing does. */
function holdOf({
  alert,
  patient,
  settings,
  sentTexts,
  preferences,
  now,
}: AlertSituation): AlertVerdict | undefined {
  const timeZone = patient?.timeZone ?? settings.timeZone;
  const { sendingHours, caps } = settings;
  const sentAt = (sentTexts?.texts ?? []).filter(({ alertId }) => alertId !== alert.id).map(({ at }) => at);
  const isCapped = alert.channel === "sms" && !alert.repliesToPatient;
  const cap = isCapped ? capFor(sentAt, caps, now, timeZone) : null;
  if (cap !== null) {
    const until = momentOf(cap.fromDay, clockMinutes(sendingHours.from), timeZone);
    return { kind: "hold", reason: cap.reason, until };
  }
  const until = nextSendingTime(now, sendingHours, timeZone, preferences?.quietHours);
  return until > now ? { kind: "hold", reason: "quiet_hours", until } : undefined;
}
