import type { PageOf } from "./ports.ts";
import type { ApprovalRecord, ApprovalState } from "./records.ts";

/** Where few approvals are in the wanted state, a short page comes rather than a slow one. */
const ROUNDS_MAX = 5;

/** Lists approvals, the newest first. A page may be short, even empty, while there are more: `next` tells. */
export function createListApprovals(pages: PageOf<ApprovalRecord>) {
  return async ({
    state,
    limit,
    after,
  }: {
    /** Null: all. */
    readonly state: ApprovalState | null;
    readonly limit: number;
    readonly after: string | null;
  }): Promise<{ readonly items: readonly ApprovalRecord[]; readonly next: string | null }> => {
    let items: readonly ApprovalRecord[] = [];
    let next = after;
    for (let round = 1; round <= ROUNDS_MAX; round += 1) {
      const page = await pages(limit - items.length, next);
      items = [...items, ...page.items.filter((one) => state === null || one.state === state)];
      next = page.more ? (page.items.at(-1)?.id ?? null) : null;
      if (next === null || items.length >= limit) break;
    }
    return { items, next };
  };
}
