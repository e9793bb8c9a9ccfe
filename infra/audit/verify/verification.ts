import type { ReadAnchor } from "./anchor-documents.ts";
import type { FoundSoFar } from "./finding.ts";
import type { DataFile } from "./manifests.ts";
import type { ChainTotals } from "./merge-bucket.ts";
import type { VerifyOptions } from "./options.ts";
import type { KnownKeys } from "./public-keys.ts";
import type { MetTimes } from "./scan-items.ts";
import type { Sources } from "./sources.ts";
import type { Collected } from "./worker-tasks.ts";

/** A state of the practice's directory, and how many texts it filled. */
export interface UsedDirectory {
  readonly practice: string;
  readonly phone: string;
  readonly version: string;
  /** Of the portal, as links in the texts have them. */
  readonly hosts: readonly string[];
  /** Lines of the exports whose texts it filled: an entry that several exports hold counts in each. */
  readonly lines: number;
}

/** What a verification came to. Times are ISO 8601 UTC. */
export interface Verification extends FoundSoFar {
  /** Without a key to compare with, `proved` means: if the key of the anchors is the practice's own. */
  readonly verdict: "proved" | "findings";
  /** Whether a key was named and all anchors are signed with it. */
  readonly keyCompared: boolean;
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
  /** Each once, in however many exports it stands; so are heads and texts. */
  readonly entries: number;
  /** Chains that have a head. */
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
    /** Those that were named. */
    readonly namedKeys: readonly string[];
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

/** What a verification read and judged. */
export interface Judged {
  readonly sources: Sources;
  readonly others: readonly DataFile[];
  readonly keys: KnownKeys;
  readonly series: readonly ReadAnchor[];
  readonly collected: readonly Collected[];
  readonly chains: ChainTotals;
  readonly texts: { readonly distinct: number; readonly classifier: string };
}

/** All of the outcome but its findings and what it took. */
export function verificationOf(
  { sources, others, keys, series, collected, chains, texts }: Judged,
  { asOfExport }: VerifyOptions,
): Omit<Verification, keyof FoundSoFar | "verdict" | "bytes" | "seconds"> {
  const newest = series.at(-1);
  const [{ table, tableArn }] = sources.exports;
  const { firstMs, lastMs } = timesOf(collected);
  return {
    keyCompared:
      series.length > 0 && series.every(({ key, isKeyKnown }) => isKeyKnown && keys.pinnedKeys.includes(key)),
    table,
    tableArn,
    exports: sources.exports.map(({ id, kind, fromMs, toMs, dataFiles }) => ({
      id,
      kind,
      from: kind === "full" ? null : isoTime(fromMs),
      to: isoTime(toMs) ?? "",
      files: dataFiles.length,
    })),
    state: isoTime(sources.stateMs) ?? "",
    otherFiles: others.length,
    chains: chains.chains,
    entries: chains.entries,
    heads: chains.heads,
    firstEntry: isoTime(firstMs),
    lastEntry: isoTime(lastMs),
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
      namedKeys: keys.pinnedKeys,
      asOfExport,
    },
    unanchored: chains.unanchored,
    torn: { count: chains.torn, chains: chains.tornChains },
    texts: {
      count: chains.texts,
      ...texts,
      directories: mergedDirectories(collected),
    },
  };
}

/** Times of the first and the last entry. */
export function timesOf(collected: readonly Collected[]): MetTimes {
  return {
    firstMs: Math.min(...collected.map(({ times }) => times.firstMs)),
    lastMs: Math.max(...collected.map(({ times }) => times.lastMs)),
  };
}

/** Directories that texts were filled from, and the hosts that links led to; the most used first. */
function mergedDirectories(collected: readonly Collected[]): Verification["texts"]["directories"] {
  const merged = new Map<string, UsedDirectory & { lines: number; readonly hosts: string[] }>();
  for (const { practice, phone, version, host, lines } of collected.flatMap((each) => each.directories)) {
    const key = JSON.stringify([version, practice, phone]);
    const known = merged.get(key) ?? { practice, phone, version, hosts: [], lines: 0 };
    known.lines += lines;
    if (host !== null && !known.hosts.includes(host)) known.hosts.push(host);
    merged.set(key, known);
  }
  return [...merged.values()].toSorted((one, other) => other.lines - one.lines);
}

/** Null where there is no time. */
function isoTime(ms: number): string | null {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}
