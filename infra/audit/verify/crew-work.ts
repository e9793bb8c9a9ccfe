import { join } from "node:path";
import type { ReadAnchor } from "./anchor-documents.ts";
import { Crew } from "./crew.ts";
import { type Finding, type Findings, followingLoss } from "./finding.ts";
import { addChain, addChains, type ChainTotals, noChains } from "./merge-bucket.ts";
import type { OnProgress } from "./progress-line.ts";
import type { Limits, SegmentSummary } from "./segment.ts";
import type { MetText } from "./texts.ts";
import { VerifyError } from "./verify-error.ts";
import type { WorkPlan } from "./work-plan.ts";
import type { Collected, WorkerSettings } from "./worker-tasks.ts";

const PROGRESS_MS = 100;
const FRESH_CREW_ITEMS = 1_000_000;
/** Of chains that have more than one: a hundred times what ten million entries need. */
const SEGMENTS_MAX = 100_000;

/** What the work needs besides its plan. */
export interface WorkPlace {
  /** The directory that is verified. */
  readonly root: string;
  /** For temporary files. */
  readonly folder: string;
  /** Public keys as PEM. */
  readonly keys: readonly string[];
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
  /** Takes texts before the end where a worker has many. */
  readonly onTexts: (texts: ReadonlyMap<string, MetText>) => void;
}

/** What the reading of all files gave. */
export interface ReadFiles {
  readonly anchors: readonly ReadAnchor[];
  readonly collected: readonly Collected[];
}

/** The work of one verification: its workers read all files, and then judge the chains. */
export class CrewWork {
  readonly #plan: WorkPlan;
  readonly #place: WorkPlace;
  readonly #findings: Findings;
  readonly #progress: Float64Array;
  #crew: Crew;

  /** Throws a {@link VerifyError} where it is stopped, as its methods do; and they where a file cannot be read. */
  constructor(plan: WorkPlan, place: WorkPlace, findings: Findings) {
    this.#plan = plan;
    this.#place = place;
    this.#findings = findings;
    this.#progress = new Float64Array(new SharedArrayBuffer(8 * plan.workers));
    this.#crew = this.#hire();
    place.signal.addEventListener("abort", this.#stop, { once: true });
  }

  readonly #stop = (): void => void this.#crew.stop();

  #hire(): Crew {
    if (this.#place.signal.aborted) throw new VerifyError("The verification was stopped.");
    return new Crew(settingsOf(this.#plan, this.#place, this.#progress), this.#place.onTexts);
  }

  /** Reads all files. */
  async read(): Promise<ReadFiles> {
    const ticking = setInterval(() => {
      const done = this.#progress.reduce((sum, bytes) => sum + bytes, 0);
      this.#place.onProgress(done, this.#plan.bytes, "reading");
    }, PROGRESS_MS);
    const anchors: ReadAnchor[] = [];
    try {
      await this.#crew.perform(this.#plan.tasks, (answer) => {
        if (answer !== undefined) anchors.push(...answer);
      });
    } finally {
      clearInterval(ticking);
    }
    const collected = await this.#crew.collect();
    if (this.#plan.items >= FRESH_CREW_ITEMS) {
      // What the first part left in the memory of its workers goes with them.
      await this.#crew.stop();
      this.#crew = this.#hire();
    }
    for (const { found } of collected) this.#findings.addAll(found);
    return { anchors, collected };
  }

  /** Judges all chains that were met. */
  async judge(collected: readonly Collected[], limits: Limits): Promise<ChainTotals> {
    const longChains = new Set(collected.flatMap((each) => [...each.longChains]));
    const buckets = Map.groupBy(
      collected.flatMap(({ spilled }) => spilled),
      ({ bucket }) => bucket,
    );
    const { lost } = this.#findings;
    const mark = (finding: Finding) => followingLoss(finding, lost);
    const totals = noChains();
    const segments = new Map<string, SegmentSummary[]>();
    const tasks = [...buckets.values()].map((spilled) => ({
      kind: "merge" as const,
      spilled,
      longChains,
      limits,
    }));
    let merged = 0;
    let segmentCount = 0;
    await this.#crew.perform(tasks, (answer) => {
      merged += 1;
      this.#place.onProgress(merged, tasks.length, "chains");
      this.#findings.addAll(answer.found, mark);
      addChains(totals, answer.totals);
      for (const { chain, summary } of answer.segments) {
        const known = segments.get(chain);
        if (known === undefined) segments.set(chain, [summary]);
        else known.push(summary);
        segmentCount += 1;
      }
      if (segmentCount > SEGMENTS_MAX)
        throw new VerifyError(
          "The export holds numbers that no chain comes to: the service did not write it.",
        );
    });
    for (const [chain, summaries] of segments) {
      const inOrder = summaries.toSorted((one, other) => one.segment - other.segment);
      addChain(totals, chain, inOrder, limits, (finding) => this.#findings.add(mark(finding)));
    }
    return totals;
  }

  /** Ends the workers, whatever they do. */
  async end(): Promise<void> {
    this.#place.signal.removeEventListener("abort", this.#stop);
    await this.#crew.stop();
  }
}

function settingsOf(
  plan: WorkPlan,
  { root, folder, keys }: WorkPlace,
  progress: Float64Array,
): readonly WorkerSettings[] {
  return Array.from({ length: plan.workers }, (_worker, index) => ({
    root,
    spillPath: join(folder, `worker-${String(index)}`),
    bucketCount: plan.buckets,
    keys,
    progress,
    index,
  }));
}
