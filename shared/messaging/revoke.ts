import type { Asking, Journal, ReadSnapshot, Write } from "../audit/journal.ts";
import { type ConsentRefusal, refusalOf } from "../consent/decide.ts";
import { languageFor } from "../consent/preferences.ts";
import { ALERT_VENDOR } from "../domain/vendors.ts";
import {
  type KeyedRequest,
  type RequestMemory,
  recall,
  remembering,
  slotOf,
} from "../idempotency/idempotency.ts";
import { endSteps, UNSENT } from "./end-steps.ts";
import { newMessageAlert } from "./new-alert.ts";
import type { ConsentStore, MessageStore, PatientStore, PracticeStore } from "./ports.ts";
import type { AlertRecord, MessageRecord, NoteRecord } from "./records.ts";

/** What revoking a message and sending a new link need. */
export interface LinkPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly memory: RequestMemory;
  readonly messages: MessageStore & {
    /** Kills every link of the message that was made before `before`. */
    revokeMessage(patientId: string, messageId: string, before: string): Write[];
    /** Gives a thread another version: what it shows has changed. */
    bumpThread(patientId: string, threadId: string): Write;
    /** Makes an alert the one that the message's state speaks of. */
    pointToAlert(message: MessageRecord, alertId: string): Write;
    addNote(patientId: string, note: NoteRecord): Write[];
  };
  readonly patients: PatientStore;
  readonly consents: ConsentStore;
  readonly practice: PracticeStore;
  readonly requestAlert: (alert: AlertRecord) => Promise<void>;
  /** Seals words of staff under a fresh data key that the writer cannot open again. */
  readonly sealNote: (
    patientId: string,
    noteId: string,
    text: string,
  ) => Promise<{ readonly content: Uint8Array; readonly keyWrite: Write }>;
  readonly newId: (prefix: "alr" | "not", now?: Date) => string;
  readonly now: () => Date;
}

const RACES_MAX = 4;

/**
 * Kills every link of a message at once, sent or not; false where there is no such message. The
 * reason becomes a note on the thread, sealed like every word of staff.
 */
export function createRevokeMessage({ read, journal, messages, sealNote, newId, now }: LinkPorts) {
  return async (messageId: string, reason: string, asking: Asking): Promise<boolean> => {
    const [owner] = await read(messages.owner(messageId));
    if (owner === undefined) return false;
    const { patientId } = owner;
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const [message, head] = await read(
        messages.message(patientId, messageId),
        journal.head({ patientId, actor: asking.actor }),
      );
      if (message === undefined) return false;
      const [alert] = message.alertId === null ? [] : await read(messages.alert(patientId, message.alertId));
      const waits = alert !== undefined && UNSENT.includes(alert.status);
      const at = now();
      const noteId = newId("not", at);
      const sealed = await sealNote(patientId, noteId, reason);
      const outcome = await journal.commit(
        {
          ...asking,
          action: "message.revoked",
          patientId,
          purpose: message.purpose,
          details: { messageId, noteId, stoppedAlert: waits },
        },
        [
          ...messages.revokeMessage(patientId, messageId, at.toISOString()),
          messages.bumpThread(patientId, message.threadId),
          ...messages.addNote(patientId, {
            id: noteId,
            threadId: message.threadId,
            author: asking.actor,
            createdAt: at.toISOString(),
            content: sealed.content,
          }),
          sealed.keyWrite,
          ...(waits
            ? [messages.moveAlert(alert, UNSENT, { status: "blocked", reason: "revoked", dueAt: null })]
            : []),
        ],
        head ?? null,
      );
      // A conflict means that the alert left in the meantime: its link dies like the others.
      if (outcome.kind === "committed") return true;
    }
    throw new Error("the message stayed contended; nothing was revoked");
  };
}

/** What came of asking for a new link. */
export type NewAlertOutcome =
  | { readonly kind: "requested"; readonly alertId: string }
  | { readonly kind: "refused"; readonly reason: ConsentRefusal }
  | { readonly kind: "unknown" }
  | { readonly kind: "revoked" }
  | { readonly kind: "idempotency-conflict" };

/** Sends a new link for a message, under the same rules as the first. */
export function createAlertAgain(ports: LinkPorts) {
  const { read, journal, memory, messages, patients, consents, practice, newId, now } = ports;
  return async (messageId: string, asking: Asking, keyed: KeyedRequest | null): Promise<NewAlertOutcome> => {
    const [owner] = await read(messages.owner(messageId));
    if (owner === undefined) return { kind: "unknown" };
    const { patientId } = owner;
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const [message, remembered] = await read(
        messages.message(patientId, messageId),
        memory.remembered(slotOf(keyed)),
      );
      if (message === undefined) return { kind: "unknown" };
      if (message.revokedAt !== null) return { kind: "revoked" };
      const known = recall<{ readonly alertId: string }>(keyed, remembered);
      if (known.kind === "conflict") return { kind: "idempotency-conflict" };
      if (known.kind === "same") return { kind: "requested", alertId: known.answer.alertId };
      const [patient, preferences, consent, vendor, head] = await read(
        patients.patient(patientId),
        consents.preferences(patientId),
        consents.state(patientId, message.purpose, "sms"),
        practice.vendor(ALERT_VENDOR),
        journal.head({ patientId, actor: asking.actor }),
      );
      if (patient === undefined) return { kind: "unknown" };
      const at = now();
      const { purpose } = message;
      const refusal = refusalOf({ patient, consent, vendor, purpose, channel: "sms", now: at });
      if (refusal !== null || consent === undefined) {
        const reason = refusal ?? "consent_required";
        await journal.record(
          {
            ...asking,
            action: "alert.refused",
            patientId,
            purpose,
            details: { messageId, reason },
          },
          head ?? null,
        );
        return { kind: "refused", reason };
      }
      const alert: AlertRecord = {
        ...newMessageAlert(newId("alr", at), message, {
          consent,
          language: languageFor(patient, preferences),
          at,
        }),
        // Somebody waits for it, on the telephone or at the counter.
        queue: "urgent",
      };
      const [replaced] =
        message.alertId === null ? [] : await read(messages.alert(patientId, message.alertId));
      const outcome = await journal.commit(
        {
          ...asking,
          action: "alert.requested",
          patientId,
          purpose,
          details: { messageId, alertId: alert.id },
        },
        [
          ...messages.addAlert(alert),
          messages.pointToAlert(message, alert.id),
          ...(replaced === undefined ? [] : [endSteps(messages, replaced, alert.id)]),
          ...remembering(memory, keyed, { alertId: alert.id }, at),
        ],
        head ?? null,
      );
      if (outcome.kind === "committed") {
        await ports.requestAlert(alert);
        return { kind: "requested", alertId: alert.id };
      }
    }
    throw new Error("the alert could not be added");
  };
}
