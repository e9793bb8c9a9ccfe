import type { AlertKind } from "../domain/alerts/kinds.ts";
import type { AlertStatus, Channel, Language, Purpose, ThreadState, Tier } from "../domain/words.ts";

/** The stored form of a decision receipt: nothing in it is clinical (DESIGN §3.1). */
export interface StoredReceipt {
  readonly tier: Tier;
  readonly classifierVersion: string;
  readonly reasonCount: number;
  /** Which voices spoke: those of the classifier, and `reader` where the second reader raised the tier. */
  readonly voices: readonly string[];
  /** The tier that the caller asked for at least, where it asked. */
  readonly minimumTier: Tier | null;
  /** The consent that allowed the alert; null for a message without one. */
  readonly consentId: string | null;
  /** `id@version` of the alert's template; null for a message without an alert. */
  readonly template: string | null;
  readonly channel: Channel | null;
}

/** A message as stored: its words are sealed. */
export interface MessageRecord {
  readonly id: string;
  readonly patientId: string;
  readonly threadId: string;
  readonly alertId: string | null;
  readonly purpose: Purpose;
  readonly tier: Tier;
  readonly sender: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly receipt: StoredReceipt;
  /** When it was revoked; from then on the patient does not see it. */
  readonly revokedAt: string | null;
  /** Where the patient wrote it; null for what the practice wrote. */
  readonly via: "portal" | "text" | null;
  /**
   * Of what came from a patient: whether date of birth or PIN were given for the session that it was written in,
   * as they are for no text; null for what the practice wrote, and of what is older than this mark.
   */
  readonly proven: boolean | null;
  /** Of the patient's own: when somebody of the practice who may read it first opened its thread. */
  readonly seenAt: string | null;
  /** Photos and documents that came with it. */
  readonly attachmentIds: readonly string[];
  /** Sealed {@link MessageContent}. */
  readonly content: Uint8Array;
}

/** What only the content plane may read. */
export interface MessageContent {
  /** The tier once more, where only the writer could set it: who can write to the table cannot lower it. */
  readonly tier: Tier;
  readonly subject: string | null;
  readonly body: string;
  /** The caller's own reference. */
  readonly reference: string | null;
  /** Why the classifier decided as it did; clinical, so it is sealed with the body. */
  readonly reasons: readonly SealedReason[];
}

/** A classifier reason as kept with the body. */
export interface SealedReason {
  readonly rule: string;
  readonly category: string;
  readonly start: number;
  readonly end: number;
}

/** A conversation with one patient. */
export interface ThreadRecord {
  readonly id: string;
  /** `pat_…`; `nbr_…` where nobody knows yet who texted from a number. */
  readonly patientId: string;
  readonly threadState: ThreadState;
  /** When it entered its state. */
  readonly stateSince: string;
  readonly assignee: string | null;
  /** The highest tier of anything in it: what the portal asks proof for. */
  readonly highestTier: Tier;
  readonly createdAt: string;
  /** The open task to answer what the patient wrote last. */
  readonly replyTaskId: string | null;
  readonly version: number;
}

/** An internal note of staff; never shown to the patient. */
export interface NoteRecord {
  readonly id: string;
  readonly threadId: string;
  readonly author: string;
  readonly createdAt: string;
  /** Sealed `{ text }`. */
  readonly content: Uint8Array;
}

/** A text or e-mail to a patient, or to a number that texted the practice. */
export interface AlertRecord {
  readonly id: string;
  /** Whose it is: `pat_…`, or `nbr_…` for a text that answers a number. */
  readonly patientId: string;
  readonly kind: AlertKind;
  /** Null where it tells of no message. */
  readonly messageId: string | null;
  readonly threadId: string | null;
  /** Null for answers to a number. */
  readonly purpose: Purpose | null;
  /** Who wrote what it tells of, `staff_…` or `client_…`; null where it tells of no message. */
  readonly sender: string | null;
  readonly channel: Channel;
  readonly status: AlertStatus;
  /** Why it is blocked, deferred, unknown or failed. */
  readonly reason: string | null;
  /** `id@version`. */
  readonly template: string;
  readonly language: Language;
  readonly tier: Tier;
  /** The consent it rests on; null where its kind needs none. */
  readonly consentId: string | null;
  readonly queue: "urgent" | "bulk";
  readonly createdAt: string;
  /** After this it is never sent. */
  readonly expiresAt: string | null;
  /** Where the link's record is, once minted (`message`) or from the start (`code`). */
  readonly linkLookup: string | null;
  readonly claimedAt: string | null;
  readonly sentAt: string | null;
  readonly providerMessageId: string | null;
  /** When `remind` looks at it; absent once nothing more must happen. */
  readonly dueAt: string | null;
  /** For answers: the blind index of the number, and the one patient who has it (null: none, or several). */
  readonly numberIndex: string | null;
  readonly concerns: string | null;
  /** What the carrier's opt-out list must learn with it, until that is done. */
  readonly optOutList: "list" | "lift" | null;
  /** Nudges made for it so far; for a nudge, which one it is. */
  readonly nudges: number;
  /** The task that asks a person to look at it, once there is one. */
  readonly taskId: string | null;
  /** The e-mail that was sent instead of it. */
  readonly fallbackId: string | null;
  /** It tells of an answer to what the patient wrote; caps do not hold it back. */
  readonly repliesToPatient: boolean;
  /** A deferred alert is not tried before. */
  readonly heldUntil: string | null;
  /** The local day (YYYY-MM-DD) whose visits it tells of; null where it tells of none. */
  readonly visitDay: string | null;
  /** Of a reminder: how many hours before the day's first visit it is due. */
  readonly offsetHours: number | null;
  /** What fills the slots of a chosen template, by reference; null where its kind says it all. */
  readonly slots: SlotReferences | null;
}

/** What a text may name beside the practice: ids of the directory, and a moment. Never words. */
export interface SlotReferences {
  readonly location: string | null;
  readonly provider: string | null;
  readonly pharmacy: string | null;
  /** ISO 8601 UTC. */
  readonly at: string | null;
  /** IANA name in which the moment is shown; null: the location's, else the practice's. */
  readonly timeZone: string | null;
}

/** What says how far the steps that follow an alert have come. */
export type FollowUpField = "nudges" | "taskId" | "fallbackId" | "optOutList";

/** A link's server-side record. The token is never stored: `lookup` is the rest of its MAC. */
export interface LinkRecord {
  readonly lookup: string;
  readonly patientId: string;
  readonly messageId: string;
  readonly threadId: string;
  readonly alertId: string;
  /** Who wrote the message that it was sent for. */
  readonly sender: string;
  readonly purpose: Purpose;
  readonly language: Language;
  readonly consentId: string;
  /** The key that signed it, and that its codes are under; 1 to 255. */
  readonly keyId: number;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** Wrong proofs so far. */
  readonly misses: number;
  /** When it died of misses. */
  readonly diedAt: string | null;
  /** Keyed HMAC of the code in force; minted by `send-alert` only. */
  readonly codeMac: Uint8Array | null;
  readonly codeExpiresAt: string | null;
}

/** Kills links of a sender, or of the whole practice: compared on every use. */
export interface LinksMark {
  /** Links made at this moment or before are dead. */
  readonly before: string;
}

/** The scope of a {@link LinksMark} that all links of the practice fall under. */
export const ALL_LINKS = "practice";

/** The newest link of a thread: it alone can still be proved. */
export interface NewestLink {
  readonly lookup: string;
  readonly createdAt: string;
}

/** Kill switches of a patient: compared on every use (DESIGN §4). */
export interface PatientMarks {
  /** Links made before this are dead. */
  readonly linksRevokedBefore: string | null;
  readonly erasedAt: string | null;
}

/** Texts of one class that a patient got within the span that caps look at, oldest first. */
export interface SentTexts {
  readonly texts: readonly { readonly alertId: string; readonly at: string }[];
  readonly version: number;
}
