import { awsError, unknownOperation } from "../aws-error.ts";
import { keyArn } from "../dynamodb/tables.ts";
import type { Authorizer, PermissionCheck } from "../iam.ts";
import type { ConditionContext } from "../policy-conditions.ts";
import type { QueueStore } from "../queue-store.ts";
import type { AwsService, Caller, Operation, WireAnswer } from "../service.ts";
import type { Template } from "../template.ts";
import { createBrowserAccess } from "./browser-access.ts";
import { type CreationEvent, createBucketEvents } from "./bucket-events.ts";
import { type BucketSettings, type ObjectEncryption, readBuckets } from "./bucket-settings.ts";
import { byteRange } from "./byte-range.ts";
import { deletedItems, readDeletion } from "./deletion.ts";
import { type Bucket, createBucket, type StoredObject } from "./object-store.ts";
import { readContent } from "./request-content.ts";
import {
  deletionAnswer,
  emptyAnswer,
  objectHeaders,
  readingHeaders,
  retentionAnswer,
  s3Wire,
  uploadAnswer,
} from "./s3-answers.ts";
import { s3Error } from "./s3-error.ts";
import { listObjects, listVersions } from "./s3-lists.ts";
import { headerOf, RESPONSE_HEADERS, readS3Operation, requestOf, type S3Request } from "./s3-request.ts";

/** The buckets of the template. */
export type S3 = {
  readonly service: AwsService;
  buckets(): readonly Bucket[];
  /** A bucket by its physical name. */
  bucket(name: string): Bucket | undefined;
};

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

/** Creates every bucket of the template, empty. `localised` turns an origin of the template into one of this host. */
export function createS3(
  template: Template,
  authorizer: Authorizer,
  queues: QueueStore,
  localised: (origin: string) => string,
): S3 {
  const settingsOfAll = readBuckets(template, localised);
  const buckets = settingsOfAll.map(createBucket);
  const events = createBucketEvents(template, settingsOfAll, queues, authorizer);
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
    if (operation.name === "DeleteObjects") {
      return readDeletion(request).objects.map((item) => ({
        ...deletionCheck(request.bucket, item),
        askedByItem: true,
      }));
    }
    if (key === "") {
      return [
        {
          action: operation.name === "ListObjectVersions" ? "s3:ListBucketVersions" : "s3:ListBucket",
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

  const put = (request: S3Request, caller: Caller): WireAnswer => {
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
      contentDisposition: headerOf(request, "content-disposition"),
      cacheControl: headerOf(request, "cache-control"),
      metadata: metadataOf(request),
      checksum,
      encryption: wantedEncryption(request, bucket.settings),
    });
    const { form, key } = request;
    const event: CreationEvent = form === undefined ? "ObjectCreated:Put" : "ObjectCreated:Post";
    events.tell(bucket.settings, object, event, principalOf(template, caller));
    const headers = objectHeaders(bucket.settings, object, true);
    const { name } = bucket.settings;
    if (form !== undefined) {
      const location = `${template.gatewayUrl}/${name}/${encodeURIComponent(key)}`;
      return uploadAnswer(form, { location, bucket: name, key, headers });
    }
    return emptyAnswer(200, { ...headers, "Content-Length": "0" });
  };

  const read = (request: S3Request, caller: Caller): WireAnswer => {
    const object = objectOf(request, caller);
    if (headerOf(request, "if-none-match") !== undefined)
      throw s3Error("NotImplemented", "A header implies functionality that is not implemented.");
    const range = byteRange(headerOf(request, "range"), object.content.length);
    const headers = {
      // The checksum is one of the whole object.
      ...readingHeaders(bucketOf(request).settings, object, range === undefined && wantsChecksum(request)),
      ...wantedHeaders(request),
    };
    if (range === undefined) return { statusCode: 200, headers, content: object.content };
    const { first, last } = range;
    return {
      statusCode: 206,
      headers: {
        ...headers,
        "Content-Length": String(last - first + 1),
        "Content-Range": `bytes ${String(first)}-${String(last)}/${String(object.content.length)}`,
      },
      content: object.content.subarray(first, last + 1),
    };
  };

  const removeSeveral = (request: S3Request, caller: Caller): WireAnswer => {
    const bucket = bucketOf(request);
    const { objects, quiet } = readDeletion(request);
    const refusalOf = (item: { readonly key: string; readonly versionId: string | undefined }) =>
      caller.kind === "function"
        ? authorizer.refuseFunction(caller.function, deletionCheck(request.bucket, item))
        : undefined;
    return deletionAnswer(deletedItems(bucket, objects, refusalOf), quiet);
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
    const { wasMarker } = bucket.remove(request.key, versionId, headerOf(request, BYPASS_HEADER) === "true");
    return emptyAnswer(204, {
      "x-amz-version-id": versionId,
      ...(wasMarker ? { "x-amz-delete-marker": "true" } : {}),
    });
  };

  const run = (operation: Operation, caller: Caller): WireAnswer => {
    const request = requestOf(operation);
    switch (operation.name) {
      case "PutObject":
        return put(request, caller);
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
        return listObjects(request, bucketOf(request));
      case "ListObjectVersions":
        return listVersions(request, bucketOf(request));
      case "DeleteObjects":
        return removeSeveral(request, caller);
      case "HeadBucket":
        bucketOf(request);
        return emptyAnswer(200, { "x-amz-bucket-region": template.region });
      default:
        throw unknownOperation(operation.name);
    }
  };

  return {
    service: {
      name: "s3",
      read: readS3Operation,
      permissions,
      run,
      wire: s3Wire,
      browser: createBrowserAccess((name) => named(name)?.settings),
    },
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

/** What a deletion of one object is checked as. */
function deletionCheck(
  bucket: string,
  { key, versionId }: { readonly key: string; readonly versionId: string | undefined },
): PermissionCheck {
  return {
    action: versionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion",
    resource: `arn:aws:s3:::${bucket}/${key}`,
    context: {},
  };
}

/** Whom an event names as its cause. */
function principalOf(template: Template, caller: Caller): string {
  if (caller.kind !== "function") return `AWS:${caller.kind}`;
  const { roleLogicalId, physicalName } = caller.function;
  return `AWS:${template.attribute(roleLogicalId, "RoleId")}:${physicalName}`;
}

/** Headers that the request itself sets for its answer. */
function wantedHeaders({ query }: S3Request): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(RESPONSE_HEADERS).flatMap(([parameter, header]) => {
      const value = query.get(parameter);
      return value === undefined ? [] : [[header, value] as const];
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
