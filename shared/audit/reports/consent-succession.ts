import type { LedgerRow } from "./ledger-row.ts";
import { compareTexts } from "./order.ts";

/** A grant with this wording was never asked for: a START restored it. */
const START_WORDING = "stop";

/** What the order of decisions tells of each, by its id. */
export interface Succession {
  /** The grant that a revocation ended: what was last agreed to for its purpose and channel. */
  readonly ended: ReadonlyMap<string, string>;
  /** The grant that a START restored. */
  readonly carried: ReadonlyMap<string, string>;
}

/** What ended and what restored what, in the order of time. */
export function successionOf(ledger: readonly LedgerRow[]): Succession {
  const standing = new Map<string, string>();
  const stopped = new Map<string, string>();
  const ended = new Map<string, string>();
  const carried = new Map<string, string>();
  const inOrder = ledger.toSorted(
    (one, other) =>
      compareTexts(one.recordedAt, other.recordedAt) || compareTexts(one.consentId, other.consentId),
  );
  for (const row of inOrder) {
    const { consentId, decision } = row;
    const key = `${row.patientId} ${row.purpose} ${row.channel}`;
    const grant = standing.get(key);
    if (decision === "granted") {
      const restored = stopped.get(key) ?? grant;
      if (row.wording === START_WORDING && restored !== undefined) carried.set(consentId, restored);
      standing.set(key, consentId);
      stopped.delete(key);
    }
    if (decision !== "revoked") continue;
    standing.delete(key);
    const undone = row.ended ?? grant;
    if (grant !== undefined) ended.set(consentId, grant);
    if (undone !== undefined) stopped.set(key, undone);
  }
  return { ended, carried };
}
