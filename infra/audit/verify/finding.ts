/** Everything that the verifier can find, in the order in which a report lists it (infra/audit/FORMAT.md §10). */
export const FINDING_KINDS = [
  "file-missing",
  "file-changed",
  "manifest-changed",
  "count-differs",
  "line-unreadable",
  "item-unknown",
  "window-missing",
  "entry-changed",
  "entry-missing",
  "entry-doubled",
  "chain-broken",
  "misplaced",
  "head-differs",
  "head-missing",
  "deleted",
  "anchor-unreadable",
  "anchor-missing",
  "anchor-changed",
  "signature-wrong",
  "key-wrong",
  "anchored-entry-missing",
  "anchored-entry-changed",
  "chain-missing",
  "unanchored-too-long",
  "export-older-than-anchors",
  "text-differs",
  "template-unknown",
  "template-unapproved",
  "name-unapproved",
  "value-unknown",
  "text-tells",
  "directory-differs",
] as const;

/** A stable word for one kind of finding. */
export type FindingKind = (typeof FINDING_KINDS)[number];

/** One thing that is not as it should be, and where. */
export interface Finding {
  readonly kind: FindingKind;
  /** What is wrong, in words that hold nothing of the export but numbers and times. */
  readonly says: string;
  readonly chain?: string;
  readonly sequence?: number;
  /** Path below the directory that is verified. */
  readonly file?: string;
  readonly line?: number;
  readonly anchor?: number;
  /** Whether a part of the record is not there or cannot be read because of it. */
  readonly cause?: true;
  /** Whether it may be nothing but a consequence of another finding. */
  readonly follows?: true;
}

/** Findings by kind: how many, and the first of them. */
export interface FoundSoFar {
  readonly counts: FindingCounts;
  /** How many of them may be nothing but consequences of others. */
  readonly following: FindingCounts;
  readonly findings: readonly Finding[];
}

type FindingCounts = Readonly<Partial<Record<FindingKind, number>>>;

/** What a lost or unreadable part of the record leads to elsewhere in it. */
const LOSS_KINDS: ReadonlySet<FindingKind> = new Set([
  "entry-missing",
  "chain-broken",
  "head-differs",
  "head-missing",
  "anchored-entry-missing",
  "chain-missing",
  "unanchored-too-long",
  "export-older-than-anchors",
]);

/** What is not there, or cannot be read. */
export interface Lost {
  readonly record: boolean;
  readonly anchors: boolean;
}

/** The finding, marked where it may be nothing but a consequence of what is lost. */
export function followingLoss(finding: Finding, { record, anchors }: Lost): Finding {
  const follows =
    (record && LOSS_KINDS.has(finding.kind)) || (anchors && finding.kind === "unanchored-too-long");
  return follows ? { ...finding, follows: true } : finding;
}

interface Met {
  count: number;
  following: number;
  readonly kept: Finding[];
}

const KEPT_OF_A_KIND_MAX = 2000;

/** Findings that a report tells one by one; the counts tell of all. */
export const FINDINGS_TOLD_MAX = 10_000;

/** Collects findings: counts all, keeps so many of each kind that memory stays small. */
export class Findings {
  #isRecordLost = false;
  readonly #byKind = new Map<FindingKind, Met>();

  add(finding: Finding, count = 1): void {
    const known = this.#byKind.get(finding.kind) ?? { count: 0, following: 0, kept: [] };
    this.#byKind.set(finding.kind, known);
    known.count += count;
    this.#isRecordLost ||= finding.cause === true;
    if (finding.follows === true) known.following += count;
    if (known.kept.length < KEPT_OF_A_KIND_MAX) known.kept.push(finding);
  }

  /** Takes over what another collection has; `mark` may turn findings into ones that follow. */
  addAll(
    { counts, following, findings }: FoundSoFar,
    mark: (finding: Finding) => Finding = (finding) => finding,
  ): void {
    for (const kind of FINDING_KINDS) {
      const own = findings.filter((finding) => finding.kind === kind).map(mark);
      const [first] = own;
      if (first === undefined) continue;
      for (const finding of own) this.add(finding);
      const known = this.#byKind.get(kind);
      if (known === undefined) continue;
      // Those beyond the ones that were kept.
      const more = (counts[kind] ?? 0) - own.length;
      const followingMore = (following[kind] ?? 0) - own.filter(({ follows }) => follows === true).length;
      known.count += more;
      known.following += own.every(({ follows }) => follows === true) ? more : Math.max(0, followingMore);
    }
  }

  /** Whether there is a finding of one of these kinds. */
  hasAny(kinds: readonly FindingKind[]): boolean {
    return kinds.some((kind) => this.#byKind.has(kind));
  }

  get size(): number {
    return this.#byKind.size;
  }

  /** What is not there or cannot be read, so that more is found than is wrong. */
  get lost(): Lost {
    const anchors = this.#byKind.has("anchor-missing") || this.#byKind.has("anchor-unreadable");
    return { record: this.#isRecordLost, anchors };
  }

  /** All of it, kinds in their order and each kind by place. */
  result(): FoundSoFar {
    const kinds = FINDING_KINDS.filter((kind) => this.#byKind.has(kind));
    return {
      counts: Object.fromEntries(kinds.map((kind) => [kind, this.#byKind.get(kind)?.count ?? 0])),
      following: Object.fromEntries(
        kinds.flatMap((kind) => {
          const following = this.#byKind.get(kind)?.following ?? 0;
          return following === 0 ? [] : [[kind, following]];
        }),
      ),
      findings: kinds.flatMap((kind) => (this.#byKind.get(kind)?.kept ?? []).toSorted(byPlace)),
    };
  }
}

function byPlace(one: Finding, other: Finding): number {
  return (
    Number(one.follows ?? false) - Number(other.follows ?? false) ||
    compare(one.chain ?? "", other.chain ?? "") ||
    (one.sequence ?? 0) - (other.sequence ?? 0) ||
    (one.anchor ?? 0) - (other.anchor ?? 0) ||
    compare(one.file ?? "", other.file ?? "") ||
    (one.line ?? 0) - (other.line ?? 0)
  );
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
