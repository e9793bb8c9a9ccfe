import type { VisitDay } from "../appointments/records.ts";
import type { Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import type { PatientPreferences } from "../consent/preferences.ts";
import type { ConsentState } from "../consent/records.ts";
import type { RenderedWords } from "../domain/alerts/render.ts";
import type { CapClass } from "../domain/sending/caps.ts";
import type { Channel, Purpose } from "../domain/words.ts";
import type { LinkKeys } from "../messaging/link-keys.ts";
import type { Classify, Practice, PracticeStore } from "../messaging/ports.ts";
import type {
  AlertRecord,
  FollowUpField,
  LinkRecord,
  LinksMark,
  PatientMarks,
  SentTexts,
} from "../messaging/records.ts";
import type { NumberRecord } from "../numbers/records.ts";
import type { PatientRecord } from "../patients/records.ts";
import type { PracticeSettings, VendorRecord } from "../practice/records.ts";
import type { TaskRecord } from "../tasks/records.ts";
import type { Directory, VocabularyInForce, VocabularyMark } from "../vocabulary/records.ts";

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
  /** What came of rendering: nothing else is a text. */
  readonly body: RenderedWords;
  readonly alertId: string;
  /** After this the provider gives up, 5 to 259,200 seconds (AWS limit). */
  readonly timeToLiveSeconds: number;
}) => Promise<SendResult>;

/** A turn to send: when the claim may begin, and when the text leaves. */
export interface Slot {
  readonly claimAtMs: number;
  readonly sendAtMs: number;
  /** Later than this after `sendAtMs` the turn is lost. */
  readonly graceMs: number;
}

/** Hands one e-mail to the provider, once. */
export type SendEmail = (email: {
  readonly to: string;
  readonly subject: RenderedWords;
  readonly text: RenderedWords;
  readonly alertId: string;
  /** Where one click ends e-mails (RFC 8058). */
  readonly unsubscribeUrl: string;
}) => Promise<SendResult>;

/** The carrier's list of numbers that want no texts. */
export interface OptOutList {
  list(number: string): Promise<void>;
  lift(number: string): Promise<"lifted" | "not-listed" | "refused">;
}

/** What sending alerts needs. */
export interface AlertingPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly messages: {
    alert(patientId: string, id: string): Lookup<AlertRecord>;
    marks(patientId: string): Lookup<PatientMarks>;
    link(lookup: string): Lookup<LinkRecord>;
    revocation(patientId: string, messageId: string): Lookup<{ readonly before: string }>;
    /** When the links of a sender, or with `practice` all links, were killed. */
    linksMark(scope: string): Lookup<LinksMark>;
    sentTexts(patientId: string, capClass: CapClass): Lookup<SentTexts>;
    readMark(patientId: string, threadId: string): Lookup<{ readonly at: string }>;
    addAlert(alert: AlertRecord): Write[];
    pointToAlert(message: { readonly patientId: string; readonly id: string }, alertId: string): Write;
    moveAlert(
      alert: AlertRecord,
      from: readonly AlertRecord["status"][],
      set: Partial<AlertRecord>,
      asRead?: readonly FollowUpField[],
    ): Write;
    /** Holds the claim to the message not having been revoked in the meantime. */
    notRevokedSince(alert: AlertRecord, messageId: string): Write;
    /** Holds the claim to the links of patient, sender and practice not having been killed in the meantime. */
    linksStandSince(alert: AlertRecord): Write[];
    setSentTexts(patientId: string, capClass: CapClass, texts: SentTexts["texts"], version: number): Write;
    /** Adds a link as the newest of its thread. */
    addLink(link: LinkRecord): Write;
    /** Makes a link the newest of its thread: the older ones can no longer be proved. */
    supersedeLinks(link: LinkRecord): Write;
    setCode(lookup: string, codeMac: Uint8Array, codeExpiresAt: string): Write;
    addProviderMessage(providerMessageId: string, alert: AlertRecord): Write;
  };
  readonly patients: {
    patient(id: string): Lookup<PatientRecord>;
    /** Holds the claim to the patient as read: number, constraints and all. */
    unchanged(patient: PatientRecord): Write;
  };
  readonly numbers: {
    number(index: string): Lookup<NumberRecord>;
    setNumber(number: NumberRecord): Write;
    /** Holds the claim to the number taking texts. */
    takesTexts(index: string): Write;
    /** Holds a question to being the one that the number was asked last, and to the number taking texts. */
    stillAsked(index: string, alertId: string): Write;
    /** Holds the one confirmation to the stop that it confirms. */
    stillStopped(index: string, stoppedAt: string): Write;
  };
  readonly consents: {
    state(patientId: string, purpose: Purpose, channel: Channel): Lookup<ConsentState>;
    preferences(patientId: string): Lookup<PatientPreferences>;
    /** Holds a question to what it was judged on: nobody said since that the number is not the patient's. */
    unchangedPreferences(patientId: string, seen: PatientPreferences | undefined): Write;
    /** Holds the claim to the very consent that was checked. */
    stillGranted(patientId: string, state: ConsentState): Write;
  };
  readonly practice: PracticeStore & {
    settings(): Lookup<PracticeSettings>;
    pace(channel: string): Lookup<{ readonly nextAtMs: number }>;
    /** Holds the claim to the switch being on. */
    stillSending(): Write;
    /** Holds the claim to the vendor's agreement as read. */
    vendorUnchanged(vendor: VendorRecord): Write;
  };
  readonly appointments: {
    visitDay(patientId: string, day: string): Lookup<VisitDay>;
    /** Replaces a day that is still as it was read. */
    setVisitDay(day: VisitDay): Write;
    /** Holds a notice's claim to the day as read. */
    visitDayUnchanged(day: VisitDay): Write;
  };
  readonly vocabulary: {
    vocabularyMark(): Lookup<VocabularyMark>;
    vocabulary(): Lookup<VocabularyInForce>;
    directory(): Lookup<Directory>;
    /** Holds the claim of a text with approved words to their being in force. */
    vocabularyUnchanged(version: number): Write;
  };
  readonly tasks: { addTask(task: TaskRecord): Write };
  /** What holds until the practice sets its own. */
  readonly settingsDefault: PracticeSettings;
  /** Takes the next turn of the originator for a text of so many parts; undefined when it is too far ahead. */
  readonly takeSlot: (
    known: { readonly nextAtMs: number } | undefined,
    queue: "urgent" | "bulk",
    parts: number,
  ) => Promise<Slot | undefined>;
  readonly waitUntil: (atMs: number) => Promise<void>;
  /** Puts a request back on its queue, not before `delaySeconds`. */
  readonly requestLater: (alert: AlertRecord, delaySeconds: number) => Promise<void>;
  /** Opens a mobile number with ContactKey: a patient's, or one that texted. */
  readonly mobilePhoneOf: (owner: Pick<PatientRecord, "id" | "phone">) => Promise<string | null>;
  readonly emailOf: (patient: Pick<PatientRecord, "id" | "email">) => Promise<string | null>;
  /** Keys of links and their codes. */
  readonly linkKeys: LinkKeys;
  readonly randomBytes: (size: number) => Uint8Array;
  /** A whole number from 0, below `limit`, from a cryptographic source. */
  readonly randomInt: (limit: number) => number;
  readonly sendText: SendText;
  /** Null where the stage sends no e-mail. */
  readonly sendEmail: SendEmail | null;
  /** Records a stop that only the carrier heard of, by the number's blind index. */
  readonly recordCarrierStop: (index: string, requestId: string) => Promise<unknown>;
  /** Null where the carrier keeps its list by itself. */
  readonly optOutList: OptOutList | null;
  /** Brings the classifier: only a text that is about to leave waits for it to be loaded. */
  readonly classifier: () => Promise<{ readonly classify: Classify }>;
  readonly practiceIdentity: Practice;
  readonly linkLifetimeSeconds: number;
  readonly newId: (prefix: "alr" | "tsk", now?: Date) => string;
  readonly now: () => Date;
}
