import type { ReadSnapshot, Write } from "../audit/journal.ts";
import { idPattern } from "../domain/ids.ts";
import type { AttachmentStore } from "./ports.ts";
import { type AttachmentRecord, dueInMessage } from "./records.ts";

const ATTACHMENT_ID = idPattern("att");

/** The message that attachments become part of. */
export interface BoundTo {
  readonly patientId: string;
  readonly threadId: string;
  readonly messageId: string;
}

/** Attachments that can become part of a message: `writes` go into the message's own transaction. */
export type Binding =
  | { readonly kind: "bindable"; readonly writes: (to: BoundTo) => Write[] }
  /** The first that cannot be, by its place in the list. */
  | { readonly kind: "unbindable"; readonly index: number };

/** What binding needs. */
export interface BindPorts {
  readonly read: ReadSnapshot;
  readonly attachments: AttachmentStore;
}

/** Looks at attachments that are to be part of one message: each must be there once, and fit `fits`. */
export async function bindAttachments(
  { read, attachments }: BindPorts,
  ids: readonly string[],
  fits: (record: AttachmentRecord) => boolean,
): Promise<Binding> {
  const malformed = ids.findIndex((id) => !ATTACHMENT_ID.test(id));
  if (malformed !== -1) return { kind: "unbindable", index: malformed };
  const records = await read(...ids.map((id) => attachments.attachment(id)));
  const bindable: AttachmentRecord[] = [];
  for (const [index, record] of records.entries()) {
    const again = ids.indexOf(ids[index] ?? "") !== index;
    if (record === undefined || again || record.messageId !== null || !fits(record)) {
      return { kind: "unbindable", index };
    }
    bindable.push(record);
  }
  return {
    kind: "bindable",
    writes: (to) =>
      bindable.map((record) =>
        attachments.changeAttachment(record, {
          patientId: to.patientId,
          threadId: to.threadId,
          messageId: to.messageId,
          dueAt: dueInMessage(record),
        }),
      ),
  };
}

/** True for what staff uploaded, and nobody refused or took back; it may not have been looked into yet. */
export function fitsMessageOfStaff({ origin, state }: AttachmentRecord): boolean {
  return origin === "practice" && (state === "waiting" || state === "checking" || state === "ready");
}
