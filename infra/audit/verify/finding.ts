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
}

/** Findings by kind: how many, and the first of them. */
export interface FoundSoFar {
  readonly counts: Readonly<Partial<Record<FindingKind, number>>>;
  readonly findings: readonly Finding[];
}

const KEPT_OF_A_KIND_MAX = 2000;

/** Findings that a report tells one by one; the counts tell of all. */
export const FINDINGS_TOLD_MAX = 10_000;

/** Collects findings: counts all, keeps so many of each kind that memory stays small. */
export class Findings {
  readonly #byKind = new Map<FindingKind, { count: number; readonly kept: Finding[] }>();

  add(finding: Finding, count = 1): void {
    const known = this.#byKind.get(finding.kind);
    if (known === undefined) {
      this.#byKind.set(finding.kind, { count, kept: [finding] });
      return;
    }
    known.count += count;
    if (known.kept.length < KEPT_OF_A_KIND_MAX) known.kept.push(finding);
  }

  /** Takes over what another collection has. */
  addAll({ counts, findings }: FoundSoFar): void {
    const told = new Map<FindingKind, number>();
    for (const finding of findings) {
      this.add(finding);
      told.set(finding.kind, (told.get(finding.kind) ?? 0) + 1);
    }
    for (const [kind, count] of Object.entries(counts) as [FindingKind, number][]) {
      const known = this.#byKind.get(kind);
      if (known !== undefined) known.count += count - (told.get(kind) ?? 0);
    }
  }

  get size(): number {
    return this.#byKind.size;
  }

  /** All of it, kinds in their order and each kind by place. */
  result(): FoundSoFar {
    const kinds = FINDING_KINDS.filter((kind) => this.#byKind.has(kind));
    return {
      counts: Object.fromEntries(kinds.map((kind) => [kind, this.#byKind.get(kind)?.count ?? 0])),
      findings: kinds.flatMap((kind) => (this.#byKind.get(kind)?.kept ?? []).toSorted(byPlace)),
    };
  }
}

function byPlace(one: Finding, other: Finding): number {
  return (
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
