import { NO_ANCHOR } from "#shared/audit/anchor.ts";
import type { ReadAnchor } from "./anchor-documents.ts";
import type { Finding } from "./finding.ts";
import type { RememberedAnchor } from "./scan-items.ts";

/** What is known of anchors besides their documents. */
export interface SeriesContext {
  readonly remembered: readonly RememberedAnchor[];
  /** Numbers whose document lies there, readable or not. */
  readonly numbers: ReadonlySet<number>;
  /** Numbers of which a file of heads lies there. */
  readonly headsNumbers: ReadonlySet<number>;
  /** Keys that anchors may be signed with; empty: that of the first one. */
  readonly pinnedKeys: readonly string[];
  /** Whether a part of the record is not there or cannot be read. */
  readonly isLossy: boolean;
  /** What an entry wrote before this time is in the export whole. */
  readonly youngMs: number;
}

/**
 * Checks the anchors beside each other: numbers without gaps, each naming the one before, windows that join, one key, and
 * what the entries of the action `anchor.signed` remember. Gives the anchors by number.
 */
export function checkSeries(
  read: readonly ReadAnchor[],
  { remembered, numbers, headsNumbers, pinnedKeys, isLossy, youngMs }: SeriesContext,
  report: (finding: Finding) => void,
): readonly ReadAnchor[] {
  const anchors = byNumber(read, report);
  const memories = eachOnce(remembered);
  const expected = pinnedKeys.length > 0 ? pinnedKeys : anchors.slice(0, 1).map(({ key }) => key);
  checkKeys(anchors, memories, expected, report);
  checkNumbers(numbers, headsNumbers, memories, report);
  checkOrder(anchors, report);
  checkMemory(anchors, memories, { youngMs, isLossy }, report);
  return anchors;
}

/** Windows may overlap: an entry that two exports hold tells no more than one. */
function eachOnce(remembered: readonly RememberedAnchor[]): readonly RememberedAnchor[] {
  const entries = remembered.map((memory) => [JSON.stringify(Object.values(memory)), memory] as const);
  return [...new Map(entries).values()];
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

/** One finding for each key that should not be there. */
function checkKeys(
  anchors: readonly ReadAnchor[],
  memories: readonly RememberedAnchor[],
  expected: readonly string[],
  report: (finding: Finding) => void,
): void {
  const byKey = Map.groupBy(anchors, ({ key }) => key);
  for (const [key, own] of byKey) {
    const [first] = own;
    if (first === undefined || (expected.includes(key) && first.isKeyKnown)) continue;
    const which = own.length === 1 ? "this anchor is" : `this anchor and ${String(own.length - 1)} more are`;
    const says = first.isKeyKnown
      ? `${which} signed with the key ${key}, not with ${expected.join(" or ")}`
      : `${which} signed with the key ${key}, which is not there: what it signed proves nothing`;
    report({ kind: "key-wrong", says, anchor: first.anchor, file: first.file });
  }
  if (expected.length === 0) return;
  const told = Map.groupBy(memories, ({ key }) => key);
  for (const [key, own] of told) {
    const [first] = own;
    if (first === undefined || expected.includes(key) || byKey.has(key)) continue;
    const which =
      own.length === 1 ? "this entry tells" : `this entry and ${String(own.length - 1)} more tell`;
    const says = `${which} of an anchor signed with another key than the expected one`;
    report({ kind: "key-wrong", says, ...placeOf(first) });
  }
}

function placeOf({ chain, sequence, anchor }: RememberedAnchor) {
  return { chain, sequence, ...(Number.isNaN(anchor) ? {} : { anchor }) };
}

/** Every number is there up to the highest one that is known or that an entry tells of; one finding for each gap. */
function checkNumbers(
  known: ReadonlySet<number>,
  headsNumbers: ReadonlySet<number>,
  memories: readonly RememberedAnchor[],
  report: (finding: Finding) => void,
): void {
  const told = new Map(memories.map((memory) => [memory.anchor, memory]));
  let before = 0;
  for (const anchor of [...known].toSorted((one, other) => one - other)) {
    if (anchor > before + 1) reportMissing(before + 1, anchor - 1, told.get(before + 1), report);
    before = anchor;
  }
  const named = new Set([...told.keys(), ...headsNumbers]);
  const beyond = [...named].filter((anchor) => anchor > before).toSorted((one, other) => one - other);
  const last = beyond.at(-1);
  const isSeries = last !== undefined && last - before === beyond.length;
  if (isSeries) reportMissing(before + 1, last, told.get(before + 1), report);
  else for (const anchor of beyond) reportMissing(anchor, anchor, told.get(anchor), report);
  for (const memory of memories)
    if (Number.isNaN(memory.anchor) || memory.anchor < 1) {
      const says = "an entry tells of an anchor without a number";
      report({ kind: "anchor-missing", says, ...placeOf(memory) });
    }
}

function reportMissing(
  from: number,
  to: number,
  memory: RememberedAnchor | undefined,
  report: (finding: Finding) => void,
): void {
  const what = from === to ? "the anchor is not there" : `the anchors to ${String(to)} are not there`;
  if (memory === undefined) report({ kind: "anchor-missing", says: what, anchor: from });
  else report({ kind: "anchor-missing", says: `${what}, and an entry tells of it`, ...placeOf(memory) });
}

function checkOrder(anchors: readonly ReadAnchor[], report: (finding: Finding) => void): void {
  let before: ReadAnchor | undefined;
  for (const current of anchors) {
    const { anchor, file } = current;
    const changed = (says: string) =>
      report({
        kind: "anchor-changed",
        says,
        anchor,
        file,
        ...(before?.isWhole === false || !current.isWhole ? { follows: true } : {}),
      });
    if (anchor === 1) {
      if (current.previous !== NO_ANCHOR || current.fromMs !== null)
        changed("the first anchor names one before it");
    } else if (before?.anchor === anchor - 1) {
      if (current.previous !== before.sha256) changed("the anchor names another one before it");
      else if (current.fromMs === null || current.fromMs > before.untilMs || current.untilMs < before.untilMs)
        changed("the anchor's window does not join that of the one before");
    }
    before = current;
  }
}

/** An anchor is remembered by an entry before the next one is made. */
function checkMemory(
  anchors: readonly ReadAnchor[],
  memories: readonly RememberedAnchor[],
  { youngMs, isLossy }: Pick<SeriesContext, "youngMs" | "isLossy">,
  report: (finding: Finding) => void,
): void {
  const known = new Map(anchors.map((anchor) => [anchor.anchor, anchor]));
  for (const memory of memories) {
    const anchor = known.get(memory.anchor);
    if (anchor === undefined || isAsRemembered(anchor, memory)) continue;
    const says = "an entry tells of another document of this number";
    const follows = anchor.isWhole ? {} : ({ follows: true } as const);
    report({ kind: "anchor-changed", says, ...placeOf(memory), ...follows });
  }
  const told = new Set(memories.map(({ anchor }) => anchor));
  for (const { anchor, file } of anchors.slice(0, -1).filter(({ atMs }) => atMs < youngMs))
    if (!told.has(anchor))
      report({
        kind: "anchor-changed",
        says: "no entry tells of this anchor",
        anchor,
        file,
        ...(isLossy ? { follows: true } : {}),
      });
}

function isAsRemembered(anchor: ReadAnchor, memory: RememberedAnchor): boolean {
  return (
    anchor.sha256 === memory.sha256 &&
    anchor.root === memory.root &&
    anchor.heads === memory.heads &&
    anchor.fromMs === (memory.from === null ? null : Date.parse(memory.from)) &&
    anchor.untilMs === Date.parse(memory.until)
  );
}
