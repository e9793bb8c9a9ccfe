import type { ThreadState } from "../domain/words.ts";
import type { ThreadRecord } from "../messaging/records.ts";
import type { Reader, ThreadPorts } from "./ports.ts";

type Changing = Omit<Reader, "readableTier">;

/** What came of a change. */
export type ThreadOutcome =
  | { readonly kind: "changed"; readonly thread: ThreadRecord }
  | { readonly kind: "unknown" }
  | { readonly kind: "version-conflict" };

async function find(ports: ThreadPorts, threadId: string, actor: string) {
  const [owner] = await ports.read(ports.messages.owner(threadId));
  if (owner === undefined) return undefined;
  const { patientId } = owner;
  const [thread, head] = await ports.read(
    ports.messages.thread(patientId, threadId),
    ports.journal.head({ patientId, actor }),
  );
  return thread === undefined ? undefined : { thread, head: head ?? null };
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
    changing: Changing,
  ): Promise<ThreadOutcome> => {
    const found = await find(ports, threadId, changing.actor);
    if (found === undefined) return { kind: "unknown" };
    const { thread, head } = found;
    if (version !== undefined && version !== thread.version) return { kind: "version-conflict" };
    const moved = change.state !== undefined && change.state !== thread.threadState;
    const set = {
      ...(change.assignee === undefined ? {} : { assignee: change.assignee }),
      ...(moved ? { threadState: change.state, stateSince: ports.now().toISOString() } : {}),
    } as Partial<ThreadRecord>;
    const outcome = await ports.journal.commit(
      {
        ...changing,
        action: "thread.changed",
        patientId: thread.patientId,
        details: {
          threadId,
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

/** Adds a note for staff; sealed like a message. Undefined where there is no such thread. */
export function createAddNote(ports: ThreadPorts) {
  return async (threadId: string, text: string, changing: Changing) => {
    const found = await find(ports, threadId, changing.actor);
    if (found === undefined) return undefined;
    const { patientId } = found.thread;
    const at = ports.now();
    const id = ports.newId("not", at);
    const { content, keyWrite } = await ports.sealNote(patientId, id, text);
    const note = { id, threadId, author: changing.actor, createdAt: at.toISOString(), content };
    const outcome = await ports.journal.commit(
      { ...changing, action: "note.added", patientId, details: { threadId, noteId: id } },
      [ports.messages.addNote(patientId, note), keyWrite],
      found.head,
    );
    if (outcome.kind === "conflict") throw new Error("a note was refused");
    return { id, createdAt: note.createdAt };
  };
}
