import type { Finding } from "./finding.ts";
import { ANCHORED_WEAK, ENTRY_FLAG, HASH_BYTES, HEAD_MALFORMED, RECORD, SEGMENT_PLACES } from "./spill.ts";

/** By which times entries are judged, in milliseconds since 1970. */
export interface Limits {
  /** What was written at this time or later may be in the export in part (exports are not transactional). */
  readonly youngMs: number;
  /** What names this time or a later one was not there when the export was made. */
  readonly lateMs: number;
  /** What was written before should be covered by an anchor. */
  readonly oldMs: number;
  /** Anchors with this number or a higher one may know more than the export. */
  readonly laterAnchor: number;
  /** Whether it is accepted that later anchors know more. */
  readonly asOfExport: boolean;
}

/** A head item and whether the entry that it names is as it says. */
export interface JudgedHead {
  readonly sequence: number;
  readonly source: number;
  readonly atMs: number;
  readonly entry: "fits" | "differs" | "absent";
  readonly malformed: boolean;
}

/** A place of a chain that an anchor names. */
export interface AnchoredPlace {
  readonly sequence: number;
  readonly anchor: number;
}

/** What one segment of a chain tells the whole chain. */
export interface SegmentSummary {
  readonly segment: number;
  /** Places with an entry. */
  readonly places: number;
  /** Places whose entry tells of a text. */
  readonly texts: number;
  readonly first: { readonly sequence: number; readonly previous: string | null } | null;
  readonly last: { readonly sequence: number; readonly hashes: readonly string[] } | null;
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
  /** First place from which on all entries are young; infinite where the last one is not. */
  readonly youngFrom: number;
  readonly heads: readonly JudgedHead[];
  /** Highest place whose entry is the one that an anchor names. */
  readonly covered: number;
  /** Highest place that an anchor before the export names, held or not. */
  readonly anchoredBefore: number;
  /** Highest place that any anchor names, also one made after the export. */
  readonly anchoredEver: number;
  /** The first place whose entry is not the one that an anchor names. */
  readonly differing: AnchoredPlace | null;
  /** The last place before it whose entry is; 0: none. */
  readonly fits: number;
  /** The newest places that anchors name, made before the export or later, and that it does not hold. */
  readonly absentBefore: AnchoredPlace | null;
  readonly absentLater: AnchoredPlace | null;
  /** Entries beyond the anchored ones of this segment. */
  readonly uncovered: number;
  readonly uncoveredOld: { readonly count: number; readonly first: number } | null;
}

/** More entries of one place are not compared: that they are there is a finding. */
const CANDIDATES_MAX = 1000;
const HEADS_MAX = 100_000;

/** An entry's record, read where it lies. */
interface Candidate {
  readonly place: number;
  readonly flags: number;
  readonly source: number;
  readonly atMs: number;
  readonly hash: string;
  readonly previous: string | null;
  readonly computed: string | null;
}

/** Records of one segment of one chain, as they lie in the blocks of a bucket. */
export class SegmentRecords {
  readonly chain: string;
  readonly segment: number;
  readonly #blocks: readonly Buffer[];
  /** Block and offset of each record, in pairs. */
  readonly #entries: number[] = [];
  readonly #heads: number[] = [];
  readonly #anchored: number[] = [];

  constructor(chain: string, segment: number, blocks: readonly Buffer[]) {
    this.chain = chain;
    this.segment = segment;
    this.#blocks = blocks;
  }

  add(type: number, block: number, offset: number): void {
    if (type === RECORD.entry) this.#entries.push(block, offset);
    else if (type === RECORD.head) this.#heads.push(block, offset);
    else this.#anchored.push(block, offset);
  }

  get hasItems(): boolean {
    return this.#entries.length + this.#heads.length > 0;
  }

  /** Judges the segment by itself; `report` takes what it finds. */
  judge(limits: Limits, report: (finding: Finding) => void): SegmentSummary {
    const base = this.segment * SEGMENT_PLACES + 1;
    const order = this.#inOrder(this.#entries);
    const places: number[] = [];
    const hashes: string[][] = [];
    const times: number[] = [];
    const gaps: { from: number; to: number }[] = [];
    let texts = 0;
    let first: SegmentSummary["first"] = null;
    for (let index = 0; index < order.length; ) {
      const { candidates, count } = this.#candidates(order, index);
      index += count;
      const [entry] = candidates;
      if (entry === undefined) break;
      const sequence = base + entry.place;
      const settled = this.#settle(candidates, sequence, report);
      const before = places.at(-1);
      const link = settled.find(({ computed }) => computed === null);
      if (before === undefined) {
        first = { sequence, previous: link === undefined ? null : link.previous };
      } else if (before === sequence - 1) {
        const known = hashes.at(-1) ?? [];
        const fits = settled.some(
          ({ computed, previous }) => computed !== null || previous === null || known.includes(previous),
        );
        if (!fits) report(this.#broken(sequence));
      } else gaps.push({ from: before + 1, to: sequence - 1 });
      places.push(sequence);
      if (settled.some(({ flags }) => (flags & ENTRY_FLAG.text) !== 0)) texts += 1;
      hashes.push(settled.flatMap(({ hash, computed }) => (computed === null ? [hash] : [hash, computed])));
      times.push(
        Math.min(...settled.map(({ atMs }) => (Number.isNaN(atMs) ? Number.POSITIVE_INFINITY : atMs))),
      );
    }
    const find = (sequence: number) => indexOf(places, sequence);
    const heads = this.#judgeHeads(base, (sequence) => {
      const at = find(sequence);
      return at < 0 ? undefined : { hashes: hashes[at] ?? [], atMs: times[at] ?? 0 };
    });
    const anchored = this.#judgeAnchored(base, limits, (sequence) => hashes[find(sequence)]);
    let youngFrom = Number.POSITIVE_INFINITY;
    const isYoung = (atMs = 0) => atMs >= limits.youngMs && atMs < limits.lateMs;
    for (let index = places.length - 1; index >= 0 && isYoung(times[index]); index -= 1)
      youngFrom = places[index] ?? youngFrom;
    let uncovered = 0;
    let oldCount = 0;
    let firstOld = 0;
    for (let index = places.length - 1; index >= 0 && (places[index] ?? 0) > anchored.covered; index -= 1) {
      uncovered += 1;
      // Before a place that an anchor names, held or not, nothing waits for an anchor.
      if ((times[index] ?? 0) >= limits.oldMs || (places[index] ?? 0) <= anchored.anchoredBefore) continue;
      oldCount += 1;
      firstOld = places[index] ?? 0;
    }
    const lastPlace = places.at(-1);
    return {
      segment: this.segment,
      places: places.length,
      texts,
      first,
      last: lastPlace === undefined ? null : { sequence: lastPlace, hashes: hashes.at(-1) ?? [] },
      gaps,
      youngFrom,
      heads,
      ...anchored,
      uncovered,
      uncoveredOld: oldCount === 0 ? null : { count: oldCount, first: firstOld },
    };
  }

  #broken(sequence: number): Finding {
    const says = "the entry does not follow the one before";
    return { kind: "chain-broken", says, chain: this.chain, sequence };
  }

  /** Pairs of block and offset by place; those of one place as they came. */
  #inOrder(pairs: readonly number[]): readonly number[] {
    const order = Array.from({ length: pairs.length / 2 }, (_pair, index) => index);
    const placeOf = (index: number) => this.#u16(pairs[2 * index], pairs[2 * index + 1], 1);
    const placesOf = order.map(placeOf);
    const isSorted = placesOf.every((place, index) => index === 0 || place >= (placesOf[index - 1] ?? 0));
    if (!isSorted) order.sort((one, other) => (placesOf[one] ?? 0) - (placesOf[other] ?? 0) || one - other);
    return order;
  }

  /** The entries of the place that begins at `index` of `order`, and how many there are. */
  #candidates(
    order: readonly number[],
    index: number,
  ): { readonly candidates: readonly Candidate[]; readonly count: number } {
    const candidates: Candidate[] = [];
    let count = 0;
    for (let next = index; next < order.length; next += 1) {
      const at = 2 * (order[next] ?? 0);
      const candidate = this.#readEntry(this.#entries[at], this.#entries[at + 1]);
      if (candidates[0] !== undefined && candidates[0].place !== candidate.place) break;
      count += 1;
      if (candidates.length < CANDIDATES_MAX) candidates.push(candidate);
    }
    return { candidates, count };
  }

  /** Which of the entries of one place count; more than one only where they differ. */
  #settle(
    candidates: readonly Candidate[],
    sequence: number,
    report: (finding: Finding) => void,
  ): readonly Candidate[] {
    const [only] = candidates;
    if (candidates.length === 1 && only !== undefined) return candidates;
    const atHome = candidates.filter(({ flags }) => (flags & ENTRY_FLAG.misplaced) === 0);
    const counted = atHome.length > 0 ? atHome : candidates;
    const different = counted.filter(
      ({ hash, computed }, index) =>
        counted.findIndex((each) => each.hash === hash && each.computed === computed) === index,
    );
    const sources = new Set(counted.map(({ source }) => source));
    const doubled = { kind: "entry-doubled", chain: this.chain, sequence } as const;
    if (sources.size < counted.length)
      report({ ...doubled, says: "the export holds more than one entry of this place" });
    else if (different.length > 1)
      report({ ...doubled, says: "two exports hold different entries of this place" });
    return different;
  }

  #judgeHeads(
    base: number,
    entryAt: (sequence: number) => { readonly hashes: readonly string[]; readonly atMs: number } | undefined,
  ): readonly JudgedHead[] {
    const heads: JudgedHead[] = [];
    for (let index = 0; index < Math.min(this.#heads.length, 2 * HEADS_MAX); index += 2) {
      const [block, offset] = [this.#heads[index], this.#heads[index + 1]];
      const sequence = base + this.#u16(block, offset, 1);
      const malformed = (this.#u8(block, offset, 3) & HEAD_MALFORMED) !== 0;
      const atMs = this.#f64(block, offset, 6);
      const entry = entryAt(sequence);
      const fits =
        entry?.hashes.includes(this.#hash(block, offset, 14)) === true &&
        // The time of an entry that was changed cannot be trusted.
        (entry.atMs === atMs || entry.atMs === Number.POSITIVE_INFINITY);
      const told = fits ? "fits" : "differs";
      heads.push({
        sequence,
        source: this.#u16(block, offset, 4),
        atMs,
        entry: entry === undefined ? "absent" : told,
        malformed,
      });
    }
    return heads;
  }

  #judgeAnchored(
    base: number,
    limits: Limits,
    hashesAt: (sequence: number) => readonly string[] | undefined,
  ): Pick<
    SegmentSummary,
    "covered" | "anchoredBefore" | "anchoredEver" | "absentBefore" | "absentLater" | "differing" | "fits"
  > {
    let covered = 0;
    let anchoredBefore = 0;
    let anchoredEver = 0;
    let absentBefore: AnchoredPlace | null = null;
    let absentLater: AnchoredPlace | null = null;
    let differing: AnchoredPlace | null = null;
    const fitting: number[] = [];
    for (let index = 0; index < this.#anchored.length; index += 2) {
      const [block, offset] = [this.#anchored[index], this.#anchored[index + 1]];
      const sequence = base + this.#u16(block, offset, 1);
      const anchor = this.#u32(block, offset, 4);
      const weak = (this.#u8(block, offset, 3) & ANCHORED_WEAK) !== 0;
      const later = anchor >= limits.laterAnchor;
      if (!later) anchoredBefore = Math.max(anchoredBefore, sequence);
      if (!later || !weak) anchoredEver = Math.max(anchoredEver, sequence);
      const hashes = hashesAt(sequence);
      if (hashes === undefined) {
        if (weak) continue;
        if (later) absentLater = newer(absentLater, { sequence, anchor });
        else absentBefore = newer(absentBefore, { sequence, anchor });
      } else {
        covered = Math.max(covered, sequence);
        if (weak) continue;
        if (hashes.includes(this.#hash(block, offset, 8))) fitting.push(sequence);
        else if (differing === null || sequence < differing.sequence) differing = { sequence, anchor };
      }
    }
    const before = differing?.sequence ?? Number.POSITIVE_INFINITY;
    const fits = fitting.reduce((last, place) => (place < before ? Math.max(last, place) : last), 0);
    return { covered, anchoredBefore, anchoredEver, absentBefore, absentLater, differing, fits };
  }

  #readEntry(block: number | undefined, offset: number | undefined): Candidate {
    const flags = this.#u8(block, offset, 3);
    const hasPrevious = (flags & ENTRY_FLAG.previous) !== 0;
    const at = 14 + HASH_BYTES;
    return {
      place: this.#u16(block, offset, 1),
      flags,
      source: this.#u16(block, offset, 4),
      atMs: this.#f64(block, offset, 6),
      hash: this.#hash(block, offset, 14),
      previous: hasPrevious ? this.#hash(block, offset, at) : null,
      computed:
        (flags & ENTRY_FLAG.changed) === 0
          ? null
          : this.#hash(block, offset, hasPrevious ? at + HASH_BYTES : at),
    };
  }

  #buffer(block: number | undefined): Buffer {
    const found = this.#blocks[block ?? -1];
    if (found === undefined) throw new RangeError("a record lies in no block");
    return found;
  }

  #u8(block: number | undefined, offset: number | undefined, at: number): number {
    return this.#buffer(block).readUInt8((offset ?? 0) + at);
  }

  #u16(block: number | undefined, offset: number | undefined, at: number): number {
    return this.#buffer(block).readUInt16LE((offset ?? 0) + at);
  }

  #u32(block: number | undefined, offset: number | undefined, at: number): number {
    return this.#buffer(block).readUInt32LE((offset ?? 0) + at);
  }

  #f64(block: number | undefined, offset: number | undefined, at: number): number {
    return this.#buffer(block).readDoubleLE((offset ?? 0) + at);
  }

  #hash(block: number | undefined, offset: number | undefined, at: number): string {
    const start = (offset ?? 0) + at;
    return this.#buffer(block).toString("latin1", start, start + HASH_BYTES);
  }
}

function newer(known: AnchoredPlace | null, other: AnchoredPlace): AnchoredPlace {
  return known === null || other.sequence > known.sequence ? other : known;
}

/** Where `value` stands in ascending `values`, -1 where it does not. */
function indexOf(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = values[middle] ?? 0;
    if (found === value) return middle;
    if (found < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
