import type { Journal, ReadSnapshot, Write } from "../audit/journal.ts";
import { CHECKER } from "./check.ts";
import type { AttachmentObjects } from "./objects.ts";
import type { AttachmentStore } from "./ports.ts";
import type { AttachmentRecord } from "./records.ts";
import { type RefusedTaskPorts, refusedTask } from "./refused-task.ts";

/** What erasing attachments needs. */
export interface ErasePorts extends RefusedTaskPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly attachments: AttachmentStore;
  readonly contentKeys: { removeWrappedKey(owner: string, use: string): Write };
  readonly objects: Pick<AttachmentObjects, "forgetIncoming" | "forgetKept">;
}

const RACES_MAX = 10;

/**
 * Erases an attachment that was removed, or that nobody sent in time: first a mark, from which on nobody opens it, then
 * every version of its bytes, then its name with the key, and an entry that says so. Whatever ends a message has only to
 * mark its attachments `removed` in its own transaction, with a due time. One that is part of a message stays; where it
 * has not been looked into by its time, staff are told, once.
 */
export function createEraseAttachment(ports: ErasePorts) {
  const { read, journal, attachments, contentKeys, objects, now } = ports;

  async function commit(
    record: AttachmentRecord,
    action: string,
    writes: readonly Write[],
    requestId: string,
    told: { readonly taskId?: string } = {},
  ) {
    const { id, patientId, messageId } = record;
    const outcome = await journal.commit(
      {
        action,
        actor: CHECKER,
        role: "function",
        ...(patientId === null ? {} : { patientId }),
        details: { attachmentId: id, ...(messageId === null ? {} : { messageId }), ...told },
        requestId,
      },
      writes,
    );
    return outcome.kind === "committed";
  }

  /** What is part of a message may arrive still; it is only late. */
  async function tell(record: AttachmentRecord, requestId: string): Promise<boolean> {
    const reason = record.state === "waiting" ? "not-arrived" : "not-checked";
    const task = refusedTask(ports, record, reason);
    const change = attachments.changeAttachment(record, { dueAt: null });
    const writes = [change, ...(task === null ? [] : [ports.tasks.addTask(task)])];
    return commit(record, "attachment.overdue", writes, requestId, task === null ? {} : { taskId: task.id });
  }

  return async (id: string, requestId: string): Promise<"erased" | "kept"> => {
    for (let race = 0; race < RACES_MAX; race += 1) {
      const [record] = await read(attachments.attachment(id));
      const at = now();
      if (record === undefined) return "erased";
      if (record.dueAt === null || Date.parse(record.dueAt) > at.getTime()) {
        return record.name === null ? "erased" : "kept";
      }
      if (record.state !== "removed") {
        if (record.messageId !== null) {
          if (await tell(record, requestId)) return "kept";
          continue;
        }
        const mark = attachments.changeAttachment(record, { state: "removed" });
        await commit(record, "attachment.removed", [mark], requestId);
        continue;
      }
      await objects.forgetIncoming(id);
      await objects.forgetKept(id);
      const done = await commit(
        record,
        "attachment.erased",
        [
          attachments.changeAttachment(record, { name: null, dueAt: null }, at),
          contentKeys.removeWrappedKey(id, id),
        ],
        requestId,
      );
      if (done) return "erased";
    }
    throw new Error("the attachment stayed contended; it is erased later");
  };
}

/** What a sweep needs. */
export interface SweepPorts extends ErasePorts {
  /** Ids of attachments that are due, at most so many. */
  readonly dueAttachments: (now: Date, limit: number) => Promise<readonly string[]>;
  readonly onFailure: (attachmentId: string, error: unknown) => void;
}

const SWEEP_MAX = 100;

/** Erases what is due, and tells staff of what is late; one that cannot be erased does not hold up the others, and the next sweep finds it again. */
export function createSweepAttachments(ports: SweepPorts) {
  const erase = createEraseAttachment(ports);
  return async (requestId: string): Promise<{ readonly due: number; readonly erased: number }> => {
    const ids = await ports.dueAttachments(ports.now(), SWEEP_MAX);
    let erased = 0;
    for (const id of ids) {
      try {
        if ((await erase(id, requestId)) === "erased") erased += 1;
      } catch (error) {
        ports.onFailure(id, error);
      }
    }
    return { due: ids.length, erased };
  };
}
