import * as z from "zod";
import type { DisowningStore } from "../../portal/wrong-person.ts";
import { ABSENT, put } from "./items.ts";

/** Longer than the link itself is kept, which is 30 days past its end. */
const KEPT_SECONDS = 31 * 24 * 60 * 60;

const Disowning = z.object({ at: z.iso.datetime() });

/** Lookups and writes of the `Messages` table that keep a link from being disowned twice. */
export function createDisownings(table: string): DisowningStore {
  const key = (lookup: string) => ({ pk: `link#${lookup}`, sk: "disowned" });
  return {
    disowning: (lookup) => ({ table, key: key(lookup), parse: (item) => Disowning.parse(item) }),
    addDisowning: ({ lookup, expiresAt }, at) =>
      put(
        table,
        {
          ...key(lookup),
          at,
          expiresAtSeconds: Math.ceil(Date.parse(expiresAt) / 1000) + KEPT_SECONDS,
        },
        ABSENT,
      ),
  };
}
