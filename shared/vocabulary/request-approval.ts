import type { Asking } from "../audit/journal.ts";
import { type KeyedRequest, recall, remembering, slotOf } from "../idempotency/idempotency.ts";
import { entriesAsked, requestOf, waitingNames, withRequest } from "./directory.ts";
import type { ApprovalPorts } from "./ports.ts";
import type { ApprovalRecord } from "./records.ts";

/** What came of asking for a second person. */
export type ApprovalAsked =
  | { readonly kind: "asked"; readonly approval: ApprovalRecord }
  | { readonly kind: "nothing-waits" | "idempotency-conflict" };

const RACES_MAX = 3;

/**
 * Asks a second person about the text names that wait, of one entry or of the whole directory, as they are now. Asking
 * again while the same names are asked about answers with the request that there is; a request that asks about some of
 * them lapses.
 */
export function createRequestApproval(ports: ApprovalPorts) {
  const { read, journal, memory, approvals, vocabulary } = ports;

  async function attempt(
    { target, reason }: { readonly target: string; readonly reason: string },
    asking: Asking,
    keyed: KeyedRequest | null,
  ): Promise<ApprovalAsked | undefined> {
    const [remembered, directory] = await read(memory.remembered(slotOf(keyed)), vocabulary.directory());
    const known = recall<{ readonly id: string }>(keyed, remembered);
    if (known.kind === "conflict") return { kind: "idempotency-conflict" };
    if (known.kind === "same") {
      const [approval] = await read(approvals.approval(known.answer.id));
      if (approval === undefined) throw new Error("an approval that was answered is not stored");
      const { decidedBy: _by, decidedAt: _at, ...asked } = approval;
      return {
        kind: "asked",
        approval: { ...asked, state: "pending", decidedBy: null, decidedAt: null, version: 1 },
      };
    }
    const names = waitingNames(directory, target);
    if (names.length === 0) return { kind: "nothing-waits" };
    const now = ports.now();
    const open = requestOf(directory, names);
    const [earlier] = open === undefined ? [] : await read(approvals.approval(open));
    if (earlier?.state === "pending" && entriesAsked(directory, earlier) !== undefined) {
      const outcome = await journal.commit(
        {
          ...asking,
          action: "approval.requested",
          details: { approvalId: earlier.id, kind: "directory", count: names.length, again: true },
        },
        remembering(memory, keyed, { id: earlier.id }, now),
      );
      return outcome.kind === "committed" ? { kind: "asked", approval: earlier } : undefined;
    }
    const approval = {
      id: ports.newId("apr", now),
      kind: "directory",
      target,
      reason,
      names,
      state: "pending",
      requestedBy: asking.actor,
      requestedAt: now.toISOString(),
      decidedBy: null,
      decidedAt: null,
    } as const;
    const outcome = await journal.commit(
      {
        ...asking,
        action: "approval.requested",
        details: { approvalId: approval.id, kind: "directory", count: names.length },
      },
      [
        approvals.setApproval(approval, 0),
        vocabulary.setDirectory(
          withRequest(directory?.entries ?? [], names, approval.id),
          directory?.version ?? 0,
        ),
        ...remembering(memory, keyed, { id: approval.id }, now),
      ],
    );
    return outcome.kind === "committed"
      ? { kind: "asked", approval: { ...approval, version: 1 } }
      : undefined;
  }

  return async (
    wanted: { readonly target: string; readonly reason: string },
    asking: Asking,
    keyed: KeyedRequest | null,
  ): Promise<ApprovalAsked> => {
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const outcome = await attempt(wanted, asking, keyed);
      if (outcome !== undefined) return outcome;
    }
    throw new Error("the request stayed contended; nothing was asked for");
  };
}
