import type { ListedAttachment } from "../attachments/shown.ts";
import type { Asking } from "../audit/journal.ts";
import type { ThreadState, Tier } from "../domain/words.ts";
import type { MessageRecord, NoteRecord, ThreadRecord } from "../messaging/records.ts";
import { ownerOf, viaOf, writerOf } from "./owner.ts";
import type { Reader, ThreadCursor, ThreadPorts, ThreadPosition, ThreadRow } from "./ports.ts";

/** A message as a reader may see it; words are null where its tier is beyond the reader. */
export interface ReadMessage {
  readonly id: string;
  readonly createdAt: string;
  readonly sender: string;
  readonly via: "portal" | "text";
  readonly proven: boolean | null;
  /** Of the patient's own: when somebody first opened it; null: nobody before now. */
  readonly seenAt: string | null;
  readonly tier: Tier;
  readonly withheld: boolean;
  readonly subject: string | null;
  readonly body: string | null;
  readonly attachments: readonly ListedAttachment[];
}

/** A thread with what the reader may see of it, oldest first. */
export interface ReadThread {
  readonly thread: ThreadRecord;
  readonly messages: readonly ReadMessage[];
  readonly notes: readonly {
    readonly id: string;
    readonly createdAt: string;
    readonly author: string;
    readonly withheld: boolean;
    /** Null where it is withheld. */
    readonly text: string | null;
  }[];
}

const MESSAGES_MAX = 50;
const NOTES_MAX = 50;

/** What the patient wrote and nobody of the practice has opened yet. */
function unseen(readable: readonly MessageRecord[]): readonly MessageRecord[] {
  return readable.filter(({ sender, seenAt }) => writerOf(sender) === "patient" && seenAt === null);
}

/**
 * Opens a thread's words for staff. The audit entry is written before anything is decrypted and
 * names what is about to be shown; what the reader may not see is withheld, and nothing of it opened.
 * With the entry stands which of the patient's messages are opened for the first time: the patient
 * sees of those that they were seen, and of none that was withheld.
 */
export function createReadThread(ports: ThreadPorts) {
  const { read, journal, messages, contentKeys } = ports;
  return async (threadId: string, reader: Reader): Promise<ReadThread | undefined> => {
    const [owner] = await read(messages.owner(threadId));
    if (owner === undefined) return undefined;
    const { patientId } = owner;
    const { patient, number } = ownerOf(patientId);
    const [thread, head] = await read(
      messages.thread(patientId, threadId),
      journal.head({ ...patient, actor: reader.actor }),
    );
    if (thread === undefined) return undefined;
    const [records, notes] = await Promise.all([
      ports.newestOfThread(patientId, threadId, MESSAGES_MAX),
      ports.notesOf(patientId, threadId, NOTES_MAX),
    ]);
    const { readableTier, ...asking } = reader;
    const readable = records.filter(({ tier }) => tier <= readableTier);
    // Notes may speak of anything, so they count as tier 3.
    const readableNotes = readableTier === 3 ? notes : [];
    const named = readable.flatMap(({ attachmentIds }) => attachmentIds);
    const first = unseen(readable).map(({ id }) => id);
    const at = ports.now().toISOString();
    const recorded = await journal.commit(
      {
        ...asking,
        action: "thread.read",
        ...patient,
        details: {
          threadId,
          ...number,
          messageIds: readable.map(({ id }) => id),
          noteIds: readableNotes.map(({ id }) => id),
          ...(named.length === 0 ? {} : { attachmentIds: named }),
          withheld: records.length - readable.length,
          ...(first.length === 0 ? {} : { firstSeenIds: first }),
        },
      },
      first.length === 0
        ? []
        : [
            ...first.map((id) => messages.markSeen(patientId, id, at)),
            messages.bumpThread(patientId, threadId),
          ],
      head ?? null,
    );
    if (recorded.kind === "conflict") throw new Error("the thread was taken away while it was read");
    const uses = [...readable, ...readableNotes].map(({ id }) => id);
    const keys =
      uses.length === 0 ? [] : await read(...uses.map((use) => contentKeys.wrappedKey(patientId, use)));
    const wrapped = new Map(uses.map((use, index) => [use, keys[index]?.wrapped]));
    const listed = await ports.listedOf(
      records.flatMap(({ attachmentIds }) => attachmentIds),
      new Set(named),
    );
    const opened = await Promise.all(
      records.map(async (record): Promise<ReadMessage> => {
        const { id, createdAt, sender, proven, tier, seenAt, attachmentIds } = record;
        const attachments = attachmentIds.flatMap((attachmentId) => listed.get(attachmentId) ?? []);
        const about = { id, createdAt, sender, via: viaOf(record), proven, seenAt, tier, attachments };
        const key = tier <= readableTier ? wrapped.get(id) : undefined;
        if (key === undefined) return { ...about, withheld: true, subject: null, body: null };
        const { subject, body } = await ports.openContent(record, key);
        return { ...about, withheld: false, subject, body };
      }),
    );
    const openedNotes = await Promise.all(
      notes.map(async (note) => {
        const key = wrapped.get(note.id);
        return key === undefined ? withheld(note) : openOne(note, key);
      }),
    );
    const version = first.length === 0 ? thread.version : thread.version + 1;
    return { thread: { ...thread, version }, messages: opened.reverse(), notes: openedNotes.reverse() };

    function withheld({ id, createdAt, author }: NoteRecord) {
      return { id, createdAt, author, withheld: true, text: null };
    }

    async function openOne(note: NoteRecord, key: Uint8Array) {
      const text = await ports.openNote(patientId, note, key);
      return { id: note.id, createdAt: note.createdAt, author: note.author, withheld: false, text };
    }
  };
}

/** Lists threads of one state without their words; on record in the reader's own chain. */
export function createListThreads(ports: ThreadPorts) {
  return async (
    filter: {
      readonly state: ThreadState;
      readonly assignee?: string | undefined;
      readonly limit: number;
      readonly cursor?: ThreadCursor | undefined;
    },
    asking: Asking,
  ): Promise<{ readonly items: readonly ThreadRow[]; readonly next: ThreadCursor | null } | undefined> => {
    let after: ThreadPosition | null = null;
    if (filter.cursor !== undefined) {
      const { id, stateSince } = filter.cursor;
      const [owner] = await ports.read(ports.messages.owner(id));
      if (owner === undefined) return undefined;
      after = { id, patientId: owner.patientId, stateSince };
    }
    const page = await ports.threadsIn(filter.state, filter.limit, after);
    const items = page.items.filter(
      ({ assignee }) => filter.assignee === undefined || assignee === filter.assignee,
    );
    await ports.journal.record({
      ...asking,
      action: "threads.listed",
      details: { state: filter.state, count: items.length },
    });
    return { items, next: page.more ? (page.items.at(-1) ?? null) : null };
  };
}
