import * as z from "zod";
import type { ChainEnd } from "../../audit/chain-end.ts";
import type { Journal, Lookup, ReadSnapshot } from "../../audit/journal.ts";

const SEQUENCE_DIGITS = 12;

const Entry = z.object({
  action: z.string(),
  at: z.iso.datetime(),
  details: z.record(z.string(), z.unknown()).optional(),
});

/** Reads the newest entries of an actor's own chain by their numbers, strongly consistent and without a query. */
export function createChainEnd(
  { read, journal }: { readonly read: ReadSnapshot; readonly journal: Pick<Journal, "head"> },
  table: string,
): ChainEnd {
  const entry = (chain: string, sequence: number): Lookup<z.output<typeof Entry>> => ({
    table,
    key: { pk: chain, sk: String(sequence).padStart(SEQUENCE_DIGITS, "0") },
    parse: (item) => Entry.parse(item),
  });
  return async (actor, limit) => {
    const [head] = await read(journal.head({ actor }));
    const newest = head?.sequence ?? 0;
    const numbers = Array.from({ length: Math.min(limit, newest) }, (_each, index) => newest - index);
    const entries = await read(...numbers.map((sequence) => entry(`actor#${actor}`, sequence)));
    return entries.map((one) => {
      if (one === undefined) throw new Error("an entry of an audit chain is missing");
      return { action: one.action, at: one.at, details: one.details ?? {} };
    });
  };
}
