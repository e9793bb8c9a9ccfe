import type { VisitDay } from "../appointments/records.ts";
import type { Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import type { PatientPreferences } from "../consent/preferences.ts";
import type { ConsentState } from "../consent/records.ts";
import type { OptOutScope } from "../consent/scope.ts";
import type { StopPorts } from "../consent/stop.ts";
import type { TaskOutcome } from "../domain/task-kinds.ts";
import type { Channel, Purpose } from "../domain/words.ts";
import type { Classify, MessageStore, PatientStore, SealContent } from "../messaging/ports.ts";
import type { AlertRecord, PatientMarks, ThreadRecord } from "../messaging/records.ts";
import type { NumberRecord } from "../numbers/records.ts";
import type { PracticeSettings } from "../practice/records.ts";
import type { OfficeHours } from "../tasks/due.ts";
import type { TaskRecord } from "../tasks/records.ts";
import type { InboundMark, NumberDay } from "./records.ts";

/** Texts that were dealt with, and how many came from a number. */
export interface InboundStore {
  mark(inboundId: string): Lookup<InboundMark>;
  /** Marks a text that is not done yet; the table may forget it 30 days after `at`. */
  setMark(inboundId: string, mark: InboundMark, at: Date): Write;
  /** What came from a number (by its blind index) on a day (UTC, YYYY-MM-DD). */
  day(index: string, day: string): Lookup<NumberDay>;
  /** Replaces what came on a day; the number's version keeps two from doing so at once. */
  setDay(index: string, day: string, after: NumberDay): Write;
  /** Kills every link of a patient made before `before`, where the marks are as they were read. */
  revokeLinks(patientId: string, before: string, seen: PatientMarks | undefined): Write;
}

/** What receiving a text needs. It writes what it cannot read again, and sends nothing itself. */
export interface InboundPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly inbound: InboundStore;
  readonly numbers: {
    number(index: string): Lookup<NumberRecord>;
    setNumber(number: NumberRecord): Write;
  };
  /** Everybody who has a number, by its blind index. */
  readonly ownersOf: (
    index: string,
  ) => Promise<readonly { readonly patientId: string; readonly numberId: string }[]>;
  readonly patients: PatientStore;
  readonly consents: StopPorts["consents"] & {
    state(patientId: string, purpose: Purpose, channel: Channel): Lookup<ConsentState>;
    preferences(patientId: string): Lookup<PatientPreferences>;
    setPreferences(patientId: string, preferences: PatientPreferences): Write;
  };
  readonly messages: Pick<
    MessageStore,
    "alert" | "thread" | "marks" | "addMessage" | "addThread" | "changeThread" | "addAlert"
  > & {
    byProviderMessage(id: string): Lookup<{ readonly patientId: string; readonly alertId: string }>;
  };
  /** The newest thread of a patient or a number. */
  readonly newestThread: (patientId: string) => Promise<ThreadRecord | undefined>;
  /** Brings a patient's visits: only C, 2 and YES wait for them to be loaded. */
  readonly openVisits: () => Promise<{
    /** From a local day (YYYY-MM-DD) on. */
    daysFrom(patientId: string, day: string): Promise<readonly VisitDay[]>;
    /** Replaces a day that is still as it was read. */
    setVisitDay(day: VisitDay): Write;
  }>;
  readonly practice: { settings(): Lookup<PracticeSettings> };
  readonly tasks: {
    task(id: string): Lookup<TaskRecord>;
    addTask(task: TaskRecord): Write;
    completeTask(id: string, completedAt: string, completedBy: string, outcome: TaskOutcome): Write;
  };
  /** Under IndexKey: blind indexes. */
  readonly indexMac: (...fields: readonly (string | Uint8Array)[]) => Promise<Uint8Array>;
  readonly sealPhone: (
    id: string,
    mobilePhone: string,
  ) => Promise<{ readonly sealed: Uint8Array; readonly wrappedKey: Uint8Array }>;
  readonly sealEvidence: StopPorts["sealEvidence"];
  readonly sealContent: SealContent;
  /** Brings the classifier: only texts whose words are kept wait for it to be loaded. */
  readonly classifier: () => Promise<{ readonly classify: Classify; readonly version: string }>;
  /** Puts the request on the urgent queue; where that fails, `remind` finds the alert by its due time. */
  readonly requestAlert: (alert: AlertRecord) => Promise<void>;
  readonly rules: {
    /** Whose STOP and START are: ours to answer and to list, or the network's. */
    readonly optOuts: "self-managed" | "carrier";
    readonly optOutScope: OptOutScope;
    /** What holds until the practice has settings of its own. */
    readonly officeHours: OfficeHours;
  };
  readonly newId: (prefix: "nbr" | "con" | "msg" | "thr" | "alr" | "tsk", now?: Date) => string;
  readonly now: () => Date;
}
