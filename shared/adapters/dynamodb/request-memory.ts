import * as z from "zod";
import type { RequestMemory } from "../../idempotency/idempotency.ts";
import { put } from "./items.ts";

const DAY_SECONDS = 24 * 60 * 60;

const Remembered = z.object({ fingerprint: z.string(), answer: z.string() });

/** The memory of keyed requests in a table; DynamoDB forgets them after 24 hours. */
export function createRequestMemory(table: string, now: () => Date): RequestMemory {
  const key = (slot: string) => ({ pk: `request#${slot}`, sk: "request" });
  const seconds = (time: Date) => Math.floor(time.getTime() / 1000);
  return {
    remembered: (slot) => ({
      table,
      key: key(slot),
      parse: (item) => {
        const remembered = Remembered.parse(item);
        // DynamoDB deletes late: what is over 24 hours old counts as forgotten.
        return Number(item["expiresAtSeconds"]) <= seconds(now()) ? null : remembered;
      },
    }),
    remember: (slot, request, at) =>
      put(
        table,
        { ...key(slot), ...request, expiresAtSeconds: seconds(at) + DAY_SECONDS },
        {
          expression: "attribute_not_exists(pk) OR expiresAtSeconds <= :now",
          values: { ":now": seconds(at) },
        },
      ),
  };
}
