import type { Lookup, Write } from "../audit/journal.ts";
import type { PatientPreferences } from "../consent/preferences.ts";
import type { ConsentState } from "../consent/records.ts";
import type { Reading } from "../domain/second-reader/reading.ts";
import type { Channel, Purpose, Tier } from "../domain/words.ts";
import type { PatientRecord } from "../patients/records.ts";
import type { Switches, VendorRecord } from "../practice/records.ts";
import type { AlertRecord, MessageContent, MessageRecord, PatientMarks, ThreadRecord } from "./records.ts";

/** Which way a text goes. */
export type Direction = "outbound" | "inbound";

/** The classifier's verdict; offsets are UTF-16 into the text. */
export interface Verdict {
  readonly tier: Tier;
  readonly reasons: readonly {
    readonly rule: string;
    readonly category: string;
    readonly start: number;
    readonly end: number;
    readonly explanation: string;
    readonly via: string;
  }[];
}

/** Decides what a text is; deterministic and pure. */
export type Classify = (text: string, options: { readonly direction: Direction }) => Verdict;

/** Reads what the classifier leaves below tier 3 once more, in the account's own cloud; may only raise. */
export interface SecondReader {
  /** What receipts call it. */
  readonly version: string;
  /**
   * What it says of a text, or why it says nothing; never throws. Unless its vendor's agreement is in force (`agreed`),
   * the text goes nowhere.
   */
  read(text: string, options: { readonly direction: Direction; readonly agreed: boolean }): Promise<Reading>;
}

/** Messages, threads and alerts as the use cases see their table. */
export interface MessageStore {
  message(patientId: string, id: string): Lookup<MessageRecord>;
  thread(patientId: string, id: string): Lookup<ThreadRecord>;
  alert(patientId: string, id: string): Lookup<AlertRecord>;
  owner(id: string): Lookup<{ readonly patientId: string }>;
  marks(patientId: string): Lookup<PatientMarks>;
  addMessage(message: MessageRecord): Write[];
  addThread(thread: ThreadRecord): Write[];
  changeThread(thread: ThreadRecord, set: Partial<ThreadRecord>): Write;
  addAlert(alert: AlertRecord): Write[];
  moveAlert(alert: AlertRecord, from: readonly AlertRecord["status"][], set: Partial<AlertRecord>): Write;
}

/** Consent states as the use cases see their table. */
export interface ConsentStore {
  preferences(patientId: string): Lookup<PatientPreferences>;
  state(patientId: string, purpose: Purpose, channel: Channel): Lookup<ConsentState>;
}

/** What of the practice decides about sending. */
export interface PracticeStore {
  switches(): Lookup<Switches>;
  vendor(id: string): Lookup<VendorRecord>;
}

/** Profiles as the use cases see their table. */
export interface PatientStore {
  patient(id: string): Lookup<PatientRecord>;
}

/** Seals words under a fresh data key that the writer cannot open again. */
export type SealContent = (
  patientId: string,
  messageId: string,
  content: MessageContent,
) => Promise<{ readonly content: Uint8Array; readonly keyWrite: Write }>;

/** What the practice is called and where its portal is; stage settings. */
export interface Practice {
  readonly name: string;
  readonly phone: string;
  readonly portalBaseUrl: string;
  /** The sender that e-mails show, where the stage sends any. */
  readonly emailFrom?: string | undefined;
  /** Parts that a text may have. */
  readonly textPartsMax: number;
}
