import * as z from "zod";
import type { ReplyStore } from "../../portal/reply-ports.ts";
import { ABSENT, put, update } from "./items.ts";

const DAY_SECONDS = 24 * 60 * 60;

const Taken = z.object({ messageId: z.string() });
const Daily = z.object({ count: z.int().positive() });

/** Lookups and writes of the `Messages` table about replies from the portal; the messages themselves are others'. */
export function createPortalReplies(table: string): ReplyStore {
  const slotKey = (hash: string, slot: string) => ({ pk: `session#${hash}`, sk: `reply#${slot}` });
  const dailyKey = (patientId: string, day: string) => ({ pk: patientId, sk: `replies#${day}` });
  return {
    takenReply: (hash, slot) => ({ table, key: slotKey(hash, slot), parse: (item) => Taken.parse(item) }),
    takeReply: (hash, slot, messageId, endsAt) =>
      put(
        table,
        { ...slotKey(hash, slot), messageId, expiresAtSeconds: Math.ceil(endsAt.getTime() / 1000) },
        ABSENT,
      ),
    dailyReplies: (patientId, day) => ({
      table,
      key: dailyKey(patientId, day),
      parse: (item) => Daily.parse(item),
    }),
    setDailyReplies: (patientId, day, seen, count) =>
      put(
        table,
        {
          ...dailyKey(patientId, day),
          count,
          expiresAtSeconds: Date.parse(`${day}T00:00:00Z`) / 1000 + 2 * DAY_SECONDS,
        },
        seen === undefined
          ? ABSENT
          : { expression: "#count = :seen", names: { "#count": "count" }, values: { ":seen": seen.count } },
      ),
    // What was written only grows, and an upload that comes or goes meanwhile changes their number.
    noteReply: ({ hash, written, uploads }, set) =>
      update({
        table,
        key: { pk: `session#${hash}`, sk: "session" },
        set,
        condition: {
          expression: "size(written) = :written AND size(uploads) = :uploads",
          values: { ":written": written.length, ":uploads": uploads.length },
        },
      }),
  };
}
