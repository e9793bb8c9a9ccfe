import type { Write } from "../audit/journal.ts";
import { refusalOf } from "../consent/decide.ts";
import { languageFor } from "../consent/preferences.ts";
import { emailTemplateFor, emailTemplateName } from "../domain/alerts/email.ts";
import { NOT_AN_ANSWER, REQUEST_LOST_AFTER_SECONDS, secondsAfter } from "../messaging/new-alert.ts";
import type { AlertRecord } from "../messaging/records.ts";
import { dueBefore, replyDueAt } from "../tasks/due.ts";
import { newTask } from "../tasks/records.ts";
import type { AlertingPorts } from "./ports.ts";
import type { Situation } from "./situation.ts";
import { NUDGE_SECONDS } from "./times.ts";
import { untoldVisit } from "./visits.ts";

/** What is started because a text does not reach the patient. */
export interface OtherWay {
  readonly writes: readonly Write[];
  /** What the alert keeps of it. */
  readonly set: Pick<AlertRecord, "taskId"> | Pick<AlertRecord, "fallbackId">;
  /** The e-mail to ask for once it is written. */
  readonly alert: AlertRecord | null;
}

/** Asks a person to call the patient, in office hours, and before the visit that a reminder was to tell of. */
export function callPatient(
  ports: Pick<AlertingPorts, "tasks" | "newId" | "now">,
  situation: Pick<Situation, "alert" | "settings" | "visitDay">,
  reason: string,
): OtherWay {
  const { alert, settings, visitDay } = situation;
  const at = ports.now();
  const visitAt = untoldVisit(alert, visitDay, at);
  const dueAt = visitAt === null ? replyDueAt(at, settings) : dueBefore(visitAt, at, settings);
  const taskId = ports.newId("tsk", at);
  const { id: alertId, patientId, messageId, threadId } = alert;
  const task = newTask(
    {
      id: taskId,
      kind: "call",
      dueAt: dueAt.toISOString(),
      patientId,
      messageId,
      threadId,
      alertId,
      reason,
    },
    at,
  );
  return { writes: [ports.tasks.addTask(task)], set: { taskId }, alert: null };
}

/**
 * Another way to the patient: an e-mail, where the stage sends any and the patient agreed to them for
 * this purpose; else a call.
 */
export function otherWayOf(ports: AlertingPorts, situation: Situation, reason: string): OtherWay {
  const { alert, patient, vendor, emailConsent, preferences } = situation;
  const { purpose, messageId } = alert;
  const now = ports.now();
  const mayEmail =
    ports.sendEmail !== null &&
    alert.channel === "sms" &&
    patient?.email != null &&
    purpose !== null &&
    refusalOf({ patient, consent: emailConsent, vendor, purpose, channel: "email", now }) === null;
  if (!mayEmail || emailConsent === undefined || messageId === null) {
    return callPatient(ports, situation, reason);
  }
  const language = languageFor(alert, preferences);
  const email: AlertRecord = {
    ...alert,
    ...NOT_AN_ANSWER,
    id: ports.newId("alr", now),
    kind: "message",
    channel: "email",
    queue: "bulk",
    status: "queued",
    reason: null,
    template: emailTemplateName(emailTemplateFor("message", language)),
    language,
    consentId: emailConsent.consentId,
    createdAt: now.toISOString(),
    linkLookup: null,
    claimedAt: null,
    sentAt: null,
    providerMessageId: null,
    dueAt: secondsAfter(now, REQUEST_LOST_AFTER_SECONDS),
    // No nudges by e-mail: the next step is a call.
    nudges: NUDGE_SECONDS.length,
  };
  return {
    writes: [
      ...ports.messages.addAlert(email),
      ports.messages.pointToAlert({ patientId: alert.patientId, id: messageId }, email.id),
    ],
    set: { fallbackId: email.id },
    alert: email,
  };
}
