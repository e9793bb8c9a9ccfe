import * as z from "zod";
import type { AttachmentStore } from "../../attachments/ports.ts";
import type { AttachmentRecord } from "../../attachments/records.ts";
import type { Lookup, Write } from "../../audit/journal.ts";
import { ATTACHMENT_STATES, ATTACHMENT_TYPES, REFUSALS } from "../../domain/attachments/kinds.ts";
import type { PortalSession } from "../../portal/records.ts";
import { ABSENT, atVersion, put, update } from "./items.ts";
import { unchangedList } from "./unchanged-list.ts";

/** Their shard of the due index; alerts have their own. */
export const UNSENT_SHARD = "uploads";

const DAY_SECONDS = 24 * 60 * 60;

const Time = z.iso.datetime();

const Attachment = z.object({
  id: z.string(),
  origin: z.enum(["practice", "patient"]),
  uploader: z.string(),
  patientId: z.string().nullable(),
  threadId: z.string().nullable(),
  messageId: z.string().nullable(),
  type: z.enum(ATTACHMENT_TYPES),
  sizeBytes: z.int(),
  state: z.enum([...ATTACHMENT_STATES, "removed"]),
  refusal: z.enum(REFUSALS).nullable(),
  name: z.instanceof(Uint8Array).nullable(),
  createdAt: Time,
  dueAt: Time.nullable().default(null),
  version: z.int(),
});

const DailyUploads = z.object({ count: z.int().nonnegative() });

/** Where an attachment lies. */
export const attachmentKey = (id: string) => ({ pk: id, sk: "attachment" });

/** Lookups and writes of attachments, which lie in the `Messages` table under their own ids. */
export function createAttachmentsTable(table: string): AttachmentStore & {
  /** Uploads of a patient on one day (UTC). */
  dailyUploads(patientId: string, day: string): Lookup<{ readonly count: number }>;
  /** Sets them, only while they are as they were read (0: none yet). */
  setDailyUploads(patientId: string, day: string, seen: number, count: number): Write;
  /** Sets what a portal session uploaded and did not send, only while that is as it was read. */
  setUploads(session: Pick<PortalSession, "hash" | "uploads">, uploads: readonly string[]): Write;
} {
  const dailyKey = (patientId: string, day: string) => ({ pk: patientId, sk: `uploads#${day}` });
  return {
    attachment: (id): Lookup<AttachmentRecord> => ({
      table,
      key: attachmentKey(id),
      parse: (item) => Attachment.parse(item),
    }),
    addAttachment: ({ dueAt, ...attachment }) =>
      put(
        table,
        {
          ...attachmentKey(attachment.id),
          ...attachment,
          ...(dueAt === null ? {} : { dueAt, dueShard: UNSENT_SHARD }),
        },
        ABSENT,
      ),
    changeAttachment: ({ id, version }, { dueAt, ...set }, forgetFrom) =>
      update({
        table,
        key: attachmentKey(id),
        set: {
          ...set,
          version: version + 1,
          ...(typeof dueAt === "string" ? { dueAt, dueShard: UNSENT_SHARD } : {}),
          ...(forgetFrom === undefined
            ? {}
            : { expiresAtSeconds: Math.ceil(forgetFrom.getTime() / 1000) + DAY_SECONDS }),
        },
        remove: dueAt === null ? ["dueAt", "dueShard"] : [],
        condition: atVersion(version),
      }),
    dailyUploads: (patientId, day) => ({
      table,
      key: dailyKey(patientId, day),
      parse: (item) => DailyUploads.parse(item),
    }),
    setUploads: ({ hash, uploads: seen }, uploads) =>
      update({
        table,
        key: { pk: `session#${hash}`, sk: "session" },
        set: { uploads },
        condition: unchangedList("uploads", seen),
      }),
    setDailyUploads: (patientId, day, seen, count) =>
      put(
        table,
        {
          ...dailyKey(patientId, day),
          count,
          expiresAtSeconds: Math.ceil(Date.parse(`${day}T00:00:00Z`) / 1000) + 2 * DAY_SECONDS,
        },
        seen === 0
          ? ABSENT
          : { expression: "#seen = :seen", names: { "#seen": "count" }, values: { ":seen": seen } },
      ),
  };
}
