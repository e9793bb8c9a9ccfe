import { judgeChain } from "./chain-judgement.ts";
import type { Finding, Findings } from "./finding.ts";
import { type Limits, SegmentRecords, type SegmentSummary } from "./segment.ts";
import { type BlockReader, ENTRY_FLAG, HASH_BYTES, RECORD, type SpilledBucket } from "./spill.ts";

const CHAINS_NAMED_MAX = 1000;

/** What the chains of a bucket, or of all, came to. */
export interface ChainTotals {
  chains: number;
  /** Places with an entry, however many exports hold it. */
  entries: number;
  /** Chains with a head. */
  heads: number;
  /** Places whose entry tells of a text that was sent. */
  texts: number;
  unanchored: number;
  /** Chains whose newest places may be in the export in part; the first of them by name. */
  torn: number;
  readonly tornChains: string[];
  /** Chains of which later anchors know more than the export; the first of them by name. */
  beyond: number;
  readonly beyondChains: string[];
}

/** Nothing yet. */
export function noChains(): ChainTotals {
  const counts = { chains: 0, entries: 0, heads: 0, texts: 0, unanchored: 0, torn: 0, beyond: 0 };
  return { ...counts, tornChains: [], beyondChains: [] };
}

/** Adds what other chains came to. */
export function addChains(totals: ChainTotals, others: ChainTotals): void {
  totals.chains += others.chains;
  totals.entries += others.entries;
  totals.heads += others.heads;
  totals.texts += others.texts;
  totals.unanchored += others.unanchored;
  totals.torn += others.torn;
  totals.beyond += others.beyond;
  const room = (names: readonly string[]) => Math.max(0, CHAINS_NAMED_MAX - names.length);
  totals.tornChains.push(...others.tornChains.slice(0, room(totals.tornChains)));
  totals.beyondChains.push(...others.beyondChains.slice(0, room(totals.beyondChains)));
}

/** Judges a chain from its segments and counts it. */
export function addChain(
  totals: ChainTotals,
  chain: string,
  segments: readonly SegmentSummary[],
  limits: Limits,
  report: (finding: Finding) => void,
): void {
  const outcome = judgeChain(chain, segments, limits, report);
  const { unanchored, torn, beyondExport } = outcome;
  addChains(totals, {
    chains: outcome.hasItems ? 1 : 0,
    entries: segments.reduce((sum, { places }) => sum + places, 0),
    heads: outcome.hasHead ? 1 : 0,
    texts: segments.reduce((sum, { texts }) => sum + texts, 0),
    unanchored,
    torn: torn ? 1 : 0,
    tornChains: torn ? [chain] : [],
    beyond: beyondExport ? 1 : 0,
    beyondChains: beyondExport ? [chain] : [],
  });
}

/** Segments of chains that have more than one. */
export interface LongChainSegment {
  readonly chain: string;
  readonly summary: SegmentSummary;
}

/** Judges all chains of a bucket; segments of long chains are handed on. */
export function mergeBucket(
  spilled: readonly SpilledBucket[],
  longChains: ReadonlySet<string>,
  limits: Limits,
  findings: Findings,
  reader: BlockReader,
): { readonly totals: ChainTotals; readonly segments: readonly LongChainSegment[] } {
  const totals = noChains();
  const segments: LongChainSegment[] = [];
  const report = (finding: Finding) => findings.add(finding);
  for (const records of sorted(reader.read(spilled))) {
    const { chain } = records;
    const summary = records.judge(limits, report);
    if (longChains.has(chain)) segments.push({ chain, summary });
    else addChain(totals, chain, [summary], limits, report);
  }
  return { totals, segments };
}

/** The records of blocks by chain and segment. */
function sorted(blocks: readonly Buffer[]): Iterable<SegmentRecords> {
  const bySegment = new Map<string, SegmentRecords>();
  blocks.forEach((block, index) => {
    let current: SegmentRecords | undefined;
    for (let offset = 0; offset < block.length; ) {
      const type = block[offset] ?? 0;
      if (type === RECORD.name) {
        const segment = block.readUInt32LE(offset + 1);
        const end = offset + 7 + block.readUInt16LE(offset + 5);
        const chain = block.toString("utf8", offset + 7, end);
        const key = `${chain}\n${String(segment)}`;
        current = bySegment.get(key);
        if (current === undefined) {
          current = new SegmentRecords(chain, segment, blocks);
          bySegment.set(key, current);
        }
        offset = end;
        continue;
      }
      current?.add(type, index, offset);
      offset += lengthOf(type, block[offset + 3] ?? 0);
    }
  });
  return bySegment.values();
}

function lengthOf(type: number, flags: number): number {
  if (type === RECORD.anchored) return 8 + HASH_BYTES;
  if (type === RECORD.head) return 14 + HASH_BYTES;
  if (type !== RECORD.entry) throw new RangeError("a temporary file holds an unknown record");
  const extra = ((flags & ENTRY_FLAG.previous) === 0 ? 0 : 1) + ((flags & ENTRY_FLAG.changed) === 0 ? 0 : 1);
  return 14 + HASH_BYTES * (1 + extra);
}
