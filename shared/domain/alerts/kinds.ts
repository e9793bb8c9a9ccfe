import type { Purpose } from "../words.ts";

/** The question whether a number may be texted about a purpose; each purpose has words of its own. */
export type OptInKind = `opt-in-${Purpose}`;

/**
 * What a text is for; its templates have the same names. `message`: something waits, with a link.
 * `nudge`: the same again, because nobody has read it. `code`: six digits that a patient asked for.
 */
const TO_PATIENTS = ["message", "nudge", "code"] as const;

/**
 * What tells of a day's visits. `reminder`: of one visit; `reminder-several`: of the first of several on a day.
 * `visit-booked`, `visit-moved`, `visit-cancelled`: that one was, where the practice wants that told.
 */
export const VISIT_KINDS = [
  "reminder",
  "reminder-several",
  "visit-booked",
  "visit-moved",
  "visit-cancelled",
] as const;
export type VisitKind = (typeof VISIT_KINDS)[number];

/** What a practice may have told at once. */
export const VISIT_NOTICES = ["booked", "moved", "cancelled"] as const;
export type VisitNotice = (typeof VISIT_NOTICES)[number];
export type NoticeKind = `visit-${VisitNotice}`;
export type ReminderKind = Exclude<VisitKind, NoticeKind>;

/**
 * Answers to what came from a number. `opt-in-confirmed`: what a patient signed up for (CTIA Messaging
 * Principles 5.1). `stopped`: the one confirmation of an opt-out (47 CFR 64.1200(a)(12)), and
 * `stopped-cancel` the same after a bare CANCEL, which may have been meant for a visit. `started`: texts
 * come again after START. `received`, `received-closed`: nobody has read the text yet, by day and outside
 * of office hours. `ask-cancel`: whether a visit or the texts were to be cancelled. `visit-confirmed`, `change-asked`:
 * the answers to C and 2 after a reminder.
 */
const ANSWERS = [
  "opt-in-confirmed",
  "stopped",
  "stopped-cancel",
  "started",
  "help",
  "received",
  "received-closed",
  "emergency",
  "crisis",
  "ask-cancel",
  "visit-confirmed",
  "change-asked",
] as const;

/** Every kind of alert. */
export const ALERT_KINDS = [
  ...TO_PATIENTS,
  ...VISIT_KINDS,
  ...ANSWERS,
  "opt-in-scheduling",
  "opt-in-portal",
  "opt-in-billing",
  "opt-in-pharmacy",
  "opt-in-survey",
  "opt-in-announcement",
] as const satisfies readonly (AlertKindWithoutQuestion | OptInKind)[];
type AlertKindWithoutQuestion = (typeof TO_PATIENTS)[number] | VisitKind | (typeof ANSWERS)[number];
export type AlertKind = (typeof ALERT_KINDS)[number];

/** What holds for all alerts of a kind. */
export interface KindRules {
  /** To the patient's number, or to a number as such: an answer to whoever texted. */
  readonly to: "patient" | "number";
  /** Only with the patient's consent for the purpose (47 CFR 64.1200(a)(1)(iii)). */
  readonly needsConsent: boolean;
  /** Part count that its text may have at most; null: what the stage's texts may have. */
  readonly partsMax: 1 | 2 | null;
}

const ABOUT_A_MESSAGE: KindRules = { to: "patient", needsConsent: true, partsMax: null };
/** No link stands in it, so one part is enough in every stage. */
const ABOUT_A_VISIT: KindRules = { to: "patient", needsConsent: true, partsMax: 1 };
const QUESTION: KindRules = { to: "patient", needsConsent: false, partsMax: 2 };
const ANSWER: KindRules = { to: "number", needsConsent: false, partsMax: 2 };

/** The rules of a kind. */
export function rulesOf(kind: AlertKind): KindRules {
  switch (kind) {
    case "message":
    case "nudge":
    case "code":
    case "opt-in-confirmed":
      return kind === "opt-in-confirmed" ? { ...ABOUT_A_MESSAGE, partsMax: 2 } : ABOUT_A_MESSAGE;
    case "reminder":
    case "reminder-several":
    case "visit-booked":
    case "visit-moved":
    case "visit-cancelled":
      return ABOUT_A_VISIT;
    case "stopped":
    case "stopped-cancel":
    case "started":
    case "help":
    case "received":
    case "received-closed":
    case "emergency":
    case "crisis":
    case "ask-cancel":
    case "visit-confirmed":
    case "change-asked":
      return ANSWER;
    default:
      return isOptIn(kind) ? QUESTION : (kind satisfies never);
  }
}

/** True for the question whether a number may be texted. */
export function isOptIn(kind: AlertKind): kind is OptInKind {
  return kind.startsWith("opt-in-") && kind !== "opt-in-confirmed";
}

/** True where the text tells of a message and carries a link to it. */
export function carriesLink(kind: AlertKind): kind is "message" | "nudge" {
  return kind === "message" || kind === "nudge";
}
