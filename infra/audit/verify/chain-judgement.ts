import type { Finding } from "./finding.ts";
import type { JudgedHead, Limits, SegmentSummary } from "./segment.ts";

/** What is known of a chain once all its segments were judged. */
export interface ChainOutcome {
  /** Entries beyond the newest anchored one. */
  readonly unanchored: number;
  /** Whether its newest places may be in the export in part: to be looked at in the next one. */
  readonly torn: boolean;
  /** Whether an anchor made after the export knows more of it. */
  readonly beyondExport: boolean;
  readonly hasItems: boolean;
  readonly hasHead: boolean;
}

/** As bytes in Latin-1, as hashes of records are read. */
const GENESIS = "\0".repeat(32);

/** Judges a chain as a whole from its segments in order. */
export function judgeChain(
  chain: string,
  segments: readonly SegmentSummary[],
  limits: Limits,
  report: (finding: Finding) => void,
): ChainOutcome {
  const held = segments.filter(({ places }) => places > 0);
  const heads = segments.flatMap((segment) => segment.heads);
  const last = held.at(-1)?.last ?? null;
  const lastSequence = last?.sequence ?? 0;
  const anchoredBefore = highest(segments, (segment) => segment.anchoredBefore);
  const anchoredEver = highest(segments, (segment) => segment.anchoredEver);
  const youngFrom = youngFromOf(held);
  let torn = false;

  for (const { from, to } of gapsOf(chain, held, report)) {
    if (to + 1 >= youngFrom && from > anchoredEver) torn = true;
    else report(missing(chain, from, to));
  }

  reportDiffering(chain, segments, report);
  const hasItems = held.length > 0 || heads.length > 0;
  const absentBefore = newest(segments.map((segment) => segment.absentBefore));
  const absentLater = newest(segments.map((segment) => segment.absentLater));
  if (absentBefore !== null && last === null) {
    const says = "the export holds no entry of a chain that the anchor names";
    report({ kind: "chain-missing", says, chain, ...absentBefore });
  } else if (absentBefore !== null && absentBefore.sequence > lastSequence) {
    const says = `the anchor names this entry as the newest, the export ends at ${String(lastSequence)}`;
    report({ kind: "anchored-entry-missing", says, chain, ...absentBefore });
  }
  if (hasItems) {
    const headIsTorn = judgeHeads(
      chain,
      heads,
      { last, lastSequence, anchoredBefore, youngFrom },
      limits,
      report,
    );
    torn ||= headIsTorn;
    if (last === null && !headIsTorn && absentBefore === null)
      report(
        missing(
          chain,
          1,
          highest(heads, ({ sequence }) => sequence),
        ),
      );
  }

  const { unanchored, old } = uncoveredOf(held, segments, anchoredBefore);
  if (old !== null) {
    const says = `${String(old.count)} ${old.count === 1 ? "entry is" : "entries are"} older than the newest anchor, and no anchor covers ${old.count === 1 ? "it" : "them"}`;
    report({ kind: "unanchored-too-long", says, chain, sequence: old.first });
  }
  const beyondExport = absentLater !== null && absentLater.sequence > lastSequence;
  return { unanchored, torn, beyondExport, hasItems, hasHead: heads.length > 0 };
}

/** An entry that an anchor names otherwise; what was changed may lie before it, back to the last one that still fits. */
function reportDiffering(
  chain: string,
  segments: readonly SegmentSummary[],
  report: (finding: Finding) => void,
): void {
  let fits = 0;
  for (const segment of segments) {
    fits = Math.max(fits, segment.fits);
    if (segment.differing === null) continue;
    const { sequence } = segment.differing;
    const range = fits + 1 === sequence ? "here" : `between ${String(fits + 1)} and ${String(sequence)}`;
    const known = fits === 0 ? "no anchor names an entry before" : `${String(fits)} is still as anchored`;
    const says = `the entry is not the one that the anchor names; ${known}: the change lies ${range}`;
    report({ kind: "anchored-entry-changed", says, chain, ...segment.differing });
    return;
  }
}

/** Gaps between entries, also from the beginning and between segments; checks the links between segments. */
function gapsOf(
  chain: string,
  held: readonly SegmentSummary[],
  report: (finding: Finding) => void,
): readonly { readonly from: number; readonly to: number }[] {
  const gaps: { from: number; to: number }[] = [];
  let before: SegmentSummary["last"] = { sequence: 0, hashes: [GENESIS] };
  for (const { first, last, gaps: inside } of held) {
    if (first === null || last === null) continue;
    if (first.sequence > before.sequence + 1)
      gaps.push({ from: before.sequence + 1, to: first.sequence - 1 });
    else if (first.previous !== null && !before.hashes.includes(first.previous)) {
      const says =
        first.sequence === 1
          ? "the first entry of the chain names one before it"
          : "the entry does not follow the one before";
      report({ kind: "chain-broken", says, chain, sequence: first.sequence });
    }
    for (const gap of inside) gaps.push(gap);
    before = last;
  }
  return gaps;
}

function missing(chain: string, from: number, to: number): Finding {
  const says =
    from === to ? "the entry is not in the export" : `the entries to ${String(to)} are not in the export`;
  return { kind: "entry-missing", says, chain, sequence: from };
}

/** First place from which on all entries to the end are young. */
function youngFromOf(held: readonly SegmentSummary[]): number {
  let youngFrom = Number.POSITIVE_INFINITY;
  for (const segment of held.toReversed()) {
    youngFrom = Math.min(youngFrom, segment.youngFrom);
    if (segment.youngFrom !== segment.first?.sequence) break;
  }
  return youngFrom;
}

/** Judges the chain's head, the newest and those of earlier exports. True where only the newest places may be torn. */
function judgeHeads(
  chain: string,
  heads: readonly JudgedHead[],
  end: {
    readonly last: SegmentSummary["last"];
    readonly lastSequence: number;
    readonly anchoredBefore: number;
    readonly youngFrom: number;
  },
  limits: Limits,
  report: (finding: Finding) => void,
): boolean {
  const { last, lastSequence, anchoredBefore, youngFrom } = end;
  const source = highest(heads, (head) => head.source);
  const newestHeads = heads.filter((head) => head.source === source);
  const [head] = newestHeads;
  const differs = (says: string) => report({ kind: "head-differs", says, chain });
  if (head === undefined) {
    // A chain that began in the last moments before the export.
    if (youngFrom <= 1 && anchoredBefore === 0) return true;
    report({ kind: "head-missing", says: "the chain has no head", chain });
    return false;
  }
  if (newestHeads.length > 1) differs("the export holds more than one head of the chain");
  if (heads.some(({ malformed }) => malformed)) return false;
  for (const { entry, sequence, source: from } of heads)
    if (from !== source && (entry === "differs" || (entry === "absent" && sequence > lastSequence)))
      differs(`an earlier export's head names another entry ${String(sequence)}`);
  if (head.sequence === lastSequence) {
    if (head.entry !== "fits") differs("the head names the last entry with another hash or time");
    return false;
  }
  const isAhead = head.sequence > lastSequence;
  const from = Math.min(head.sequence, lastSequence) + 1;
  const isYoung = isAhead
    ? head.atMs >= limits.youngMs && head.atMs < limits.lateMs
    : from >= youngFrom && (head.entry === "fits" || head.entry === "absent");
  if (isYoung && from > anchoredBefore) return true;
  // Without any entry the places that the head names are reported as missing.
  if (last !== null)
    differs(`the head names entry ${String(head.sequence)}, the last one is ${String(lastSequence)}`);
  return false;
}

/** The highest number, 0 where there is none. */
function highest<Each>(all: readonly Each[], numberOf: (each: Each) => number): number {
  return all.reduce((found, each) => Math.max(found, numberOf(each)), 0);
}

function newest<Place extends { readonly sequence: number }>(
  places: readonly (Place | null)[],
): Place | null {
  return places.reduce<Place | null>(
    (found, place) => (place !== null && (found === null || place.sequence > found.sequence) ? place : found),
    null,
  );
}

function uncoveredOf(
  held: readonly SegmentSummary[],
  segments: readonly SegmentSummary[],
  anchoredBefore: number,
) {
  const covered = highest(segments, (segment) => segment.covered);
  const beyond = (place: number) => held.filter(({ last }) => (last?.sequence ?? 0) > place);
  const unanchored = beyond(covered).reduce((sum, segment) => sum + segment.uncovered, 0);
  const olds = beyond(Math.max(covered, anchoredBefore)).flatMap(({ uncoveredOld }) => uncoveredOld ?? []);
  const [first] = olds;
  const old =
    first === undefined
      ? null
      : { count: olds.reduce((sum, { count }) => sum + count, 0), first: first.first };
  return { unanchored, old };
}
