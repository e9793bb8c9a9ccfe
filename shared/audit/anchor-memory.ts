import { type Anchor, sha256Hex } from "./anchor.ts";
import type { RememberedEntry } from "./chain-end.ts";
import type { AuditValue } from "./journal.ts";

/** `until` of an anchor before the first complete one. */
export const NO_TIME = "1970-01-01T00:00:00.000Z";

/** An entry appears in the index of heads within this time, however late its write came through. */
const OVERLAP_MS = 15 * 60 * 1000;

/** What is remembered of the last anchor. Each entry of the maker's chain holds it, so that the newest one is enough. */
export interface AnchorMemory {
  readonly anchor: number;
  /** Of its document as it is stored. */
  readonly sha256: string;
  readonly until: string;
  /** Fingerprint of the key that signed it, which lies beside it. */
  readonly key: string;
  /** `from` of the next anchor. */
  readonly from: string;
  /** Where the next one goes on where the last was a part, and what all parts together reach; null: it was none. */
  readonly rest: { readonly next: string; readonly due: string } | null;
}

/** What is remembered after `anchor`, which lies in `document`; `rest` is what it left where it was a part. */
export function memoryAfter(
  before: AnchorMemory | null,
  anchor: Anchor,
  document: string,
  rest: AnchorMemory["rest"],
): AnchorMemory {
  const isPart = anchor.until === (before?.until ?? NO_TIME);
  return {
    anchor: anchor.anchor,
    sha256: sha256Hex(document),
    until: anchor.until,
    key: anchor.key,
    from: isPart ? (anchor.from ?? NO_TIME) : earlier(anchor.until, OVERLAP_MS),
    rest,
  };
}

/** The form in which an entry's details hold it. */
export function storedMemory(memory: AnchorMemory | null): { readonly memory: AuditValue } {
  if (memory === null) return { memory: null };
  const { rest, ...last } = memory;
  return { memory: { ...last, next: rest?.next ?? null, due: rest?.due ?? null } };
}

/** What the newest entry of the maker's chain remembers; null where no anchor was made yet. */
export function memoryOf({ details }: RememberedEntry): AnchorMemory | null {
  const stored = details["memory"];
  if (stored === null) return null;
  const { anchor, sha256, until, key, from, next, due } = (stored ?? {}) as Readonly<Record<string, unknown>>;
  if (
    typeof anchor !== "number" ||
    typeof sha256 !== "string" ||
    typeof until !== "string" ||
    typeof key !== "string" ||
    typeof from !== "string"
  ) {
    throw new Error("the last entry of the anchors' chain does not say where they ended");
  }
  const rest = typeof next === "string" && typeof due === "string" ? { next, due } : null;
  return { anchor, sha256, until, key, from, rest };
}

/** A time so many milliseconds before another, ISO 8601 UTC. */
export function earlier(time: string, milliseconds: number): string {
  return new Date(Date.parse(time) - milliseconds).toISOString();
}
