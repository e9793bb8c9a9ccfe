import type { AuditValue, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import type { ConsentRecord } from "../consent/records.ts";
import type { AlertStatus } from "../domain/words.ts";
import { secondsAfter } from "../messaging/new-alert.ts";
import type { AlertRecord } from "../messaging/records.ts";
import { newNumber } from "../numbers/new-number.ts";
import type { NumberRecord } from "../numbers/records.ts";
import { deliverableAgain, undeliverable } from "../numbers/undeliverable.ts";
import type { PatientRecord } from "../patients/records.ts";
import { newTask, type TaskRecord } from "../tasks/records.ts";
import { type EndLinksPorts, endLinks } from "./end-links.ts";

/** What a refused text leads to needs. */
export interface RefusedNumberPorts extends EndLinksPorts {
  readonly read: ReadSnapshot;
  readonly patients: { patient(id: string): Lookup<PatientRecord> };
  readonly consents: { entry(patientId: string, consentId: string): Lookup<ConsentRecord> };
  readonly numbers: {
    number(index: string): Lookup<NumberRecord>;
    setNumber(number: NumberRecord): Write;
  };
  readonly tasks: { addTask(task: TaskRecord): Write };
  /** The newest alerts of a patient or a number, newest first, and as many as are needed to see a row of three. */
  readonly newestAlerts: (patientId: string) => Promise<readonly AlertRecord[]>;
  readonly newId: (prefix: "nbr" | "tsk", now?: Date) => string;
}

/** What goes into the transaction that records a report, and into its entry. */
export interface Consequence {
  readonly writes: readonly Write[];
  readonly details: Readonly<Record<string, AuditValue>>;
}

/** What reports say of the number itself: no text ever reaches it. */
const INVALID_NUMBER = "invalid_number";
const OF_THE_NUMBER = new Set<string | null>(["blocked", INVALID_NUMBER]);
/** What reports say of a text's words or its sender. */
const OF_THE_CONTENT = new Set<string | null>(["carrier_blocked", "spam"]);
const IN_A_ROW_MAX = 3;
const TRIED = new Set<AlertStatus>(["sent", "delivered", "failed", "unknown", "opened"]);
/** A person has this long to find out about a number. */
const TASK_SECONDS = 24 * 60 * 60;

const NOTHING: Consequence = { writes: [], details: {} };

/** Whether a text that failed for `reason` tells that its number takes none. */
export function tellsOfNumber(reason: string | null): boolean {
  return OF_THE_NUMBER.has(reason);
}

/**
 * What follows from a text that a carrier refused. A number that is invalid or blocks texts gets no
 * more, and a person is asked. What a carrier holds against the words is no fault of the number: a
 * person is asked, and only the third in a row stops texts there.
 */
export function createRefusedNumber(ports: RefusedNumberPorts) {
  const { read, patients, consents, numbers, tasks, newId, now } = ports;

  /** The number that the alert went to; undefined where the patient has another one by now. */
  async function numberOf(alert: AlertRecord): Promise<NumberRecord | undefined> {
    if (alert.numberIndex !== null) return (await read(numbers.number(alert.numberIndex)))[0];
    const [patient, grant] = await read(
      patients.patient(alert.patientId),
      consents.entry(alert.patientId, alert.consentId ?? "none"),
    );
    if (patient === undefined || patient.numberIndex === null) return undefined;
    if (alert.consentId !== null && grant?.contactId !== patient.numberId) return undefined;
    const [number] = await read(numbers.number(patient.numberIndex));
    // The question rests on no consent; the number remembers which it was.
    if (alert.consentId === null) return number?.asked?.alertId === alert.id ? number : undefined;
    return number ?? newNumber(newId("nbr", now()), patient.numberIndex, patient.language);
  }

  /** How many texts before this one were refused for their words without one that was not. */
  async function contentRefusalsBefore(alert: AlertRecord): Promise<number> {
    const before = (await ports.newestAlerts(alert.patientId)).filter(
      ({ id, channel, status }) => id < alert.id && channel === "sms" && TRIED.has(status),
    );
    const end = before.findIndex(({ status, reason }) => status !== "failed" || !OF_THE_CONTENT.has(reason));
    return end === -1 ? before.length : end;
  }

  function ask(alert: AlertRecord, reason: string, number: NumberRecord | undefined): Consequence {
    const at = now();
    const patientId = alert.numberIndex === null ? alert.patientId : alert.concerns;
    const { id: alertId, messageId, threadId } = alert;
    const task = newTask(
      {
        id: newId("tsk", at),
        kind: "text-refused",
        dueAt: secondsAfter(at, TASK_SECONDS),
        patientId,
        messageId,
        threadId,
        alertId,
        numberId: number?.id ?? null,
        reason,
      },
      at,
    );
    return { writes: [tasks.addTask(task)], details: { refusedTaskId: task.id } };
  }

  async function stopTexts(
    alert: AlertRecord,
    number: NumberRecord | undefined,
    reason: string,
  ): Promise<Consequence> {
    // The patient has another number, or nobody needs to be told once more.
    if (number === undefined || number.undeliverable !== null) return NOTHING;
    const asked = ask(alert, reason, number);
    const patientId = alert.numberIndex === null ? alert.patientId : alert.concerns;
    // Who blocks texts still has the phone; a number that is none any more may be given to somebody else.
    const ended =
      reason === INVALID_NUMBER && patientId !== null ? await endLinks(ports, patientId) : NOTHING;
    return {
      writes: [numbers.setNumber(undeliverable(number, reason, now())), ...asked.writes, ...ended.writes],
      details: { ...asked.details, ...ended.details, numberId: number.id, undeliverable: reason },
    };
  }

  return {
    /** What follows from the alert failing for `reason`. */
    async refused(alert: AlertRecord, reason: string | null): Promise<Consequence> {
      if (alert.channel !== "sms" || reason === null) return NOTHING;
      if (tellsOfNumber(reason)) return stopTexts(alert, await numberOf(alert), reason);
      if (!OF_THE_CONTENT.has(reason)) return NOTHING;
      const before = await contentRefusalsBefore(alert);
      if (before === 0) return ask(alert, reason, await numberOf(alert));
      return before + 1 < IN_A_ROW_MAX ? NOTHING : stopTexts(alert, await numberOf(alert), "content_refused");
    },
    /** What follows from a success after a failure that was held against the number: it takes texts. */
    async believed(alert: AlertRecord): Promise<Consequence> {
      const again = deliverableAgain(await numberOf(alert));
      if (again === undefined) return NOTHING;
      return { writes: [numbers.setNumber(again)], details: { numberId: again.id, undeliverable: null } };
    },
  };
}
