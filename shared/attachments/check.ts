import type { Journal, ReadSnapshot, Write } from "../audit/journal.ts";
import { inspect } from "../domain/attachments/inspect.ts";
import type { Refusal } from "../domain/attachments/kinds.ts";
import type { AttachmentObjects } from "./objects.ts";
import type { AttachmentStore } from "./ports.ts";
import type { AttachmentRecord } from "./records.ts";
import { type RefusedTaskPorts, refusedTask } from "./refused-task.ts";

/** Who looks into files, in audit entries. */
export const CHECKER = "function:check-attachment";

/** What looking into uploads needs. */
export interface CheckPorts extends RefusedTaskPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly attachments: AttachmentStore;
  readonly messages: {
    /** Gives a thread another version: what the patient sees of it has changed. */
    bumpThread(patientId: string, threadId: string): Write;
  };
  readonly objects: AttachmentObjects;
}

/** What became of an upload; `unknown`: nobody asked for it. */
export type CheckOutcome = "ready" | "refused" | "removed" | "unknown";

type Verdict =
  | { readonly state: "ready"; readonly sizeBytes: number }
  | { readonly state: "refused"; readonly refusal: Refusal };

const RACES_MAX = 10;

/**
 * Looks into what was uploaded for an attachment and keeps a stripped copy, or refuses it. Nothing but that copy can
 * ever be opened. Order makes it safe to stop anywhere and to begin again: the copy is kept, then the record says so in
 * one transaction with its entry, then every version of the upload goes. An upload over one that was settled changes
 * nothing and goes too. Where a refused one is part of a message, the transaction opens a task: whoever sent it has gone.
 */
export function createCheckAttachment(ports: CheckPorts) {
  const { read, journal, attachments, messages, objects } = ports;

  async function judge({ id, type, sizeBytes }: AttachmentRecord): Promise<Verdict> {
    const bytes = await objects.incoming(id, sizeBytes);
    // It was there when the event was made: somebody else settled it, or a day has passed.
    if (bytes === "absent") return { state: "refused", refusal: "empty" };
    if (bytes === "too-large") return { state: "refused", refusal: "wrong-size" };
    const inspection = inspect(bytes, type);
    if (inspection.kind === "refused") return { state: "refused", refusal: inspection.refusal };
    await objects.keep(id, Buffer.concat(inspection.parts), type);
    const kept = await objects.keptBytes(id);
    if (kept === undefined) throw new Error("what was kept is not there");
    return { state: "ready", sizeBytes: kept };
  }

  /** Moves an attachment on with its entry; false when it was changed meanwhile. */
  async function move(
    record: AttachmentRecord,
    action: string,
    set: Partial<AttachmentRecord>,
    requestId: string,
  ): Promise<boolean> {
    const { id, patientId, threadId, messageId } = record;
    const task = set.refusal == null ? null : refusedTask(ports, record, set.refusal);
    const settles = messageId !== null && set.state !== "checking";
    const writes = [
      attachments.changeAttachment(record, { ...set, ...(settles ? { dueAt: null } : {}) }),
      ...(task === null ? [] : [ports.tasks.addTask(task)]),
    ];
    if (patientId !== null && threadId !== null && messageId !== null) {
      // Pages ask for the thread's version alone.
      writes.push(messages.bumpThread(patientId, threadId));
    }
    const outcome = await journal.commit(
      {
        action,
        actor: CHECKER,
        role: "function",
        ...(patientId === null ? {} : { patientId }),
        details: {
          attachmentId: id,
          ...(messageId === null ? {} : { messageId }),
          ...(set.state === undefined ? {} : { state: set.state }),
          ...(set.refusal === undefined ? {} : { refusal: set.refusal }),
          ...(set.sizeBytes === undefined ? {} : { sizeBytes: set.sizeBytes }),
          ...(task === null ? {} : { taskId: task.id }),
        },
        requestId,
      },
      writes,
    );
    return outcome.kind === "committed";
  }

  return async (id: string, requestId: string): Promise<CheckOutcome> => {
    for (let race = 0; race < RACES_MAX; race += 1) {
      const [record] = await read(attachments.attachment(id));
      switch (record?.state) {
        case "waiting":
          await move(record, "attachment.arrived", { state: "checking" }, requestId);
          break;
        case "checking":
          await move(record, "attachment.checked", await judge(record), requestId);
          break;
        case "ready":
          await objects.forgetIncoming(id);
          return "ready";
        default:
          await objects.forgetIncoming(id);
          await objects.forgetKept(id);
          return record?.state ?? "unknown";
      }
    }
    throw new Error("the attachment stayed contended");
  };
}
