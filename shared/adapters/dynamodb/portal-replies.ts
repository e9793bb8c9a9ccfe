import * as z from "zod";
import type { ReplyStore } from "../../portal/reply-ports.ts";
import { ABSENT, put, update } from "./items.ts";
import { unchangedList } from "./unchanged-list.ts";

const DAY_SECONDS = 24 * 60 * 60;

const Taken = z.object({ messageId: z.string() });
const Daily = z.object({ count: z.int().positive() });

/** Lookups and writes of the `Messages` table about replies from the portal; the messages themselves are others'. */
export function createPortalReplies(table: string): ReplyStore {
  const slotKey = (lookup: string, slot: string) => ({ pk: `link#${lookup}`, sk: `reply#${slot}` });
  const dailyKey = (patientId: string, day: string) => ({ pk: patientId, sk: `replies#${day}` });
  return {
    takenReply: (lookup, slot) => ({ table, key: slotKey(lookup, slot), parse: (item) => Taken.parse(item) }),
    takeReply: (lookup, slot, messageId, endsAt) =>
      put(
        table,
        { ...slotKey(lookup, slot), messageId, expiresAtSeconds: Math.ceil(endsAt.getTime() / 1000) },
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
    noteReply: ({ hash, written, uploads }, set) => {
      const conditions = [unchangedList("written", written), unchangedList("uploads", uploads)];
      return update({
        table,
        key: { pk: `session#${hash}`, sk: "session" },
        set,
        condition: {
          expression: conditions.map(({ expression }) => expression).join(" AND "),
          values: Object.assign({}, ...conditions.map(({ values }) => values)),
        },
      });
    },
  };
}
