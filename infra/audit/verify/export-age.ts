import type { ReadAnchor } from "./anchor-documents.ts";
import type { Finding } from "./finding.ts";
import type { TableExport } from "./manifests.ts";
import type { ChainTotals } from "./merge-bucket.ts";
import type { LateItems, MetTimes } from "./scan-items.ts";
import type { Limits } from "./segment.ts";

const MINUTE_MS = 60_000;
/** Exports are not transactional: what was written this shortly before may be in one in part. */
export const TORN_MS = 2 * MINUTE_MS;
/** A Lambda's clock, which stamps entries, may be ahead of DynamoDB's by this. */
export const CLOCK_MS = 5000;
/** The index that anchors read is eventually consistent, clocks differ. */
const ANCHOR_OVERLAP_MS = 15 * MINUTE_MS;
/** Until an anchor is due, where no anchor says it. */
const EVERY_MINUTES_DEFAULT = 60;
const LATE_MS = 10 * MINUTE_MS;

/** By which times entries are judged, beside these anchors (by number) and a record as it was just before `stateMs`. */
export function limitsOf(series: readonly ReadAnchor[], stateMs: number, asOfExport: boolean): Limits {
  const youngMs = stateMs - TORN_MS;
  const before = series.filter(({ atMs }) => atMs <= youngMs).at(-1);
  return {
    youngMs,
    lateMs: stateMs + CLOCK_MS,
    oldMs: before === undefined ? Number.NEGATIVE_INFINITY : before.untilMs - ANCHOR_OVERLAP_MS,
    laterAnchor: series.find(({ atMs }) => atMs > youngMs)?.anchor ?? Number.POSITIVE_INFINITY,
    asOfExport,
  };
}

/** Findings about exports that hold what was written after the time that they claim. */
export function reportLate(
  exports: readonly TableExport[],
  met: readonly LateItems[],
  report: (finding: Finding) => void,
): void {
  for (const [source, { folder, toMs }] of exports.entries()) {
    const own = met.filter((each) => each.source === source);
    if (own.length === 0) continue;
    const count = own.reduce((sum, each) => sum + each.count, 0);
    const last = new Date(Math.max(...own.map(({ lastMs }) => lastMs))).toISOString();
    const says = `the summary's time is ${new Date(toMs).toISOString()}, and the export holds what was written after it: ${String(count)} items, the last one of ${last}`;
    report({ kind: "manifest-changed", says, file: `${folder}/manifest-summary.json` });
  }
}

/** Findings about the age of export and anchors. */
export function reportAges(
  series: readonly ReadAnchor[],
  { beyond, beyondChains: [first] }: ChainTotals,
  { firstMs, lastMs, stateMs }: MetTimes & { readonly stateMs: number },
  asOfExport: boolean,
  report: (finding: Finding) => void,
): void {
  const newest = series.at(-1);
  // Whatever the export claims: what it holds was there.
  const endMs = Math.max(stateMs, lastMs);
  const lateAfterMs = 2 * (newest?.everyMinutes ?? EVERY_MINUTES_DEFAULT) * MINUTE_MS + LATE_MS;
  if (newest === undefined && endMs - firstMs > lateAfterMs) {
    const says = "there is no anchor at all, though entries are older than one hour and its grace";
    report({ kind: "unanchored-too-long", says });
  }
  if (newest !== undefined && endMs - newest.atMs > lateAfterMs) {
    const minutes = Math.floor((endMs - newest.atMs) / MINUTE_MS);
    const says = `the newest anchor was made ${String(minutes)} minutes before the time of the export: newer ones are missing or were not made`;
    report({ kind: "unanchored-too-long", says, anchor: newest.anchor });
  }
  if (beyond > 0 && !asOfExport && first !== undefined) {
    const says = `anchors know newer entries of ${String(beyond)} chains than the export: ask for a new one (POST /v1/audit/exports) and copy again, or, if the time of this export is what is to be proved, take --as-of-export`;
    report({ kind: "export-older-than-anchors", says, chain: first });
  }
}
