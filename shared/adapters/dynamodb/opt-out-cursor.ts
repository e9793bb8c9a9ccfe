import * as z from "zod";
import type { Lookup, Write } from "../../audit/journal.ts";
import { put } from "./items.ts";

const Cursor = z.object({ token: z.string().nullable() });

/** Where the comparison with the carrier's list goes on, in the `Practice` table. */
export function createOptOutCursor(table: string) {
  const key = { pk: "opt-outs", sk: "cursor" };
  return {
    at: (): Lookup<{ readonly token: string | null }> => ({
      table,
      key,
      parse: (item) => Cursor.parse(item),
    }),
    moveTo: (token: string | null): Write => put(table, { ...key, token }),
  };
}
