import { availableParallelism } from "node:os";
import { CLOCK_MS } from "./export-age.ts";
import type { DataFile, TableExport } from "./manifests.ts";
import type { Task } from "./worker-tasks.ts";

/** What is read in the first part, and by how many. */
export interface WorkPlan {
  readonly tasks: readonly Extract<Task, { readonly kind: "anchors" | "scan" | "checksum" }>[];
  /** Of the data files. */
  readonly bytes: number;
  /** Lines of the exports that are read entry by entry, as their manifests count them. */
  readonly items: number;
  readonly workers: number;
  /** Into so many parts chains are spread, each of which is judged in memory. */
  readonly buckets: number;
}

/** Each has a heap of its own: more would be faster, and need more memory than an auditor's laptop may have. */
const WORKERS_MAX = 2;
const BUCKETS_MAX = 256;
const ENTRIES_PER_BUCKET = 40_000;
const ANCHORS_PER_TASK = 64;
/** Less than this is read faster by one worker than another one starts. */
const BYTES_PER_WORKER_MIN = 2 * 1024 * 1024;

/** Plans the reading; the largest files come first, so that no worker waits long for another at the end. */
export function planWork(
  exports: readonly TableExport[],
  others: readonly DataFile[],
  anchorFiles: readonly string[],
): WorkPlan {
  const anchors = Array.from(
    { length: Math.ceil(anchorFiles.length / ANCHORS_PER_TASK) },
    (_task, index) => ({
      kind: "anchors" as const,
      files: anchorFiles.slice(index * ANCHORS_PER_TASK, (index + 1) * ANCHORS_PER_TASK),
    }),
  );
  const scans = exports.flatMap(({ dataFiles, kind, toMs }, source) => {
    const isIncremental = kind === "incremental";
    const lateMs = toMs + CLOCK_MS;
    return dataFiles.map((file) => ({ kind: "scan" as const, file, source, isIncremental, lateMs }));
  });
  const checksums = others.map((file) => ({ kind: "checksum" as const, file }));
  const bySize = (one: { file: DataFile }, other: { file: DataFile }) => other.file.bytes - one.file.bytes;
  const tasks = [...scans.toSorted(bySize), ...anchors, ...checksums.toSorted(bySize)];
  const bytes = [...scans, ...checksums].reduce((sum, { file }) => sum + file.bytes, 0);
  const items = scans.reduce((sum, { file }) => sum + file.itemCount, 0);
  const useful = Math.min(availableParallelism(), tasks.length, Math.ceil(bytes / BYTES_PER_WORKER_MIN));
  return {
    tasks,
    bytes,
    items,
    workers: Math.max(1, Math.min(WORKERS_MAX, useful)),
    buckets: Math.max(1, Math.min(BUCKETS_MAX, Math.ceil(items / ENTRIES_PER_BUCKET))),
  };
}
