import type { WireAnswer } from "../service.ts";
import type { Bucket } from "./object-store.ts";
import { listAnswer, versionsAnswer } from "./s3-answers.ts";
import { s3Error } from "./s3-error.ts";
import type { S3Request } from "./s3-request.ts";

const MAX_KEYS = 1000;

/** A page of ListObjectsV2. */
export function listObjects({ query, bucket }: S3Request, held: Pick<Bucket, "objects">): WireAnswer {
  const prefix = query.get("prefix") ?? "";
  const startAfter = query.get("start-after");
  const continuationToken = query.get("continuation-token");
  const maxKeys = Number(query.get("max-keys") ?? MAX_KEYS);
  if (query.get("list-type") !== "2" || !Number.isInteger(maxKeys) || maxKeys < 0)
    throw s3Error("InvalidArgument", "A parameter of the list is not valid.");
  const after =
    continuationToken === undefined
      ? (startAfter ?? "")
      : Buffer.from(continuationToken, "base64url").toString("utf8");
  const all = held.objects().filter(({ key }) => key.startsWith(prefix) && key > after);
  const objects = all.slice(0, Math.min(maxKeys, MAX_KEYS));
  const last = objects.length < all.length ? objects.at(-1) : undefined;
  return listAnswer({
    bucket,
    prefix,
    startAfter,
    continuationToken,
    nextContinuationToken: last === undefined ? undefined : Buffer.from(last.key).toString("base64url"),
    maxKeys: Math.min(maxKeys, MAX_KEYS),
    urlEncoded: query.get("encoding-type") === "url",
    objects,
  });
}

/** A page of ListObjectVersions. */
export function listVersions({ query, bucket }: S3Request, held: Pick<Bucket, "versions">): WireAnswer {
  const prefix = query.get("prefix") ?? "";
  const keyMarker = query.get("key-marker") ?? "";
  const versionIdMarker = query.get("version-id-marker") ?? "";
  const maxKeys = Math.min(Number(query.get("max-keys") ?? MAX_KEYS), MAX_KEYS);
  if (!Number.isInteger(maxKeys) || maxKeys < 0 || (versionIdMarker !== "" && keyMarker === ""))
    throw s3Error("InvalidArgument", "A parameter of the list is not valid.");
  const all = held.versions().filter(({ key }) => key.startsWith(prefix));
  const marked = all.findIndex(({ key, versionId }) => key === keyMarker && versionId === versionIdMarker);
  const rest = marked === -1 ? all.filter(({ key }) => key > keyMarker) : all.slice(marked + 1);
  return versionsAnswer({
    bucket,
    prefix,
    keyMarker,
    versionIdMarker,
    maxKeys,
    urlEncoded: query.get("encoding-type") === "url",
    isTruncated: rest.length > maxKeys,
    versions: rest.slice(0, maxKeys),
  });
}
