import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { ReadAnchor } from "./anchor-documents.ts";
import { checkSeries } from "./anchor-series.ts";
import { Crew } from "./crew.ts";
import { type ExportDirectory, readDirectory } from "./directory.ts";
import { type Finding, Findings, type FoundSoFar } from "./finding.ts";
import { FoundPhoneTest } from "./found-phone.ts";
import { readExport, type TableExport } from "./manifests.ts";
import { addChain, addChains, type ChainTotals, noChains } from "./merge-bucket.ts";
import { type KnownKeys, readKeys } from "./public-keys.ts";
import type { Limits, SegmentSummary } from "./segment.ts";
import { chooseSources, type Sources } from "./sources.ts";
import { VerifyError } from "./verify-error.ts";
import type { Collected, Task } from "./worker-tasks.ts";

/** What is verified, and against what. */
export interface VerifyOptions {
  readonly directory: string;
  /** A public key in PEM that the anchors must be signed with. */
  readonly keyFile: string | undefined;
  /** Hex SHA-256 of that key's DER. */
  readonly keyFingerprint: string | undefined;
  /** Accept that anchors made after the export know more than it. */
  readonly asOfExport: boolean;
  /** JSON of the practice's own wording for the found-phone test. */
  readonly wordingFile: string | undefined;
}

/** A state of the practice's directory, and how many texts it filled. */
export interface UsedDirectory {
  readonly practice: string;
  readonly phone: string;
  readonly version: string;
  /** Of the portal, as links in the texts have them. */
  readonly hosts: readonly string[];
  readonly count: number;
}

/** What a verification came to. Times are ISO 8601 UTC. */
export interface Verification extends FoundSoFar {
  readonly verdict: "proved" | "findings";
  readonly table: string;
  readonly tableArn: string;
  readonly exports: readonly {
    readonly id: string;
    readonly kind: "full" | "incremental";
    readonly from: string | null;
    readonly to: string;
    readonly files: number;
  }[];
  /** The record is shown as it was just before this time. */
  readonly state: string;
  /** Data files of other tables and older exports whose checksums were compared. */
  readonly otherFiles: number;
  readonly chains: number;
  readonly entries: number;
  readonly heads: number;
  readonly firstEntry: string | null;
  readonly lastEntry: string | null;
  readonly anchors: {
    readonly count: number;
    readonly heads: number;
    readonly newest: {
      readonly anchor: number;
      readonly at: string;
      readonly until: string;
      readonly sha256: string;
    } | null;
    /** Hex SHA-256 of the keys that anchors were signed with. */
    readonly keys: readonly string[];
    readonly isKeyPinned: boolean;
    readonly asOfExport: boolean;
  };
  /** Entries that no anchor covers yet. */
  readonly unanchored: number;
  /** Chains whose newest places may be in the export in part. */
  readonly torn: { readonly count: number; readonly chains: readonly string[] };
  readonly texts: {
    readonly count: number;
    readonly distinct: number;
    readonly classifier: string;
    readonly directories: readonly UsedDirectory[];
  };
  readonly bytes: number;
  readonly seconds: number;
}

/** How far a verification has come. */
export type OnProgress = (done: number, total: number, part: "reading" | "chains") => void;

const MINUTE_MS = 60_000;
/** Exports are not transactional: what was written this shortly before may be in one in part. */
const TORN_MS = 2 * MINUTE_MS;
/** The index that anchors read is eventually consistent, clocks differ. */
const ANCHOR_OVERLAP_MS = 15 * MINUTE_MS;
/** Until an anchor is due, where no anchor says it. */
const EVERY_MINUTES_DEFAULT = 60;
const LATE_MS = 10 * MINUTE_MS;
/** Each has a heap of its own: more would be faster, and need more memory than an auditor's laptop may have. */
const WORKERS_MAX = 2;
const BUCKETS_MAX = 256;
const ENTRIES_PER_BUCKET = 40_000;
const ANCHORS_PER_TASK = 64;
const PROGRESS_MS = 100;
const FRESH_CREW_ITEMS = 1_000_000;
/** Less than this is read faster by one worker than another one starts. */
const BYTES_PER_WORKER_MIN = 2 * 1024 * 1024;

/** Verifies an export. Throws a {@link VerifyError} where there is nothing that could be verified. */
export async function verifyExport(
  options: VerifyOptions,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Verification> {
  const startMs = performance.now();
  const findings = new Findings();
  const report = (finding: Finding) => findings.add(finding);
  const directory = readDirectory(options.directory);
  const all = directory.exports.flatMap((folder) => readExport(directory, folder, report) ?? []);
  const sources = chooseSources(all, report);
  const keys = readKeys(directory, { file: options.keyFile, fingerprint: options.keyFingerprint }, report);
  const anchorFiles = directory.anchorFiles.filter((file) => /(?:^|\/)anchors\/\d{12}\.json$/.test(file));
  if (keys.keys.length === 0 && (anchorFiles.length > 0 || keys.pinnedKey !== undefined))
    throw new VerifyError(
      "There is no public key: copy anchor-keys/ beside the anchors, or name one with --key FILE.pem.",
    );
  reportStrays(directory, report);

  const folder = mkdtempSync(join(tmpdir(), "foundphone-audit-"));
  const phone = FoundPhoneTest.load(options.wordingFile);
  const shared = {
    directory,
    sources,
    keys,
    anchorFiles,
    folder,
    findings,
    phone,
    options,
    onProgress,
    signal,
  };
  try {
    const result = await verifyWithCrew(shared);
    return { ...result, seconds: (performance.now() - startMs) / 1000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new VerifyError("The verification was stopped.");
}

interface Shared {
  readonly directory: ExportDirectory;
  readonly sources: Sources;
  readonly keys: KnownKeys;
  readonly anchorFiles: readonly string[];
  readonly folder: string;
  readonly findings: Findings;
  readonly phone: Promise<FoundPhoneTest>;
  readonly options: VerifyOptions;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

async function verifyWithCrew(shared: Shared): Promise<Omit<Verification, "seconds">> {
  const { sources, findings, options, onProgress, signal } = shared;
  const tasks = readingTasks(shared);
  const totalBytes = tasks.reduce((sum, task) => sum + ("file" in task ? task.file.bytes : 0), 0);
  const itemCount = sources.exports
    .flatMap(({ dataFiles }) => dataFiles)
    .reduce((sum, file) => sum + file.itemCount, 0);
  const workerCount = Math.max(
    1,
    Math.min(availableParallelism(), WORKERS_MAX, tasks.length, Math.ceil(totalBytes / BYTES_PER_WORKER_MIN)),
  );
  const bucketCount = Math.max(1, Math.min(BUCKETS_MAX, Math.ceil(itemCount / ENTRIES_PER_BUCKET)));
  const progress = new Float64Array(new SharedArrayBuffer(8 * workerCount));
  const early: Parameters<FoundPhoneTest["judge"]>[0][] = [];
  const hire = () =>
    new Crew(
      Array.from({ length: workerCount }, (_worker, index) => ({
        root: shared.directory.root,
        spillPath: join(shared.folder, `worker-${String(index)}`),
        bucketCount,
        keys: shared.keys.keys,
        progress,
        index,
      })),
      (texts) => {
        if (phone === undefined) early.push(texts);
        else phone.judge(texts, findings);
      },
    );
  let phone: FoundPhoneTest | undefined;
  shared.phone.then(
    (loaded) => {
      phone = loaded;
    },
    () => undefined,
  );
  throwIfStopped(signal);
  let crew = hire();
  const stop = () => void crew.stop();
  signal.addEventListener("abort", stop, { once: true });
  const ticking = setInterval(() => {
    onProgress(
      progress.reduce((sum, bytes) => sum + bytes, 0),
      totalBytes,
      "reading",
    );
  }, PROGRESS_MS);
  try {
    const anchors: ReadAnchor[] = [];
    await crew.perform(tasks, (answer) => {
      if (answer !== undefined) anchors.push(...answer);
    });
    clearInterval(ticking);
    const collected = await crew.collect();
    if (itemCount >= FRESH_CREW_ITEMS) {
      // What the first part left in the memory of its workers goes with them.
      await crew.stop();
      throwIfStopped(signal);
      crew = hire();
    }
    for (const { found } of collected) findings.addAll(found);
    const series = checkSeries(
      anchors,
      collected.flatMap(({ remembered }) => remembered),
      { pinnedKey: shared.keys.pinnedKey, youngMs: sources.stateMs - TORN_MS },
      (finding) => findings.add(finding),
    );
    const limits = limitsOf(series, sources.stateMs, options.asOfExport);
    const chains = await mergeAll(crew, collected, limits, shared);
    reportTimes(series, chains, collected, sources.stateMs, limits, findings);
    const test = await shared.phone;
    for (const texts of [...early, ...collected.map((each) => each.texts)]) test.judge(texts, findings);
    return { ...resultOf(shared, collected, series, chains, test), bytes: totalBytes };
  } finally {
    clearInterval(ticking);
    signal.removeEventListener("abort", stop);
    await crew.stop();
  }
}

/** What is read in the first part; the largest files first, so that no worker waits long for another at the end. */
function readingTasks({
  sources,
  anchorFiles,
}: Shared): readonly Exclude<Task, { kind: "collect" | "merge" }>[] {
  const anchors = Array.from(
    { length: Math.ceil(anchorFiles.length / ANCHORS_PER_TASK) },
    (_task, index) => ({
      kind: "anchors" as const,
      files: anchorFiles.slice(index * ANCHORS_PER_TASK, (index + 1) * ANCHORS_PER_TASK),
    }),
  );
  const scans = sources.exports.flatMap(({ dataFiles, kind }: TableExport, source) =>
    dataFiles.map((file) => ({ kind: "scan" as const, file, source, isIncremental: kind === "incremental" })),
  );
  const checksums = sources.others.map((file) => ({ kind: "checksum" as const, file }));
  const bySize = (one: { file: { bytes: number } }, other: { file: { bytes: number } }) =>
    other.file.bytes - one.file.bytes;
  return [...scans.toSorted(bySize), ...anchors, ...checksums.toSorted(bySize)];
}

function limitsOf(series: readonly ReadAnchor[], stateMs: number, asOfExport: boolean): Limits {
  const youngMs = stateMs - TORN_MS;
  const before = series.filter(({ atMs }) => atMs <= youngMs).at(-1);
  return {
    youngMs,
    oldMs: before === undefined ? Number.NEGATIVE_INFINITY : before.untilMs - ANCHOR_OVERLAP_MS,
    laterAnchor: series.find(({ atMs }) => atMs > youngMs)?.anchor ?? Number.POSITIVE_INFINITY,
    asOfExport,
  };
}

async function mergeAll(
  crew: Crew,
  collected: readonly Collected[],
  limits: Limits,
  { findings, onProgress }: Shared,
): Promise<ChainTotals> {
  const longChains = new Set(collected.flatMap((each) => [...each.longChains]));
  const buckets = Map.groupBy(
    collected.flatMap(({ spilled }) => spilled),
    ({ bucket }) => bucket,
  );
  const totals = noChains();
  const segments = new Map<string, SegmentSummary[]>();
  const tasks = [...buckets.values()].map((spilled) => ({
    kind: "merge" as const,
    spilled,
    longChains,
    limits,
  }));
  let merged = 0;
  await crew.perform(tasks, (answer) => {
    merged += 1;
    onProgress(merged, tasks.length, "chains");
    findings.addAll(answer.found);
    addChains(totals, answer.totals);
    for (const { chain, summary } of answer.segments)
      segments.set(chain, [...(segments.get(chain) ?? []), summary]);
  });
  for (const [chain, summaries] of segments) {
    const inOrder = summaries.toSorted((one, other) => one.segment - other.segment);
    addChain(totals, chain, inOrder, limits, findings);
  }
  return totals;
}

/** Findings about the age of export and anchors. */
function reportTimes(
  series: readonly ReadAnchor[],
  chains: ChainTotals,
  collected: readonly Collected[],
  stateMs: number,
  { asOfExport }: Limits,
  findings: Findings,
): void {
  const newest = series.at(-1);
  const firstMs = Math.min(...collected.map(({ totals }) => totals.firstMs));
  const lateAfterMs = 2 * (newest?.everyMinutes ?? EVERY_MINUTES_DEFAULT) * MINUTE_MS + LATE_MS;
  if (newest === undefined && stateMs - firstMs > lateAfterMs)
    findings.add({
      kind: "unanchored-too-long",
      says: "there is no anchor at all, though entries are older than one hour and its grace",
    });
  if (newest !== undefined && stateMs - newest.atMs > lateAfterMs) {
    const minutes = Math.floor((stateMs - newest.atMs) / MINUTE_MS);
    const says = `the newest anchor was made ${String(minutes)} minutes before the time of the export: newer ones are missing or were not made`;
    findings.add({ kind: "unanchored-too-long", says, anchor: newest.anchor });
  }
  const [first] = chains.beyondChains;
  if (chains.beyond > 0 && !asOfExport && first !== undefined) {
    const says = `anchors know newer entries of ${String(chains.beyond)} chains than the export: take a newer export, or accept its time with --as-of-export`;
    findings.add({ kind: "export-older-than-anchors", says, chain: first });
  }
}

/** Files among the anchors that are none. */
function reportStrays({ anchorFiles }: ExportDirectory, report: (finding: Finding) => void): void {
  const isKnown = /(?:^|\/)anchors\/(?:\d{12}\.json|\d{12}-[0-9a-f]{16}\.heads\.jsonl\.gz)$/;
  for (const file of anchorFiles)
    if (!isKnown.test(file))
      report({ kind: "anchor-unreadable", says: "the file has not the name of an anchor", file });
}

function resultOf(
  { sources, keys, findings, options }: Shared,
  collected: readonly Collected[],
  series: readonly ReadAnchor[],
  chains: ChainTotals,
  phone: FoundPhoneTest,
): Omit<Verification, "seconds" | "bytes"> {
  const newest = series.at(-1);
  const sum = (count: (each: Collected) => number) =>
    collected.reduce((total, each) => total + count(each), 0);
  return {
    verdict: findings.size === 0 ? "proved" : "findings",
    ...findings.result(),
    table: sources.table,
    tableArn: sources.tableArn,
    exports: sources.exports.map(({ id, kind, fromMs, toMs, dataFiles }) => ({
      id,
      kind,
      from: kind === "full" ? null : isoTime(fromMs),
      to: isoTime(toMs) ?? "",
      files: dataFiles.length,
    })),
    state: isoTime(sources.stateMs) ?? "",
    otherFiles: sources.others.length,
    chains: chains.chains,
    entries: sum(({ totals }) => totals.entries),
    heads: sum(({ totals }) => totals.heads),
    firstEntry: isoTime(Math.min(...collected.map(({ totals }) => totals.firstMs))),
    lastEntry: isoTime(Math.max(...collected.map(({ totals }) => totals.lastMs))),
    anchors: {
      count: series.length,
      heads: series.reduce((total, { heads }) => total + heads, 0),
      newest:
        newest === undefined
          ? null
          : {
              anchor: newest.anchor,
              at: isoTime(newest.atMs) ?? "",
              until: isoTime(newest.untilMs) ?? "",
              sha256: newest.sha256,
            },
      keys: [...new Set(series.map(({ key }) => key))],
      isKeyPinned: keys.pinnedKey !== undefined,
      asOfExport: options.asOfExport,
    },
    unanchored: chains.unanchored,
    torn: { count: chains.torn, chains: chains.tornChains },
    texts: {
      count: sum(({ textCount }) => textCount),
      distinct: phone.distinct,
      classifier: phone.version,
      directories: mergedDirectories(collected),
    },
  };
}

/** Directories that texts were filled from, and the hosts that links led to; the most used first. */
function mergedDirectories(collected: readonly Collected[]): Verification["texts"]["directories"] {
  const merged = new Map<string, UsedDirectory & { count: number; readonly hosts: string[] }>();
  for (const { practice, phone, version, host, count } of collected.flatMap((each) => each.directories)) {
    const key = JSON.stringify([version, practice, phone]);
    const known = merged.get(key) ?? { practice, phone, version, hosts: [], count: 0 };
    known.count += count;
    if (host !== null && !known.hosts.includes(host)) known.hosts.push(host);
    merged.set(key, known);
  }
  return [...merged.values()].toSorted((one, other) => other.count - one.count);
}

/** Null where there is no time. */
function isoTime(ms: number): string | null {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}
