import type { Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import type { ConsentState } from "../consent/records.ts";
import type { Channel, Purpose } from "../domain/words.ts";
import type { Classify, Practice, PracticeStore } from "../messaging/ports.ts";
import type { AlertRecord, LinkRecord, PatientMarks } from "../messaging/records.ts";
import type { PatientRecord } from "../patients/records.ts";
import type { VendorRecord } from "../practice/records.ts";

/** What became of a text that was handed to the provider. */
export type SendResult =
  | { readonly kind: "accepted"; readonly providerMessageId: string }
  /** The provider said no for good. */
  | { readonly kind: "refused"; readonly reason: string }
  /** The provider said that it did not take it now; it can be tried again. */
  | { readonly kind: "busy"; readonly reason: string; readonly retryAfterSeconds: number }
  /** Nobody can say whether it was taken: never tried again. */
  | { readonly kind: "unknown" };

/** Hands one text to the provider, once. */
export type SendText = (text: {
  readonly to: string;
  readonly body: string;
  readonly alertId: string;
  /** After this the provider gives up, 5 to 259,200 seconds (AWS limit). */
  readonly timeToLiveSeconds: number;
}) => Promise<SendResult>;

/** What sending alerts needs. */
export interface AlertingPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly messages: {
    alert(patientId: string, id: string): Lookup<AlertRecord>;
    marks(patientId: string): Lookup<PatientMarks>;
    link(lookup: string): Lookup<LinkRecord>;
    revocation(patientId: string, messageId: string): Lookup<{ readonly before: string }>;
    moveAlert(alert: AlertRecord, from: readonly AlertRecord["status"][], set: Partial<AlertRecord>): Write;
    /** Holds the claim to the message not having been revoked in the meantime. */
    notRevokedSince(alert: AlertRecord): Write;
    addLink(link: LinkRecord): Write;
    setCode(lookup: string, codeMac: Uint8Array, codeExpiresAt: string): Write;
    addProviderMessage(providerMessageId: string, alert: AlertRecord): Write;
  };
  readonly patients: {
    patient(id: string): Lookup<PatientRecord>;
    /** Holds the claim to the patient as read: number, constraints and all. */
    unchanged(patient: PatientRecord): Write;
  };
  readonly consents: {
    state(patientId: string, purpose: Purpose, channel: Channel): Lookup<ConsentState>;
    /** Holds the claim to the very consent that was checked. */
    stillGranted(patientId: string, state: ConsentState): Write;
  };
  readonly practice: PracticeStore & {
    pace(channel: string): Lookup<{ readonly nextAtMs: number }>;
    /** Holds the claim to the switch being on. */
    stillSending(): Write;
    /** Holds the claim to the vendor's agreement as read. */
    vendorUnchanged(vendor: VendorRecord): Write;
  };
  /** Takes the next slot of the originator; undefined when it is too far ahead for this queue. */
  readonly takeSlot: (
    known: { readonly nextAtMs: number } | undefined,
    queue: "urgent" | "bulk",
  ) => Promise<{ readonly atMs: number } | undefined>;
  readonly waitUntil: (atMs: number) => Promise<void>;
  /** Puts a request back on its queue, not before `delaySeconds`. */
  readonly requestLater: (alert: AlertRecord, delaySeconds: number) => Promise<void>;
  /** Opens the patient's mobile number with ContactKey. */
  readonly mobilePhoneOf: (patient: PatientRecord) => Promise<string | null>;
  /** Under LinkKey: links and codes. */
  readonly linkMac: (...fields: readonly (string | Uint8Array)[]) => Promise<Uint8Array>;
  readonly randomBytes: (size: number) => Uint8Array;
  /** A whole number from 0, below `limit`, from a cryptographic source. */
  readonly randomInt: (limit: number) => number;
  readonly sendText: SendText;
  readonly classify: Classify;
  readonly practiceIdentity: Practice;
  readonly linkLifetimeSeconds: number;
  readonly now: () => Date;
}
