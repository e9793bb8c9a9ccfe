import type { ReadSnapshot } from "../audit/journal.ts";
import type { MessageRecord } from "../messaging/records.ts";
import { viaOf, writerOf } from "../threads/owner.ts";
import type { OpenContent, WrappedKeyStore } from "./ports.ts";
import type { PortalSession } from "./records.ts";
import type { ShownAttachment, ShownMessage } from "./shown.ts";
import { isCovered } from "./thread-page.ts";

/** What opening messages needs. */
export interface OpenMessagesPorts {
  readonly read: ReadSnapshot;
  readonly contentKeys: WrappedKeyStore;
  readonly openContent: OpenContent;
}

/**
 * The words of messages. One without a wrapped key was erased and stays closed. The tier that was
 * sealed with the words decides, whatever the table says by now.
 */
export async function openMessages(
  { read, contentKeys, openContent }: OpenMessagesPorts,
  records: readonly MessageRecord[],
  session: Pick<PortalSession, "tier" | "written">,
  attachmentsOf: (ids: readonly string[]) => readonly ShownAttachment[],
): Promise<readonly ShownMessage[]> {
  if (records.length === 0) return [];
  const keys = await read(...records.map(({ patientId, id }) => contentKeys.wrappedKey(patientId, id)));
  const opened = await Promise.all(
    records.map(async (record, index): Promise<readonly ShownMessage[]> => {
      const wrapped = keys[index]?.wrapped;
      if (wrapped === undefined) return [];
      const { tier, subject, body } = await openContent(record, wrapped);
      const { id, createdAt, seenAt } = record;
      if (!isCovered({ id, tier }, session)) return [];
      const from = writerOf(record.sender) === "patient" ? "patient" : "practice";
      const via = viaOf(record);
      const attachments = attachmentsOf(record.attachmentIds);
      return [{ id, createdAt, from, via, subject, body, attachments, seenAt }];
    }),
  );
  return opened.flat();
}
