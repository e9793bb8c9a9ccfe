import type { Lookup, ReadSnapshot } from "../audit/journal.ts";
import { entriesAsked } from "./directory.ts";
import type { PageOf } from "./ports.ts";
import type { ApprovalRecord, ApprovalState, Directory } from "./records.ts";

/** How a request stands. `lapsed`: nobody decided, and what it asks about is otherwise by now. */
export type ShownState = ApprovalState | "lapsed";

/** A request with how it stands. */
export type ShownApproval = Omit<ApprovalRecord, "state"> & { readonly state: ShownState };

/** Where few approvals are in the wanted state, a short page comes rather than a slow one. */
const ROUNDS_MAX = 5;

/** Lists approvals, the newest first. A page may be short, even empty, while there are more: `next` tells. */
export function createListApprovals(ports: {
  readonly read: ReadSnapshot;
  readonly vocabulary: { directory(): Lookup<Directory> };
  readonly approvalPages: PageOf<ApprovalRecord>;
}) {
  return async ({
    state,
    limit,
    after,
  }: {
    /** Null: all. */
    readonly state: ShownState | null;
    readonly limit: number;
    readonly after: string | null;
  }): Promise<{ readonly items: readonly ShownApproval[]; readonly next: string | null }> => {
    const [directory] = await ports.read(ports.vocabulary.directory());
    const shown = (approval: ApprovalRecord): ShownApproval => {
      const isLapsed = approval.state === "pending" && entriesAsked(directory, approval) === undefined;
      return isLapsed ? { ...approval, state: "lapsed" } : approval;
    };
    let items: readonly ShownApproval[] = [];
    let next = after;
    for (let round = 1; round <= ROUNDS_MAX; round += 1) {
      const page = await ports.approvalPages(limit - items.length, next);
      items = [...items, ...page.items.map(shown).filter((one) => state === null || one.state === state)];
      next = page.more ? (page.items.at(-1)?.id ?? null) : null;
      if (next === null || items.length >= limit) break;
    }
    return { items, next };
  };
}
