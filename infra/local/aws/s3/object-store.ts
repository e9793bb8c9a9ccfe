import { createHash, randomBytes } from "node:crypto";
import type { BucketSettings, LockRetention, ObjectEncryption } from "./bucket-settings.ts";
import { s3Error } from "./s3-error.ts";

/** What somebody puts into a bucket. */
export type NewObject = {
  readonly content: Buffer;
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly contentDisposition?: string | undefined;
  readonly cacheControl?: string | undefined;
  /** The caller's own metadata, by its name without `x-amz-meta-`. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** The checksum that came with it, by the name of its header. */
  readonly checksum?: { readonly header: string; readonly value: string } | undefined;
  /** The bucket's default unless told. */
  readonly encryption?: ObjectEncryption | undefined;
};

/** A version of an object. */
export type StoredObject = NewObject & {
  readonly key: string;
  /** `null` in a bucket without versions. */
  readonly versionId: string;
  /** With its quotes. */
  readonly etag: string;
  readonly lastModifiedMs: number;
  readonly encryption: ObjectEncryption;
  /** Until when Object Lock keeps the version, and how strictly. */
  readonly lock?: { readonly mode: LockRetention["mode"]; readonly retainUntilMs: number };
};

/** Where a removal without a version id leaves its mark. */
export type DeleteMarker = {
  readonly key: string;
  readonly versionId: string;
  readonly lastModifiedMs: number;
  readonly isDeleteMarker: true;
};

/** A version or a mark, and whether it is the newest of its key. */
export type ListedVersion = (StoredObject | DeleteMarker) & { readonly isLatest: boolean };

/** One bucket with everything in it. */
export type Bucket = {
  readonly settings: BucketSettings;
  put(key: string, object: NewObject): StoredObject;
  /** The newest version, or the one that is named; undefined where there is none or it was deleted. */
  find(key: string, versionId?: string): StoredObject | undefined;
  /** The newest version of every key, in the order of the keys. */
  objects(): readonly StoredObject[];
  /** Every version and every mark, in the order of the keys, the newest of each first. */
  versions(): readonly ListedVersion[];
  /** Hides a key behind a mark; in a bucket without versions it is gone. */
  hide(key: string): DeleteMarker | undefined;
  /**
   * Removes one version for good, and tells whether it was a mark; throws AccessDenied while Object Lock keeps it.
   * `mayBypass` opens governance mode.
   */
  remove(key: string, versionId: string, mayBypass: boolean): { readonly wasMarker: boolean };
};

const DAY_MS = 86_400_000;
const NO_VERSION = "null";

/** An empty bucket in memory. */
export function createBucket(settings: BucketSettings): Bucket {
  /** Newest last. */
  const versionsByKey = new Map<string, (StoredObject | DeleteMarker)[]>();
  const versionsOf = (key: string) => versionsByKey.get(key) ?? [];
  const newestOf = (key: string): StoredObject | undefined => {
    const newest = versionsOf(key).at(-1);
    return newest === undefined || "isDeleteMarker" in newest ? undefined : newest;
  };
  const newVersionId = (): string =>
    settings.isVersioned ? randomBytes(24).toString("base64url") : NO_VERSION;

  return {
    settings,
    put(key, object) {
      const lastModifiedMs = Date.now();
      const { retention, encryption } = settings;
      const stored: StoredObject = {
        ...object,
        key,
        versionId: newVersionId(),
        etag: etagOf(object, object.encryption ?? encryption),
        lastModifiedMs,
        encryption: object.encryption ?? encryption,
        ...(retention === undefined
          ? {}
          : { lock: { mode: retention.mode, retainUntilMs: lastModifiedMs + retention.days * DAY_MS } }),
      };
      versionsByKey.set(key, settings.isVersioned ? [...versionsOf(key), stored] : [stored]);
      return stored;
    },
    find(key, versionId) {
      if (versionId === undefined) return newestOf(key);
      const found = versionsOf(key).find((version) => version.versionId === versionId);
      return found === undefined || "isDeleteMarker" in found ? undefined : found;
    },
    objects: () =>
      [...versionsByKey.keys()]
        .sort()
        .map(newestOf)
        .filter((object) => object !== undefined),
    versions: () =>
      [...versionsByKey.keys()].sort().flatMap((key) =>
        versionsOf(key)
          .toReversed()
          .map((version, index) => ({ ...version, isLatest: index === 0 })),
      ),
    hide(key) {
      if (!settings.isVersioned) {
        versionsByKey.delete(key);
        return undefined;
      }
      const marker: DeleteMarker = {
        key,
        versionId: newVersionId(),
        lastModifiedMs: Date.now(),
        isDeleteMarker: true,
      };
      versionsByKey.set(key, [...versionsOf(key), marker]);
      return marker;
    },
    remove(key, versionId, mayBypass) {
      const version = versionsOf(key).find((each) => each.versionId === versionId);
      if (version === undefined) return { wasMarker: false };
      const lock = "isDeleteMarker" in version ? undefined : version.lock;
      const isOpen = lock?.mode === "GOVERNANCE" && mayBypass;
      if (lock !== undefined && lock.retainUntilMs > Date.now() && !isOpen)
        throw s3Error("AccessDenied", "Access Denied because object protected by object lock.");
      versionsByKey.set(
        key,
        versionsOf(key).filter((each) => each !== version),
      );
      return { wasMarker: "isDeleteMarker" in version };
    },
  };
}

/** The MD5 of the content; of an object under a key of KMS it tells nothing. */
function etagOf({ content }: NewObject, { algorithm }: ObjectEncryption): string {
  return algorithm === "aws:kms"
    ? `"${randomBytes(16).toString("hex")}"`
    : `"${createHash("md5").update(content).digest("hex")}"`;
}
