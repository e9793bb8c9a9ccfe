/**
 * What an entry says was shown to somebody: words of a thread; names, birth date and contact details; that the
 * practice knows a person; what was agreed to; what the audit itself says; a list without content.
 */
export const SHOWN = ["content", "contact", "identity", "consent", "record", "list"] as const;
export type Shown = (typeof SHOWN)[number];

/** How an action counts in reports, and what it says to somebody who reads them. */
export interface ActionClass {
  readonly says: string;
  /** Absent: nobody was shown anything. */
  readonly shows?: Shown;
  /** Absent: a change or a step of the machinery. */
  readonly counts?: "sign-in" | "export" | "refused";
}

/** Every action that the code writes. One that is not here is reported as unknown, never left out. */
export const ACTIONS: Readonly<Record<string, ActionClass>> = {
  "access-review.signed-off": { says: "signed off a monthly access review" },
  "alert.blocked": { says: "did not send an alert" },
  "alert.claimed": { says: "is about to send a text or e-mail" },
  "alert.deferred": { says: "put an alert off" },
  "alert.delivered": { says: "learnt that a text or e-mail arrived" },
  "alert.failed": { says: "learnt that a text or e-mail did not arrive" },
  "alert.looked-at": { says: "looked at an alert that was sent" },
  "alert.refused": { says: "was refused a new link", counts: "refused" },
  "alert.requested": { says: "asked for a new link" },
  "alert.sent": { says: "sent a text or e-mail" },
  "alert.unknown": { says: "does not know whether a text left" },
  "anchor.begun": { says: "is about to sign an anchor" },
  "anchor.signed": { says: "signed an anchor" },
  "appointment.booked": { says: "put a visit on record" },
  "appointment.cancelled": { says: "recorded that a visit is cancelled" },
  "appointment.changed": { says: "changed a visit" },
  "appointment.read": { says: "read when and where a visit is", shows: "identity" },
  "appointment.removed": { says: "took a visit off the record" },
  "appointments.listed": { says: "listed visits of a day", shows: "list" },
  "approval.requested": { says: "asked a second person for approval" },
  "attachment.arrived": { says: "found an uploaded file to look into" },
  "attachment.checked": { says: "looked into an uploaded file" },
  "attachment.erased": { says: "erased a file" },
  "attachment.opened": { says: "opened a file", shows: "content" },
  "attachment.overdue": { says: "found that a sent file had not come in, or not been looked into" },
  "attachment.removed": { says: "took a file away before it was sent" },
  "attachment.requested": { says: "asked to upload a file" },
  "attachments.listed": { says: "saw the names of files to be sent", shows: "content" },
  "audit.export-failed": { says: "could not export tables" },
  "audit.export-requested": { says: "asked for an export of tables" },
  "audit.exported": { says: "exported tables", counts: "export" },
  "audit.read": { says: "read audit entries", shows: "record" },
  "call.asked": { says: "asked staff to call" },
  "code.requested": { says: "proved the date of birth and asked for a code" },
  "consent.asked": { says: "asked by text for consent" },
  "consent.asking-refused": { says: "was refused to ask for consent", counts: "refused" },
  "consent.granted": { says: "recorded a consent" },
  "consent.opt-out-repeated": { says: "recorded an opt-out that held already" },
  "consent.read": { says: "read consents", shows: "consent" },
  "consent.revoked": { says: "recorded a revocation" },
  "device.forgotten": { says: "forgot remembered devices" },
  "directory.approved": { says: "approved names that texts may carry" },
  "directory.changed": { says: "changed the practice's settings and directory" },
  "directory.declined": { says: "declined names for texts" },
  "directory.withdrawn": { says: "took back names that texts could carry" },
  "email.asked": { says: "asked for an e-mail in a text's place" },
  "import.finished": { says: "finished an import of a file" },
  "import.requested": { says: "asked to import a file" },
  "link.disowned": { says: "learnt in the portal that a number or address is not the patient's" },
  "link.died": { says: "failed a proof for the last time; the link is dead", counts: "refused" },
  "links.revoked": { says: "killed links, sessions and remembered devices" },
  "message.accepted": { says: "sent a message" },
  "message.refused": { says: "was refused to send a message", counts: "refused" },
  "message.revoked": { says: "revoked a message" },
  "note.added": { says: "added a note" },
  "nudge.asked": { says: "asked for a reminder of an unread message" },
  "number.left-unlisted": { says: "left a number off the carrier's list" },
  "number.listed": { says: "put a number on the carrier's list" },
  "number.stopped": { says: "learnt from the carrier that a number wants no texts" },
  "opt-outs.reconciled": { says: "compared opt-outs with the carrier's list" },
  // The answer holds all details as they are now.
  "patient.changed": { says: "changed and saw the patient's details", shows: "contact" },
  "patient.compared": { says: "compared the patient's details with an imported file", shows: "identity" },
  "patient.looked-up": { says: "looked a patient up", shows: "identity" },
  "patient.read": { says: "read the patient's details", shows: "contact" },
  "patient.registered": { says: "registered a patient" },
  "pin.removed": { says: "removed a PIN" },
  "pin.set": { says: "set a PIN" },
  "practice.changed": { says: "changed the practice's settings" },
  "practice.switched": { says: "turned a switch" },
  "preferences.changed": { says: "changed language or quiet hours" },
  "preferences.read": { says: "read the patient's preferences", shows: "consent" },
  "proof.failed": { says: "failed a proof", counts: "refused" },
  "proof.passed": { says: "proved the date of birth" },
  "reply.written": { says: "wrote in the portal" },
  "report.given": { says: "was given a report", shows: "record" },
  "session.locked": { says: "locked the portal" },
  "session.opened": { says: "opened the portal" },
  "session.started": { says: "signed in", counts: "sign-in" },
  "task.completed": { says: "completed a task" },
  "task.escalated": { says: "noted a task as late" },
  "task.opened": { says: "opened a task" },
  "tasks.listed": { says: "listed tasks", shows: "list" },
  "template.approved": { says: "approved a template" },
  "template.declined": { says: "declined a template" },
  "template.withdrawn": { says: "took a template out of use" },
  "template.written": { says: "wrote a template" },
  "text.received": { says: "received a text" },
  "thread.changed": { says: "assigned, opened or closed a thread" },
  "thread.read": { says: "read messages of a thread", shows: "content" },
  "threads.listed": { says: "listed threads", shows: "list" },
  "vendor.changed": { says: "changed a vendor's agreement" },
};

/** Break-glass: access in an emergency (45 CFR 164.312(a)(2)(ii)). */
const EMERGENCY_PREFIX = "emergency-access.";

/** True for an entry about access in an emergency. */
export function isEmergency(action: string): boolean {
  return action.startsWith(EMERGENCY_PREFIX);
}

/** How an action counts; undefined for one that is not known here. */
export function classOf(action: string): ActionClass | undefined {
  if (Object.hasOwn(ACTIONS, action)) return ACTIONS[action];
  return isEmergency(action) ? { says: "used access in an emergency" } : undefined;
}
