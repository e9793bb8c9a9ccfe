import type { Role } from "./roles.ts";

/** What a person is asked to do. */
export const TASK_KINDS = [
  /** Answer what a patient wrote. */
  "reply",
  /** Read at once what a patient wrote: it hints at self-harm or an emergency. */
  "urgent-reply",
  /** Call the patient: no text arrives, or none may be sent in time. */
  "call",
  /** Find out whether a text left; nobody can say. */
  "unknown-send",
  /** Somebody texted from a number that no patient has. */
  "unknown-sender",
  /** A number of several patients stopped or wrote; say whom it concerns. */
  "shared-number",
  /** Somebody says that a number is not the patient's: a misdirected text (45 CFR 164.402). */
  "wrong-number",
  /** Somebody asked in words of their own for no more texts; check that it was read rightly. */
  "opt-out-review",
  /** A number asked for texts again, and the carrier's list does not let it go (once in 30 days). */
  "number-not-lifted",
  /** A carrier refuses texts to a number, or their words; the reason tells which. Confirm or change the number. */
  "text-refused",
  /** A link died of wrong proofs: ask the patient, and tell whether somebody else tried. */
  "proof-failed",
  /** A file of a message was refused or never arrived; the reason tells which. Somebody must ask for it or send it again. */
  "attachment-refused",
  /** A patient answered a reminder with 2: agree on another time for the visit. */
  "visit-change",
] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

const ROLES_OF: Readonly<Record<TaskKind, readonly Role[]>> = {
  reply: ["clinician", "frontdesk"],
  "urgent-reply": ["clinician", "frontdesk", "compliance"],
  call: ["frontdesk", "clinician"],
  "unknown-send": ["frontdesk", "clinician"],
  "unknown-sender": ["frontdesk", "clinician"],
  "shared-number": ["frontdesk", "clinician"],
  "wrong-number": ["compliance", "frontdesk"],
  "opt-out-review": ["frontdesk", "compliance"],
  "number-not-lifted": ["frontdesk", "compliance"],
  "text-refused": ["frontdesk", "compliance"],
  "proof-failed": ["frontdesk", "compliance"],
  "attachment-refused": ["frontdesk", "clinician"],
  "visit-change": ["frontdesk", "clinician"],
};

/** Who sees and completes tasks of a kind. */
export function rolesFor(kind: TaskKind): readonly Role[] {
  return ROLES_OF[kind];
}

/** The kinds that somebody with these roles sees and completes. */
export function kindsFor(roles: readonly Role[]): readonly TaskKind[] {
  return TASK_KINDS.filter((kind) => ROLES_OF[kind].some((role) => roles.includes(role)));
}

/** What came of a task that somebody completed. */
export const TASK_OUTCOMES = ["done", "not-needed", "reached", "not-reached"] as const;
export type TaskOutcome = (typeof TASK_OUTCOMES)[number];
