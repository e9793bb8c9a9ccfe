import type { VisitKind } from "../domain/alerts/kinds.ts";
import { newestTemplateName } from "../domain/alerts/template-names.ts";
import type { Language } from "../domain/words.ts";
import { NOT_AN_ANSWER } from "../messaging/new-alert.ts";
import type { AlertRecord, SlotReferences } from "../messaging/records.ts";

/** What a text about visits is about. */
export interface NewVisitAlert {
  readonly id: string;
  readonly patientId: string;
  readonly kind: VisitKind;
  readonly day: string;
  /** Hours before the day's first visit; null for a notice. */
  readonly offsetHours: number | null;
  readonly language: Language;
  /** Who put the visit. */
  readonly sender: string;
  readonly createdAt: Date;
  /** Not before, ISO 8601 UTC. */
  readonly at: string;
  readonly expiresAt: string;
  /** Of a notice: its own visit, which the day may no longer have. */
  readonly slots: SlotReferences | null;
}

/**
 * A text about visits that waits for its time. Whether the patient consents is looked at when it is sent, as are language
 * and wording then in force.
 */
export function newVisitAlert(visit: NewVisitAlert): AlertRecord {
  const { id, patientId, kind, day, offsetHours, language, sender, createdAt, at, expiresAt, slots } = visit;
  return {
    id,
    patientId,
    kind,
    messageId: null,
    threadId: null,
    purpose: "scheduling",
    sender,
    channel: "sms",
    status: "deferred",
    reason: "not_due",
    template: newestTemplateName(kind),
    language,
    tier: 1,
    consentId: null,
    queue: "bulk",
    createdAt: createdAt.toISOString(),
    expiresAt,
    linkLookup: null,
    claimedAt: null,
    sentAt: null,
    providerMessageId: null,
    dueAt: at,
    ...NOT_AN_ANSWER,
    heldUntil: at,
    visitDay: day,
    offsetHours,
    slots,
  };
}
