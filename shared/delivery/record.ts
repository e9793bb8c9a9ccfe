import type { Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import type { AlertRecord } from "../messaging/records.ts";
import { outcomeOf } from "./outcomes.ts";

/** What of a carrier's event is used; the rest, the phone number above all, is left where it is. */
export interface DeliveryEvent {
  readonly eventType: string;
  /** False while the carrier may still report something else. */
  readonly isFinal: boolean;
  /** The provider's id of the text. */
  readonly providerMessageId: string;
  /** Our context, where the event carries it. */
  readonly alertId: string | null;
}

/** What recording deliveries needs. */
export interface DeliveryPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly messages: {
    owner(id: string): Lookup<{ readonly patientId: string }>;
    byProviderMessage(id: string): Lookup<{ readonly patientId: string; readonly alertId: string }>;
    alert(patientId: string, id: string): Lookup<AlertRecord>;
    moveAlert(alert: AlertRecord, from: readonly AlertRecord["status"][], set: Partial<AlertRecord>): Write;
  };
}

/** What became of an event. */
export type DeliveryResult = "recorded" | "nothing-new" | "not-ours";

const RACES_MAX = 4;

/** Records what a carrier reports of a text; repeated and late events change nothing. */
export function createRecordDelivery({ read, journal, messages }: DeliveryPorts) {
  async function find(event: DeliveryEvent) {
    if (event.alertId !== null) {
      const [owner] = await read(messages.owner(event.alertId));
      return owner === undefined ? undefined : { ...owner, alertId: event.alertId };
    }
    const [reference] = await read(messages.byProviderMessage(event.providerMessageId));
    return reference;
  }

  return async (event: DeliveryEvent, requestId: string): Promise<DeliveryResult> => {
    const outcome = outcomeOf(event.eventType, event.isFinal);
    const found = await find(event);
    if (found === undefined) return "not-ours";
    if (outcome === null) return "nothing-new";
    const { patientId, alertId } = found;
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const [alert, head] = await read(
        messages.alert(patientId, alertId),
        journal.head({ patientId, actor: "function:record-delivery" }),
      );
      if (alert === undefined) return "not-ours";
      if (!outcome.from.includes(alert.status)) return "nothing-new";
      const { status, reason, from } = outcome;
      const moved = await journal.commit(
        {
          action: `alert.${status}`,
          actor: "function:record-delivery",
          role: "function",
          patientId,
          purpose: alert.purpose,
          requestId,
          details: {
            alertId,
            messageId: alert.messageId,
            eventType: event.eventType,
            providerMessageId: event.providerMessageId,
            reason,
          },
        },
        [
          messages.moveAlert(alert, from, {
            status,
            reason,
            providerMessageId: event.providerMessageId,
            dueAt: null,
          }),
        ],
        head ?? null,
      );
      if (moved.kind === "committed") return "recorded";
    }
    throw new Error("the alert stayed contended");
  };
}
