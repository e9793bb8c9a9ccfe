import type { ReadAnchor } from "./anchor-documents.ts";
import type { FoundSoFar } from "./finding.ts";
import type { DataFile } from "./manifests.ts";
import type { ChainTotals, LongChainSegment } from "./merge-bucket.ts";
import type { MetOwnTexts } from "./own-texts.ts";
import type { LateItems, MetTimes, RememberedAnchor } from "./scan-items.ts";
import type { Limits } from "./segment.ts";
import type { SpilledBucket } from "./spill.ts";
import type { MetDirectory, MetText } from "./texts.ts";

/** What a worker knows from its start. */
export interface WorkerSettings {
  readonly root: string;
  /** Where its own temporary file goes. */
  readonly spillPath: string;
  readonly bucketCount: number;
  /** Public keys as PEM. */
  readonly keys: readonly string[];
  /** Bytes read so far, one number for each worker; this one writes at `index`. */
  readonly progress: Float64Array;
  readonly index: number;
}

/** What a worker can be asked for; each task is done before the next one. */
export type Task =
  | { readonly kind: "anchors"; readonly files: readonly string[] }
  | {
      readonly kind: "scan";
      readonly file: DataFile;
      readonly source: number;
      readonly isIncremental: boolean;
      /** Items that name this time or a later one cannot be in it. */
      readonly lateMs: number;
    }
  /** Compares only the checksum: a file of another table, or of an older export. */
  | { readonly kind: "checksum"; readonly file: DataFile }
  /** Ends the first part: what was collected is handed over. */
  | { readonly kind: "collect" }
  | {
      readonly kind: "merge";
      /** What each worker spilled of one bucket. */
      readonly spilled: readonly SpilledBucket[];
      readonly longChains: ReadonlySet<string>;
      readonly limits: Limits;
    };

/** What a worker hands over at the end of the first part. */
export interface Collected {
  readonly found: FoundSoFar;
  readonly times: MetTimes;
  readonly late: readonly LateItems[];
  readonly spilled: readonly SpilledBucket[];
  readonly longChains: ReadonlySet<string>;
  readonly remembered: readonly RememberedAnchor[];
  readonly texts: ReadonlyMap<string, MetText>;
  readonly directories: readonly (MetDirectory & { readonly lines: number })[];
  readonly own: MetOwnTexts;
}

/** What became of a bucket. */
export interface Merged {
  readonly found: FoundSoFar;
  readonly totals: ChainTotals;
  readonly segments: readonly LongChainSegment[];
}

/** The answer to each task. */
export interface Answers {
  readonly anchors: readonly ReadAnchor[];
  readonly scan: undefined;
  readonly checksum: undefined;
  readonly collect: Collected;
  readonly merge: Merged;
}

/** What a worker says. */
export type WorkerMessage =
  | { readonly kind: "answer"; readonly answer: Answers[Task["kind"]] }
  | { readonly kind: "texts"; readonly texts: ReadonlyMap<string, MetText> }
  | { readonly kind: "failure"; readonly code: string };
