import { NO_ANCHOR } from "#shared/audit/anchor.ts";
import type { ReadAnchor } from "./anchor-documents.ts";
import type { Finding } from "./finding.ts";
import type { RememberedAnchor } from "./scan-items.ts";

/**
 * Checks the anchors beside each other: numbers without gaps, each naming the one before, windows that join, one key, and
 * what the entries of the action `anchor.signed` remember. Gives the anchors by number.
 */
export function checkSeries(
  read: readonly ReadAnchor[],
  remembered: readonly RememberedAnchor[],
  { pinnedKey, youngMs }: { readonly pinnedKey: string | undefined; readonly youngMs: number },
  report: (finding: Finding) => void,
): readonly ReadAnchor[] {
  const anchors = byNumber(read, report);
  checkKeys(anchors, pinnedKey, report);
  checkOrder(anchors, report);
  checkMemory(anchors, remembered, pinnedKey ?? anchors[0]?.key, youngMs, report);
  return anchors;
}

/** One anchor of each number: copies of both buckets may lie side by side. */
function byNumber(read: readonly ReadAnchor[], report: (finding: Finding) => void): readonly ReadAnchor[] {
  const anchors = new Map<number, ReadAnchor>();
  for (const anchor of read.toSorted((one, other) => (one.file < other.file ? -1 : 1))) {
    const known = anchors.get(anchor.anchor);
    if (known === undefined) anchors.set(anchor.anchor, anchor);
    else if (known.sha256 !== anchor.sha256)
      report({
        kind: "anchor-changed",
        says: "there are two different documents of this number",
        anchor: anchor.anchor,
        file: anchor.file,
      });
  }
  return [...anchors.values()].toSorted((one, other) => one.anchor - other.anchor);
}

function checkKeys(
  anchors: readonly ReadAnchor[],
  pinnedKey: string | undefined,
  report: (finding: Finding) => void,
): void {
  const expected = pinnedKey ?? anchors[0]?.key;
  for (const { anchor, key, file } of anchors) {
    if (key === expected) continue;
    const says =
      pinnedKey === undefined
        ? "the anchor was signed with another key than the first one"
        : "the anchor was signed with another key than the one that was named";
    report({ kind: "key-wrong", says, anchor, file });
  }
}

function checkOrder(anchors: readonly ReadAnchor[], report: (finding: Finding) => void): void {
  let before: ReadAnchor | undefined;
  for (const current of anchors) {
    const { anchor, file } = current;
    const changed = (says: string) => report({ kind: "anchor-changed", says, anchor, file });
    const expected = (before?.anchor ?? 0) + 1;
    if (anchor !== expected) {
      const says =
        anchor - 1 === expected
          ? "the anchor is not there"
          : `the anchors to ${String(anchor - 1)} are not there`;
      report({ kind: "anchor-missing", says, anchor: expected });
    } else if (before === undefined) {
      if (current.previous !== NO_ANCHOR || current.fromMs !== null)
        changed("the first anchor names one before it");
    } else if (current.previous !== before.sha256) changed("the anchor names another one before it");
    else if (current.fromMs === null || current.fromMs > before.untilMs || current.untilMs < before.untilMs)
      changed("the anchor's window does not join that of the one before");
    before = current;
  }
}

/** An anchor is remembered by an entry before the next one is made. */
function checkMemory(
  anchors: readonly ReadAnchor[],
  remembered: readonly RememberedAnchor[],
  key: string | undefined,
  youngMs: number,
  report: (finding: Finding) => void,
): void {
  const known = new Map(anchors.map((anchor) => [anchor.anchor, anchor]));
  const told = new Set<number>();
  for (const memory of remembered) {
    const { chain, sequence } = memory;
    const place = { chain, sequence, ...(Number.isNaN(memory.anchor) ? {} : { anchor: memory.anchor }) };
    const anchor = known.get(memory.anchor);
    told.add(memory.anchor);
    if (anchor === undefined) {
      const says = "an entry tells of this anchor, and it is not there";
      report({ kind: "anchor-missing", says, ...place });
    } else if (anchor.sha256 !== memory.sha256 || anchor.root !== memory.root)
      report({ kind: "anchor-changed", says: "an entry tells of another document of this number", ...place });
    if (key !== undefined && memory.key !== key)
      report({ kind: "key-wrong", says: "an entry tells of an anchor signed with another key", ...place });
  }
  for (const { anchor, file } of anchors.slice(0, -1).filter(({ atMs }) => atMs < youngMs))
    if (!told.has(anchor))
      report({ kind: "anchor-changed", says: "no entry tells of this anchor", anchor, file });
}
