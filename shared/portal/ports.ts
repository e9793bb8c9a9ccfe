import type { Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import type { PatientPreferences } from "../consent/preferences.ts";
import type { ConsentState } from "../consent/records.ts";
import type { Channel, Purpose, Tier } from "../domain/words.ts";
import type { LinkKeys } from "../messaging/link-keys.ts";
import type {
  AlertRecord,
  LinkRecord,
  LinksMark,
  MessageRecord,
  NewestLink,
  PatientMarks,
  ThreadRecord,
} from "../messaging/records.ts";
import type { PracticeSettings, Switches } from "../practice/records.ts";
import type {
  CodeRequests,
  DailyMisses,
  NewLinkRequests,
  PortalSession,
  RememberedDevice,
  RememberedDevices,
} from "./records.ts";

/** Keyed hash of several fields, 32 bytes. */
export type KeyedHash = (...fields: readonly (string | Uint8Array)[]) => Promise<Uint8Array>;

/** What the portal reads and writes of messages. */
export interface MessageStore {
  link(lookup: string): Lookup<LinkRecord>;
  thread(patientId: string, id: string): Lookup<ThreadRecord>;
  alert(patientId: string, id: string): Lookup<AlertRecord>;
  marks(patientId: string): Lookup<PatientMarks>;
  revocation(patientId: string, messageId: string): Lookup<{ readonly before: string }>;
  /** When the links of a sender, or with `practice` all links, were killed. */
  linksMark(scope: string): Lookup<LinksMark>;
  newestLink(patientId: string, threadId: string): Lookup<NewestLink>;
  addAlert(alert: AlertRecord): Write[];
  moveAlert(alert: AlertRecord, from: readonly AlertRecord["status"][], set: Partial<AlertRecord>): Write;
  /** Notes that the patient reads a thread. */
  markRead(patientId: string, threadId: string, at: string): Write;
}

/** What the portal keeps for itself: sessions and counters. */
export interface PortalStore {
  session(hash: string): Lookup<PortalSession>;
  codeRequests(linkLookup: string): Lookup<CodeRequests>;
  /** The same over all links of a patient. */
  codesFor(patientId: string): Lookup<CodeRequests>;
  /** When new links were asked for over a link, and for a patient. */
  linksAskedOver(linkLookup: string): Lookup<NewLinkRequests>;
  linksAskedFor(patientId: string): Lookup<NewLinkRequests>;
  dailyMisses(patientId: string, day: string): Lookup<DailyMisses>;
  devices(patientId: string): Lookup<RememberedDevices>;
  /** Adds a session that the table may drop after `endsAt`. */
  addSession(session: PortalSession, endsAt: Date): Write;
  /** Ends a session; nothing happens when it is gone already. */
  endSession(hash: string): Write;
  /** Notes the use of a session that is still there. */
  touchSession(hash: string, at: string): Write;
  /** Notes that a session that is still there counts as proven under the PIN that stands since `pinSince`. */
  provenUnder(hash: string, pinSince: string): Write;
  /** Changes a link only while its misses, its life and its code are as they were read. */
  changeSeenLink(link: LinkRecord, set: Partial<LinkRecord>): Write;
  /** Replaces when new links were asked for over a link, only while it is as it was read (undefined: never). */
  setLinksAskedOver(
    linkLookup: string,
    seen: NewLinkRequests | undefined,
    requestedAt: readonly string[],
  ): Write;
  /** The same for all links of a patient. */
  setLinksAskedFor(
    patientId: string,
    seen: NewLinkRequests | undefined,
    requestedAt: readonly string[],
  ): Write;
  /** Sets a patient's misses of a day, only while they are as they were read (undefined: none). */
  setDailyMisses(patientId: string, day: string, seen: DailyMisses | undefined, misses: DailyMisses): Write;
  /** Replaces a patient's devices at `at`, only while they are as they were read (undefined: none). */
  setDevices(
    patientId: string,
    seen: RememberedDevices | undefined,
    devices: readonly RememberedDevice[],
    at: Date,
  ): Write;
  /** Lets an open session go on without the remembered device that it was opened on. */
  leaveDevice(sessionHash: string): Write;
  /** Replaces the requests of a link, only while they are as they were read (undefined: none). */
  setCodeRequests(linkLookup: string, seen: CodeRequests | undefined, requestedAt: readonly string[]): Write;
  /** The same over all links of a patient. */
  setCodesFor(patientId: string, seen: CodeRequests | undefined, requestedAt: readonly string[]): Write;
}

/** What date of birth and PIN are checked against. */
export interface VerifierStore {
  birthDateVerifier(patientId: string): Lookup<{
    readonly salt: Uint8Array;
    readonly mac: Uint8Array;
    readonly since: string;
    /** When number or date of birth were last changed; null since the registration. */
    readonly changedAt: string | null;
  }>;
  pinVerifier(patientId: string): Lookup<PinVerifier>;
}

/** What a PIN is checked against. */
export interface PinVerifier {
  readonly salt: Uint8Array;
  readonly mac: Uint8Array;
  readonly since: string;
  /** From then on there is no PIN. */
  readonly removedAt: string | null;
}

/** What the portal reads of the practice. */
export interface PracticeStore {
  switches(): Lookup<Switches>;
  settings(): Lookup<PracticeSettings>;
}

/** What the portal reads of what patients agreed to. */
export interface ConsentStates {
  preferences(patientId: string): Lookup<PatientPreferences>;
  state(patientId: string, purpose: Purpose, channel: Channel): Lookup<ConsentState>;
}

/** The urgent alert queue. */
export interface UrgentQueue {
  request(request: {
    readonly kind: "code" | "message";
    readonly patientId: string;
    readonly alertId: string;
  }): Promise<void>;
}

/** A thread's newest messages, or the newest before one of it, newest first. */
export type NewestOfThread = (
  patientId: string,
  threadId: string,
  limit: number,
  before: string | null,
) => Promise<readonly MessageRecord[]>;

/** Where wrapped data keys lie. */
export interface WrappedKeyStore {
  wrappedKey(patientId: string, use: string): Lookup<{ readonly wrapped: Uint8Array }>;
}

/** Opens the words of a message. */
export type OpenContent = (
  message: MessageRecord,
  wrapped: Uint8Array,
) => Promise<{ readonly tier: Tier; readonly subject: string | null; readonly body: string }>;

/** What every use case of the portal needs. */
export interface PortalPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly messages: MessageStore;
  readonly portal: PortalStore;
  readonly practice: PracticeStore;
  readonly verifiers: VerifierStore;
  /** Keys of links and their codes. */
  readonly linkKeys: LinkKeys;
  /** MAC under ProofKey: dates of birth and sessions. */
  readonly proofMac: KeyedHash;
  readonly now: () => Date;
}
