import { awsError, unknownOperation } from "../aws-error.ts";
import { keyArn } from "../dynamodb/tables.ts";
import type { Authorizer, PermissionCheck } from "../iam.ts";
import type { ConditionContext } from "../policy-conditions.ts";
import type { AwsService, Caller, Operation, WireAnswer } from "../service.ts";
import type { Template } from "../template.ts";
import { type BucketSettings, type ObjectEncryption, readBuckets } from "./bucket-settings.ts";
import { type Bucket, createBucket, type StoredObject } from "./object-store.ts";
import { readContent } from "./request-content.ts";
import {
  emptyAnswer,
  listAnswer,
  objectHeaders,
  readingHeaders,
  retentionAnswer,
  s3Wire,
} from "./s3-answers.ts";
import { s3Error } from "./s3-error.ts";
import { headerOf, readS3Operation, requestOf, type S3Request } from "./s3-request.ts";

/** The buckets of the template. */
export type S3 = {
  readonly service: AwsService;
  buckets(): readonly Bucket[];
  /** A bucket by its physical name. */
  bucket(name: string): Bucket | undefined;
};

const MAX_KEYS = 1000;
const BYPASS_HEADER = "x-amz-bypass-governance-retention";
/** Headers of a request that policies can ask for, by the condition key's name. */
const CONDITION_HEADERS = {
  "s3:x-amz-acl": "x-amz-acl",
  "s3:x-amz-server-side-encryption": "x-amz-server-side-encryption",
  "s3:x-amz-server-side-encryption-aws-kms-key-id": "x-amz-server-side-encryption-aws-kms-key-id",
  "s3:if-none-match": "if-none-match",
  "s3:x-amz-content-sha256": "x-amz-content-sha256",
};
/** The permission that each operation on an object is checked as; on a version it may be another. */
const OBJECT_PERMISSIONS: Readonly<Record<string, { readonly newest: string; readonly version: string }>> = {
  PutObject: { newest: "s3:PutObject", version: "s3:PutObject" },
  GetObject: { newest: "s3:GetObject", version: "s3:GetObjectVersion" },
  HeadObject: { newest: "s3:GetObject", version: "s3:GetObjectVersion" },
  GetObjectRetention: { newest: "s3:GetObjectRetention", version: "s3:GetObjectRetention" },
  DeleteObject: { newest: "s3:DeleteObject", version: "s3:DeleteObjectVersion" },
};

/** Creates every bucket of the template, empty. */
export function createS3(template: Template, authorizer: Authorizer): S3 {
  const buckets = readBuckets(template).map(createBucket);
  const named = (name: string): Bucket | undefined => buckets.find(({ settings }) => settings.name === name);
  const bucketOf = ({ bucket }: S3Request): Bucket => {
    const found = named(bucket);
    if (found === undefined) throw s3Error("NoSuchBucket", "The specified bucket does not exist");
    return found;
  };

  /** The encryption that an upload names, if it does. */
  const wantedEncryption = (request: S3Request, { encryption }: BucketSettings): ObjectEncryption => {
    const algorithm = headerOf(request, "x-amz-server-side-encryption");
    if (algorithm === undefined) return encryption;
    if (algorithm === "AES256") return { algorithm };
    if (algorithm !== "aws:kms")
      throw s3Error("InvalidArgument", "The encryption method specified is not supported.");
    const key = headerOf(request, "x-amz-server-side-encryption-aws-kms-key-id");
    if (key !== undefined) return { algorithm, keyArn: keyArn(template, key) };
    if (encryption.keyArn !== undefined) return encryption;
    throw s3Error("NotImplemented", "The local host has no key of S3's own.");
  };

  const keyUse = (
    action: string,
    { keyArn: key }: ObjectEncryption,
    settings: BucketSettings,
    objectKey: string,
  ): readonly PermissionCheck[] =>
    key === undefined
      ? []
      : [
          {
            action,
            resource: key,
            context: storageKeyContext(template, settings, objectKey),
            implied: true,
          },
        ];

  const permissions = (operation: Operation): readonly PermissionCheck[] => {
    const request = requestOf(operation);
    const { key, query } = request;
    const bucketArn = `arn:aws:s3:::${request.bucket}`;
    const context = requestContext(request);
    if (key === "") {
      return [
        {
          action: "s3:ListBucket",
          resource: bucketArn,
          context: {
            ...context,
            ...(query.has("prefix") ? { "s3:prefix": [query.get("prefix") ?? ""] } : {}),
          },
        },
      ];
    }
    const resource = `${bucketArn}/${key}`;
    const versionId = query.get("versionId");
    const names = OBJECT_PERMISSIONS[operation.name];
    if (names === undefined) throw unknownOperation(operation.name);
    const own = { action: versionId === undefined ? names.newest : names.version, resource, context };
    const settings = named(request.bucket)?.settings;
    if (settings === undefined) return [own];
    switch (operation.name) {
      case "PutObject":
        return [own, ...keyUse("kms:GenerateDataKey", wantedEncryption(request, settings), settings, key)];
      case "GetObject":
      case "HeadObject": {
        // HEAD needs the key only where it asks for the checksum.
        const opens = operation.name === "GetObject" || wantsChecksum(request);
        const object = named(request.bucket)?.find(key, versionId);
        return opens && object !== undefined
          ? [own, ...keyUse("kms:Decrypt", object.encryption, settings, key)]
          : [own];
      }
      case "DeleteObject":
        return headerOf(request, BYPASS_HEADER) === "true"
          ? [own, { action: "s3:BypassGovernanceRetention", resource, context }]
          : [own];
      default:
        return [own];
    }
  };

  /** Who may not list a bucket is not told what it lacks. */
  const absent = (request: S3Request, caller: Caller): Error => {
    const refusal =
      caller.kind === "function"
        ? authorizer.refuseFunction(caller.function, {
            action: "s3:ListBucket",
            resource: `arn:aws:s3:::${request.bucket}`,
            context: {},
          })
        : undefined;
    if (refusal !== undefined) return awsError("AccessDeniedException", refusal);
    return request.query.has("versionId")
      ? s3Error("NoSuchVersion", "The specified version does not exist.")
      : s3Error("NoSuchKey", "The specified key does not exist.");
  };
  const objectOf = (request: S3Request, caller: Caller): StoredObject => {
    const object = bucketOf(request).find(request.key, request.query.get("versionId"));
    if (object === undefined) throw absent(request, caller);
    return object;
  };

  const put = (request: S3Request): WireAnswer => {
    const bucket = bucketOf(request);
    const { content, checksum } = readContent(request.headers, request.body);
    if (bucket.settings.retention !== undefined && checksum === undefined)
      throw s3Error(
        "InvalidRequest",
        "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters",
      );
    const ifNoneMatch = headerOf(request, "if-none-match");
    if (ifNoneMatch !== undefined && ifNoneMatch !== "*")
      throw s3Error("NotImplemented", "A header implies functionality that is not implemented.");
    if (ifNoneMatch === "*" && bucket.find(request.key) !== undefined)
      throw s3Error("PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
    const object = bucket.put(request.key, {
      content,
      contentType: headerOf(request, "content-type"),
      contentEncoding: ownEncoding(headerOf(request, "content-encoding")),
      metadata: metadataOf(request),
      checksum,
      encryption: wantedEncryption(request, bucket.settings),
    });
    return emptyAnswer(200, { ...objectHeaders(bucket.settings, object, true), "Content-Length": "0" });
  };

  const read = (request: S3Request, caller: Caller): WireAnswer => {
    const object = objectOf(request, caller);
    if (headerOf(request, "if-none-match") !== undefined)
      throw s3Error("NotImplemented", "A header implies functionality that is not implemented.");
    const headers = readingHeaders(bucketOf(request).settings, object, wantsChecksum(request));
    return { statusCode: 200, headers, content: object.content };
  };

  const list = (request: S3Request): WireAnswer => {
    const { query, bucket } = request;
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
    const all = bucketOf(request)
      .objects()
      .filter(({ key }) => key.startsWith(prefix) && key > after);
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
  };

  const remove = (request: S3Request): WireAnswer => {
    const bucket = bucketOf(request);
    const versionId = request.query.get("versionId");
    if (versionId === undefined) {
      const marker = bucket.hide(request.key);
      return emptyAnswer(
        204,
        marker === undefined ? {} : { "x-amz-delete-marker": "true", "x-amz-version-id": marker.versionId },
      );
    }
    // Whether the caller may bypass was a permission of this call.
    bucket.remove(request.key, versionId, headerOf(request, BYPASS_HEADER) === "true");
    return emptyAnswer(204, { "x-amz-version-id": versionId });
  };

  const run = (operation: Operation, caller: Caller): WireAnswer => {
    const request = requestOf(operation);
    switch (operation.name) {
      case "PutObject":
        return put(request);
      case "GetObject":
      case "HeadObject":
        return read(request, caller);
      case "GetObjectRetention": {
        const { lock } = objectOf(request, caller);
        if (lock === undefined)
          throw s3Error(
            "NoSuchObjectLockConfiguration",
            "The specified object does not have a ObjectLock configuration",
          );
        return retentionAnswer(lock);
      }
      case "DeleteObject":
        return remove(request);
      case "ListObjectsV2":
        return list(request);
      case "HeadBucket":
        bucketOf(request);
        return emptyAnswer(200, { "x-amz-bucket-region": template.region });
      default:
        throw unknownOperation(operation.name);
    }
  };

  return {
    service: { name: "s3", read: readS3Operation, permissions, run, wire: s3Wire },
    buckets: () => buckets,
    bucket: named,
  };
}

/** What a key's policy sees of S3's use of the key for an object. */
export function storageKeyContext(
  template: Template,
  { arn, hasBucketKey }: BucketSettings,
  objectKey: string,
): ConditionContext {
  return {
    "kms:ViaService": [`s3.${template.region}.amazonaws.com`],
    "kms:EncryptionContext:aws:s3:arn": [hasBucketKey ? arn : `${arn}/${objectKey}`],
    "kms:EncryptionContextKeys": ["aws:s3:arn"],
  };
}

function requestContext(request: S3Request): ConditionContext {
  return Object.fromEntries(
    Object.entries(CONDITION_HEADERS).flatMap(([key, header]) => {
      const value = headerOf(request, header);
      return value === undefined ? [] : [[key, [value]] as const];
    }),
  );
}

function wantsChecksum(request: S3Request): boolean {
  return headerOf(request, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED";
}

/** The content's own encoding, without the one that only carried it here. */
function ownEncoding(encoding: string | undefined): string | undefined {
  const own = (encoding ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "aws-chunked" && part !== "");
  return own.length === 0 ? undefined : own.join(",");
}

function metadataOf({ headers }: S3Request): Readonly<Record<string, string>> {
  const prefix = "x-amz-meta-";
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), String(value)]),
  );
}
