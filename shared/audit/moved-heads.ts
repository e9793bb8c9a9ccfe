import type { AnchoredHead } from "./anchor.ts";
import { HEAD_SHARDS } from "./chain.ts";

/** A chain's head as the index of heads shows it, with the time of its newest entry. */
export interface MovedHead extends AnchoredHead {
  readonly at: string;
}

/** Heads of one shard, the one that stood still for longest first; `more` where the limit cut them off. */
export interface ShardHeads {
  readonly heads: readonly MovedHead[];
  readonly more: boolean;
}

/** Reads at most `limit` heads of one shard that moved at `from` or later; null: all. */
export type HeadsOfShard = (shard: string, from: string | null, limit: number) => Promise<ShardHeads>;

/** The heads that one anchor takes. */
export interface MovedHeads {
  readonly heads: readonly AnchoredHead[];
  /** Null where these are all; else heads that stand at this time or later are left for the next anchor. */
  readonly end: string | null;
}

/**
 * Every chain that moved at `from` or later, at most `limit` of them. There is no upper bound in time: a chain that goes
 * on moving stands at its newest place only, and would never be found below one.
 */
export async function collectHeads(
  headsOfShard: HeadsOfShard,
  from: string | null,
  limit: number,
): Promise<MovedHeads> {
  const perShard = Math.ceil(limit / HEAD_SHARDS.length);
  const pages = await Promise.all(HEAD_SHARDS.map((shard) => headsOfShard(shard, from, perShard)));
  const end = pages.filter(({ more }) => more).reduce<string | null>(earliestEnd, null);
  const newest = new Map<string, MovedHead>();
  for (const head of pages.flatMap(({ heads }) => heads)) {
    if (end !== null && head.at >= end) continue;
    // One that moves while its shard is read is shown in both places.
    if ((newest.get(head.chain)?.sequence ?? 0) < head.sequence) newest.set(head.chain, head);
  }
  if (end !== null && newest.size === 0)
    throw new Error("more heads moved at one moment than an anchor takes");
  return { heads: [...newest.values()].map(({ chain, hash, sequence }) => ({ chain, hash, sequence })), end };
}

function earliestEnd(end: string | null, { heads }: ShardHeads): string | null {
  const last = heads.at(-1)?.at ?? null;
  if (end === null || last === null) return last ?? end;
  return last < end ? last : end;
}
