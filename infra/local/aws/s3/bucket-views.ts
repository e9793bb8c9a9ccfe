import type { ExportFile } from "../exports/export-files.ts";
import type { Bucket, StoredObject } from "./object-store.ts";

/** A bucket and what lies in it, as this host's own addresses show it. */
export type BucketView = {
  readonly bucket: string;
  readonly logicalId: string;
  readonly objectLock: boolean;
  readonly objects: readonly {
    readonly key: string;
    readonly size: number;
    readonly lastModified: string;
    readonly versionId: string;
    readonly lock?: { readonly mode: string; readonly retainUntil: string };
  }[];
};

/** Shows the newest version of every object. */
export function viewBucket({ settings, objects }: Bucket): BucketView {
  return {
    bucket: settings.name,
    logicalId: settings.logicalId,
    objectLock: settings.hasObjectLock,
    objects: objects().map(({ key, content, lastModifiedMs, versionId, lock }) => ({
      key,
      size: content.length,
      lastModified: new Date(lastModifiedMs).toISOString(),
      versionId,
      ...(lock === undefined
        ? {}
        : { lock: { mode: lock.mode, retainUntil: new Date(lock.retainUntilMs).toISOString() } }),
    })),
  };
}

/**
 * Finds a bucket by its physical name, its logical id, or how its logical id begins where that fits one bucket only;
 * buckets that just take another's access logs do not count for that.
 */
export function findBucket(buckets: readonly Bucket[], reference: string): Bucket | undefined {
  const logBuckets = new Set(buckets.map(({ settings }) => settings.logBucket));
  const named = buckets.find(({ settings }) => [settings.name, settings.logicalId].includes(reference));
  if (named !== undefined || reference === "") return named;
  const [only, ...others] = buckets.filter(
    ({ settings }) => settings.logicalId.startsWith(reference) && !logBuckets.has(settings.logicalId),
  );
  return others.length === 0 ? only : undefined;
}

/** The bucket that holds anchors under Object Lock; undefined where the template has none. */
export function anchorBucket(buckets: readonly Bucket[]): Bucket | undefined {
  return buckets.find(({ settings }) => settings.hasObjectLock && settings.logicalId.startsWith("Anchors"));
}

/** The newest version of every object below any of the prefixes, as files. */
export function filesOf(bucket: Bucket | undefined, prefixes: readonly string[]): readonly ExportFile[] {
  return (bucket?.objects() ?? [])
    .filter(({ key }) => prefixes.some((prefix) => key.startsWith(prefix)))
    .map(({ key, content }: StoredObject) => ({ path: key, content }));
}
