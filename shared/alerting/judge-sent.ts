import type { AlertRecord } from "../messaging/records.ts";
import {
  CARRIER_SILENCE_SECONDS,
  CLAIM_SECONDS_MAX,
  NUDGE_SECONDS,
  UNKNOWN_TASK_SECONDS,
  UNREAD_CALL_SECONDS,
  UNREAD_EMAIL_CALL_SECONDS,
} from "./times.ts";
import { tellsOfVisit } from "./visits.ts";

const SILENCE = "no_word_from_carrier";

/** What is known of an alert that has been tried. */
export interface TriedAlert {
  readonly alert: AlertRecord;
  /** When the patient last read the thread. */
  readonly readAt: string | null;
  /** Whether the message was revoked, or is past its end. */
  readonly over: boolean;
  /** Whether links that were made so far were killed, for whatever reason: nothing is sent once more by itself. */
  readonly isCut: boolean;
  /** Whether that were the sender's or all of them: no other way is tried either, but by a person. */
  readonly isKilled: boolean;
  /** Of a reminder: whether a visit is still to come that no other has told of. */
  readonly isUntold: boolean;
  readonly now: Date;
}

/** What must follow. */
export type SentVerdict =
  /** Nothing, or nothing yet. */
  | { readonly kind: "done" }
  /** The send was begun and its end never written, or the carrier never said a word. */
  | { readonly kind: "unknown"; readonly reason: "no_answer" | typeof SILENCE }
  /** A person must find out whether it left. */
  | { readonly kind: "ask-person" }
  /** Another way to the patient: e-mail, or a call. */
  | { readonly kind: "other-way" }
  /** The same text again, for nobody has read it. */
  | { readonly kind: "nudge" }
  | { readonly kind: "call"; readonly reason: string }
  /** The carrier's list must learn that the number stopped. */
  | { readonly kind: "list" };

const NOTHING: SentVerdict = { kind: "done" };

/** Tells what follows a text that was tried, at the present time; asked too early it says nothing. */
export function judgeSent({ alert, readAt, over, isCut, isKilled, isUntold, now }: TriedAlert): SentVerdict {
  const since = (time: string | null) =>
    time === null ? Number.POSITIVE_INFINITY : (now.getTime() - Date.parse(time)) / 1000;
  const isRead = readAt !== null && readAt > alert.createdAt;
  if (alert.status === "sending") {
    return since(alert.claimedAt) > CLAIM_SECONDS_MAX ? { kind: "unknown", reason: "no_answer" } : NOTHING;
  }
  // Whatever became of the confirmation, the number stopped.
  if (alert.optOutList === "list") return { kind: "list" };
  switch (alert.status) {
    case "unknown":
      return judgeUnknown(alert, since(alert.claimedAt), isRead || over);
    case "failed":
      if (isUntold && alert.taskId === null) return { kind: "call", reason: alert.reason ?? "failed" };
      // A nudge that fails asks for nothing of its own: the alert that it repeats still asks for a call.
      if (alert.kind !== "message" || alert.taskId !== null || alert.fallbackId !== null) return NOTHING;
      if (isRead || over) return NOTHING;
      return isKilled ? { kind: "call", reason: "unread" } : { kind: "other-way" };
    case "sent":
    case "delivered":
      return judgeUnread(alert, since(alert.sentAt ?? alert.claimedAt), isRead || over, isCut);
    default:
      return NOTHING;
  }
}

function judgeUnknown(alert: AlertRecord, age: number, needsNothing: boolean): SentVerdict {
  if (alert.taskId !== null) return NOTHING;
  // Where the carrier kept silent nobody can find out more; what counts is that the patient learns of it.
  if (alert.reason === SILENCE) {
    return alert.kind === "message" && !needsNothing ? { kind: "call", reason: SILENCE } : NOTHING;
  }
  return age >= UNKNOWN_TASK_SECONDS ? { kind: "ask-person" } : NOTHING;
}

function judgeUnread(alert: AlertRecord, age: number, needsNothing: boolean, isCut: boolean): SentVerdict {
  // Whether the patient comes is seen from the answers and the list of those who gave none.
  if (tellsOfVisit(alert.kind)) return NOTHING;
  if (alert.status === "sent" && age >= CARRIER_SILENCE_SECONDS) {
    return { kind: "unknown", reason: SILENCE };
  }
  if (alert.kind !== "message" || needsNothing || alert.fallbackId !== null) return NOTHING;
  if (alert.channel === "email") {
    return alert.taskId === null && age >= UNREAD_EMAIL_CALL_SECONDS
      ? { kind: "call", reason: "unread" }
      : NOTHING;
  }
  const nudgeAfter = isCut ? undefined : NUDGE_SECONDS[alert.nudges];
  if (nudgeAfter !== undefined) return age >= nudgeAfter ? { kind: "nudge" } : NOTHING;
  return alert.taskId === null && age >= UNREAD_CALL_SECONDS ? { kind: "call", reason: "unread" } : NOTHING;
}

/** Seconds after the send at which the next step is due; null: none. */
export function nextStepAfter({ kind, channel, nudges }: AlertRecord): number | null {
  if (tellsOfVisit(kind)) return null;
  if (kind !== "message") return CARRIER_SILENCE_SECONDS;
  if (channel === "email") return UNREAD_EMAIL_CALL_SECONDS;
  return NUDGE_SECONDS[nudges] ?? UNREAD_CALL_SECONDS;
}

/** When something must happen next to an alert, now at the earliest; null: never. */
export function nextStepAt(tried: TriedAlert): Date | null {
  const { alert, now } = tried;
  const steps = [
    UNKNOWN_TASK_SECONDS,
    ...NUDGE_SECONDS,
    UNREAD_EMAIL_CALL_SECONDS,
    CARRIER_SILENCE_SECONDS,
    UNREAD_CALL_SECONDS,
  ];
  const from = Date.parse(alert.sentAt ?? alert.claimedAt ?? alert.createdAt);
  const later = steps.map((seconds) => new Date(from + seconds * 1000)).filter((at) => at > now);
  return (
    [now, ...later]
      .toSorted((one, other) => one.getTime() - other.getTime())
      .find((at) => judgeSent({ ...tried, now: at }).kind !== "done") ?? null
  );
}
