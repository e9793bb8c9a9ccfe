import type { Asking } from "../audit/journal.ts";
import type { ThreadState } from "../domain/words.ts";
import { type KeyedRequest, recall, remembering, slotOf } from "../idempotency/idempotency.ts";
import type { ThreadRecord } from "../messaging/records.ts";
import { ownerOf } from "./owner.ts";
import type { ThreadPorts } from "./ports.ts";

/** What came of a change. */
export type ThreadOutcome =
  | { readonly kind: "changed"; readonly thread: ThreadRecord }
  | { readonly kind: "unknown" }
  | { readonly kind: "version-conflict" };

async function find(ports: ThreadPorts, threadId: string, actor: string) {
  const [owner] = await ports.read(ports.messages.owner(threadId));
  if (owner === undefined) return undefined;
  const { patientId } = owner;
  const { patient, number } = ownerOf(patientId);
  const [thread, head] = await ports.read(
    ports.messages.thread(patientId, threadId),
    ports.journal.head({ ...patient, actor }),
  );
  return thread === undefined ? undefined : { thread, head: head ?? null, patient, number };
}

/** Assigns a thread or moves it to another state. */
export function createChangeThread(ports: ThreadPorts) {
  return async (
    threadId: string,
    change: {
      readonly assignee?: string | null | undefined;
      readonly state?: ThreadState | undefined;
    },
    version: number | undefined,
    asking: Asking,
  ): Promise<ThreadOutcome> => {
    const found = await find(ports, threadId, asking.actor);
    if (found === undefined) return { kind: "unknown" };
    const { thread, head, patient, number } = found;
    if (version !== undefined && version !== thread.version) return { kind: "version-conflict" };
    const moved = change.state !== undefined && change.state !== thread.threadState;
    const set = {
      ...(change.assignee === undefined ? {} : { assignee: change.assignee }),
      ...(moved ? { threadState: change.state, stateSince: ports.now().toISOString() } : {}),
    } as Partial<ThreadRecord>;
    const outcome = await ports.journal.commit(
      {
        ...asking,
        action: "thread.changed",
        ...patient,
        details: {
          threadId,
          ...number,
          state: change.state ?? thread.threadState,
          assignee: change.assignee === undefined ? thread.assignee : change.assignee,
        },
      },
      [ports.messages.changeThread(thread, set)],
      head,
    );
    if (outcome.kind === "conflict") return { kind: "version-conflict" };
    return { kind: "changed", thread: { ...thread, ...set, version: thread.version + 1 } };
  };
}

/** What came of adding a note. */
export type NoteOutcome =
  | { readonly kind: "added"; readonly id: string; readonly createdAt: string }
  | { readonly kind: "unknown" }
  | { readonly kind: "idempotency-conflict" };

interface NoteAnswer {
  readonly id: string;
  readonly createdAt: string;
}

const RACES_MAX = 3;

/** Adds a note for staff; sealed like a message. */
export function createAddNote(ports: ThreadPorts) {
  const { read, journal, memory, messages } = ports;

  /** Undefined when the same request was faster elsewhere. */
  async function attempt(
    threadId: string,
    text: string,
    asking: Asking,
    keyed: KeyedRequest | null,
  ): Promise<NoteOutcome | undefined> {
    const found = await find(ports, threadId, asking.actor);
    if (found === undefined) return { kind: "unknown" };
    const known = recall<NoteAnswer>(keyed, (await read(memory.remembered(slotOf(keyed))))[0]);
    if (known.kind === "conflict") return { kind: "idempotency-conflict" };
    if (known.kind === "same") return { kind: "added", ...known.answer };
    const { patientId } = found.thread;
    const { patient, number } = found;
    const at = ports.now();
    const answer: NoteAnswer = { id: ports.newId("not", at), createdAt: at.toISOString() };
    const { content, keyWrite } = await ports.sealNote(patientId, answer.id, text);
    const note = { ...answer, threadId, author: asking.actor, content };
    const outcome = await journal.commit(
      { ...asking, action: "note.added", ...patient, details: { threadId, ...number, noteId: answer.id } },
      [...messages.addNote(patientId, note), keyWrite, ...remembering(memory, keyed, answer, at)],
      found.head,
    );
    return outcome.kind === "committed" ? { kind: "added", ...answer } : undefined;
  }

  return async (
    threadId: string,
    text: string,
    asking: Asking,
    keyed: KeyedRequest | null,
  ): Promise<NoteOutcome> => {
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const outcome = await attempt(threadId, text, asking, keyed);
      if (outcome !== undefined) return outcome;
    }
    throw new Error("the note stayed contended; nothing was added");
  };
}
