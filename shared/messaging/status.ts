import type { ReadSnapshot } from "../audit/journal.ts";
import type { MessageStore, PatientStore } from "./ports.ts";
import type { AlertRecord, MessageRecord } from "./records.ts";

/** A message without its words, with its alert. */
export interface MessageState {
  readonly message: MessageRecord;
  readonly alert: AlertRecord | null;
}

/** What reading states needs. */
export interface StatusPorts {
  readonly read: ReadSnapshot;
  readonly messages: MessageStore;
  readonly patients: PatientStore;
  /** A patient's messages, newest first, after a message id. */
  readonly pageOfMessages: (
    patientId: string,
    limit: number,
    after: string | null,
  ) => Promise<{ readonly items: readonly MessageRecord[]; readonly next: string | null }>;
}

/** The state of one message; undefined where there is none. */
export function createReadStatus({ read, messages }: StatusPorts) {
  return async (messageId: string): Promise<MessageState | undefined> => {
    const [owner] = await read(messages.owner(messageId));
    if (owner === undefined) return undefined;
    const [message] = await read(messages.message(owner.patientId, messageId));
    if (message === undefined) return undefined;
    if (message.alertId === null) return { message, alert: null };
    const [alert] = await read(messages.alert(owner.patientId, message.alertId));
    return { message, alert: alert ?? null };
  };
}

/** States of a patient's messages, newest first; undefined where there is no such patient. */
export function createListStatuses({ read, messages, patients, pageOfMessages }: StatusPorts) {
  return async (patientId: string, limit: number, after: string | null) => {
    const [patient] = await read(patients.patient(patientId));
    if (patient === undefined) return undefined;
    const page = await pageOfMessages(patientId, limit, after);
    const alertIds = page.items.flatMap(({ alertId }) => (alertId === null ? [] : [alertId]));
    const alerts =
      alertIds.length === 0 ? [] : await read(...alertIds.map((id) => messages.alert(patientId, id)));
    const byId = new Map(alerts.flatMap((alert) => (alert ? [[alert.id, alert]] : [])));
    return {
      items: page.items.map((message) => ({
        message,
        alert: message.alertId === null ? null : (byId.get(message.alertId) ?? null),
      })),
      next: page.next,
    };
  };
}
