import type { ListedOf } from "../attachments/shown.ts";
import type { Asking, Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import type { ThreadState, Tier } from "../domain/words.ts";
import type { RequestMemory } from "../idempotency/idempotency.ts";
import type { MessageContent, MessageRecord, NoteRecord, ThreadRecord } from "../messaging/records.ts";

/** A thread as a list shows it. */
export interface ThreadRow {
  readonly id: string;
  readonly patientId: string;
  readonly threadState: ThreadState;
  readonly stateSince: string;
  readonly assignee: string | null;
}

/** Where a page ended: the thread and when it had entered its state, for it may have moved since. */
export interface ThreadCursor {
  readonly id: string;
  readonly stateSince: string;
}

/** A cursor with the patient that it leads to. */
export interface ThreadPosition extends ThreadCursor {
  readonly patientId: string;
}

/** What the use cases of threads need. */
export interface ThreadPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly memory: RequestMemory;
  readonly messages: {
    owner(id: string): Lookup<{ readonly patientId: string }>;
    thread(patientId: string, id: string): Lookup<ThreadRecord>;
    changeThread(thread: ThreadRecord, set: Partial<ThreadRecord>): Write;
    addNote(patientId: string, note: NoteRecord): Write[];
    /** Gives a thread another version: what the patient sees of it has changed. */
    bumpThread(patientId: string, threadId: string): Write;
    /** Notes that the practice has opened what the patient wrote. */
    markSeen(patientId: string, messageId: string, at: string): Write;
  };
  readonly contentKeys: {
    wrappedKey(patientId: string, use: string): Lookup<{ readonly wrapped: Uint8Array }>;
  };
  /** Threads in one state, the longest in it first, after a thread that is in it. */
  readonly threadsIn: (
    state: ThreadState,
    limit: number,
    after: ThreadPosition | null,
  ) => Promise<{ readonly items: readonly ThreadRow[]; readonly more: boolean }>;
  /** A thread's newest messages, newest first. */
  readonly newestOfThread: (
    patientId: string,
    threadId: string,
    limit: number,
  ) => Promise<readonly MessageRecord[]>;
  /** A thread's notes, newest first, at most `limit`. */
  readonly notesOf: (patientId: string, threadId: string, limit: number) => Promise<readonly NoteRecord[]>;
  /** Attachments of messages, with the names of those that the reader may read. */
  readonly listedOf: ListedOf;
  readonly openContent: (message: MessageRecord, wrapped: Uint8Array) => Promise<MessageContent>;
  readonly openNote: (patientId: string, note: NoteRecord, wrapped: Uint8Array) => Promise<string>;
  readonly sealNote: (
    patientId: string,
    noteId: string,
    text: string,
  ) => Promise<{ readonly content: Uint8Array; readonly keyWrite: Write }>;
  readonly newId: (prefix: "not", now?: Date) => string;
  readonly now: () => Date;
}

/** Who asks, and the highest tier that it may read. */
export interface Reader extends Asking {
  readonly readableTier: Tier | 0;
}
