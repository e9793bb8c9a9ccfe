import type { Asking, Journal, ReadSnapshot } from "../audit/journal.ts";
import type { Tier } from "../domain/words.ts";
import type { AttachmentStore, OpenName, SignDownload, WrappedKeys } from "./ports.ts";
import type { AttachmentRecord } from "./records.ts";
import { type NamedAttachment, named, unnamed } from "./shown.ts";

/** Attachments count as this until they are classified, which nothing does (DESIGN §3.4). */
export const ATTACHMENT_TIER: Tier = 3;

/** An attachment as staff see it; no name and no address beyond what the role may read. */
export interface OpenedAttachment extends Omit<NamedAttachment, "name"> {
  readonly name?: string;
  readonly messageId: string | null;
  readonly download?: string;
}

/** What opening attachments for staff needs. */
export interface OpenAttachmentPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly attachments: Pick<AttachmentStore, "attachment">;
  readonly contentKeys: WrappedKeys;
  readonly openName: OpenName;
  readonly signDownload: SignDownload;
}

/**
 * Tells staff of an attachment, and where a ready one can be fetched for a minute. The entry is written before its name is
 * opened and before the address is made. What a patient uploaded and did not send is nobody's to see.
 */
export function createOpenAttachment(ports: OpenAttachmentPorts) {
  const { read, journal, attachments } = ports;

  async function record(
    { id, patientId, threadId, messageId, state }: AttachmentRecord,
    asking: Asking,
  ): Promise<void> {
    await journal.record({
      ...asking,
      action: "attachment.opened",
      ...(patientId === null ? {} : { patientId }),
      details: {
        attachmentId: id,
        state,
        ...(threadId === null ? {} : { threadId }),
        ...(messageId === null ? {} : { messageId }),
      },
    });
  }

  return async (
    id: string,
    { readableTier, ...asking }: Asking & { readonly readableTier: Tier | 0 },
  ): Promise<OpenedAttachment | undefined> => {
    const [found] = await read(attachments.attachment(id));
    if (found === undefined || (found.origin === "patient" && found.messageId === null)) return undefined;
    const shown = unnamed(found);
    if (shown === undefined) return undefined;
    const { messageId, type, state } = found;
    if (readableTier < ATTACHMENT_TIER) return { ...shown, messageId };
    await record(found, asking);
    const opened = await named(ports, found);
    if (opened === undefined) return undefined;
    if (state !== "ready") return { ...opened, messageId };
    return { ...opened, messageId, download: await ports.signDownload({ id, type }) };
  };
}
