import * as z from "zod";
import { ALERT_KINDS } from "../../domain/alerts/kinds.ts";
import type { InboundStore } from "../../inbound/ports.ts";
import { laterMark } from "../../messaging/link-marks.ts";
import { ABSENT, put } from "./items.ts";

const DAY_SECONDS = 24 * 60 * 60;
/** AWS tells no end to how late a text may be published again. */
const MARK_SECONDS = 30 * DAY_SECONDS;
const COUNT_SECONDS = 2 * DAY_SECONDS;

const Mark = z.discriminatedUnion("stage", [
  z.object({ stage: z.literal("begun"), answer: z.enum(ALERT_KINDS).nullable() }),
  z.object({ stage: z.literal("done") }),
]);

const Day = z.object({ texts: z.int(), distressAnswers: z.int(), visitAnswers: z.int().default(0) });

const epochSeconds = (time: Date) => Math.floor(time.getTime() / 1000);

/** Lookups and writes of the `Messages` table that keep inbound texts from being dealt with twice, or without end. */
export function createInboundTable(table: string): InboundStore {
  const markKey = (inboundId: string) => ({ pk: `inbound#${inboundId}`, sk: "mark" });
  const dayKey = (index: string, day: string) => ({ pk: `inbound-day#${index}`, sk: day });
  return {
    mark: (inboundId) => ({ table, key: markKey(inboundId), parse: (item) => Mark.parse(item) }),
    setMark: (inboundId, mark, at) =>
      put(
        table,
        { ...markKey(inboundId), ...mark, expiresAtSeconds: epochSeconds(at) + MARK_SECONDS },
        {
          expression: "attribute_not_exists(pk) OR stage = :begun",
          values: { ":begun": "begun" },
        },
      ),
    day: (index, day) => ({ table, key: dayKey(index, day), parse: (item) => Day.parse(item) }),
    setDay: (index, day, after) =>
      put(table, {
        ...dayKey(index, day),
        ...after,
        expiresAtSeconds: epochSeconds(new Date(day)) + COUNT_SECONDS + DAY_SECONDS,
      }),
    revokeLinks: (patientId, at, seen) => {
      const before = laterMark(at, seen?.linksRevokedBefore);
      return put(
        table,
        { pk: patientId, sk: "marks", linksRevokedBefore: before, erasedAt: seen?.erasedAt ?? null },
        seen === undefined
          ? ABSENT
          : {
              expression:
                "(attribute_not_exists(erasedAt) OR erasedAt = :erased) AND (attribute_not_exists(linksRevokedBefore) OR linksRevokedBefore = :never OR linksRevokedBefore <= :before)",
              values: { ":erased": seen.erasedAt, ":never": null, ":before": before },
            },
      );
    },
  };
}
