import { randomUUID } from "node:crypto";
import type { AwsError } from "../aws-error.ts";
import type { WireAnswer, WireFormat } from "../service.ts";
import type { BucketSettings } from "./bucket-settings.ts";
import type { ListedVersion, StoredObject } from "./object-store.ts";
import { s3Refusal } from "./s3-error.ts";

const XML = "application/xml";
const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

/** S3's REST protocol: objects as they are, everything else as XML. */
export const s3Wire: WireFormat = {
  answer: (result) => withRequestId(result as WireAnswer),
  refusal: (error) => {
    const { code, statusCode } = s3Refusal(error);
    return withRequestId(
      xmlAnswer(statusCode, element("Error", [element("Code", code), element("Message", error.message)])),
    );
  },
};

/** An answer without a body. */
export function emptyAnswer(statusCode: number, headers: Readonly<Record<string, string>> = {}): WireAnswer {
  return { statusCode, headers, content: "" };
}

/** What S3 tells about a version in headers. */
export function objectHeaders(
  { hasBucketKey }: BucketSettings,
  object: StoredObject,
  withChecksum: boolean,
): Readonly<Record<string, string>> {
  const { versionId, encryption, checksum } = object;
  return {
    ETag: object.etag,
    ...(versionId === "null" ? {} : { "x-amz-version-id": versionId }),
    "x-amz-server-side-encryption": encryption.algorithm,
    ...(encryption.keyArn === undefined
      ? {}
      : { "x-amz-server-side-encryption-aws-kms-key-id": encryption.keyArn }),
    ...(encryption.keyArn !== undefined && hasBucketKey
      ? { "x-amz-server-side-encryption-bucket-key-enabled": "true" }
      : {}),
    ...(withChecksum && checksum?.header.startsWith("x-amz-checksum-") === true
      ? { [checksum.header]: checksum.value, "x-amz-checksum-type": "FULL_OBJECT" }
      : {}),
  };
}

/** The headers of an object that is read, with what was put beside it. */
export function readingHeaders(
  settings: BucketSettings,
  object: StoredObject,
  withChecksum: boolean,
): Readonly<Record<string, string>> {
  const { contentEncoding, contentDisposition, cacheControl, lock } = object;
  return {
    ...objectHeaders(settings, object, withChecksum),
    "Accept-Ranges": "bytes",
    "Content-Length": String(object.content.length),
    "Content-Type": object.contentType ?? "application/octet-stream",
    "Last-Modified": new Date(object.lastModifiedMs).toUTCString(),
    ...(contentEncoding === undefined ? {} : { "Content-Encoding": contentEncoding }),
    ...(contentDisposition === undefined ? {} : { "Content-Disposition": contentDisposition }),
    ...(cacheControl === undefined ? {} : { "Cache-Control": cacheControl }),
    ...(lock === undefined
      ? {}
      : {
          "x-amz-object-lock-mode": lock.mode,
          "x-amz-object-lock-retain-until-date": new Date(lock.retainUntilMs).toISOString(),
        }),
    ...Object.fromEntries(
      Object.entries(object.metadata ?? {}).map(([name, value]) => [`x-amz-meta-${name}`, value]),
    ),
  };
}

/** The retention of a version. */
export function retentionAnswer({ mode, retainUntilMs }: NonNullable<StoredObject["lock"]>): WireAnswer {
  return xmlAnswer(
    200,
    element("Retention", [
      element("Mode", mode),
      element("RetainUntilDate", new Date(retainUntilMs).toISOString()),
    ]),
  );
}

/** One page of a list of objects. */
export type ListPage = {
  readonly bucket: string;
  readonly prefix: string;
  readonly startAfter: string | undefined;
  readonly continuationToken: string | undefined;
  readonly nextContinuationToken: string | undefined;
  readonly maxKeys: number;
  readonly urlEncoded: boolean;
  readonly objects: readonly StoredObject[];
};

/** A page of ListObjectsV2. */
export function listAnswer(page: ListPage): WireAnswer {
  const key = (text: string): string => (page.urlEncoded ? encodeURIComponent(text) : text);
  const optional = (name: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [element(name, value)];
  const contents = page.objects.map((object) =>
    element("Contents", [
      element("Key", key(object.key)),
      element("LastModified", new Date(object.lastModifiedMs).toISOString()),
      element("ETag", object.etag),
      element("Size", String(object.content.length)),
      element("StorageClass", "STANDARD"),
    ]),
  );
  return xmlAnswer(
    200,
    element(
      "ListBucketResult",
      [
        element("Name", page.bucket),
        element("Prefix", key(page.prefix)),
        ...optional("StartAfter", page.startAfter),
        ...optional("ContinuationToken", page.continuationToken),
        ...optional("NextContinuationToken", page.nextContinuationToken),
        ...optional("EncodingType", page.urlEncoded ? "url" : undefined),
        element("KeyCount", String(page.objects.length)),
        element("MaxKeys", String(page.maxKeys)),
        element("IsTruncated", String(page.nextContinuationToken !== undefined)),
        ...contents,
      ],
      NAMESPACE,
    ),
  );
}

/** One page of a list of versions. */
export type VersionsPage = {
  readonly bucket: string;
  readonly prefix: string;
  readonly keyMarker: string;
  readonly versionIdMarker: string;
  readonly maxKeys: number;
  readonly urlEncoded: boolean;
  readonly isTruncated: boolean;
  readonly versions: readonly ListedVersion[];
};

/** A page of ListObjectVersions. */
export function versionsAnswer(page: VersionsPage): WireAnswer {
  const key = (text: string): string => (page.urlEncoded ? encodeURIComponent(text) : text);
  const last = page.isTruncated ? page.versions.at(-1) : undefined;
  const entries = page.versions.map((version) => {
    const common = [
      element("Key", key(version.key)),
      element("VersionId", version.versionId),
      element("IsLatest", String(version.isLatest)),
      element("LastModified", new Date(version.lastModifiedMs).toISOString()),
    ];
    return "isDeleteMarker" in version
      ? element("DeleteMarker", common)
      : element("Version", [
          ...common,
          element("ETag", version.etag),
          element("Size", String(version.content.length)),
          element("StorageClass", "STANDARD"),
        ]);
  });
  return xmlAnswer(
    200,
    element(
      "ListVersionsResult",
      [
        element("Name", page.bucket),
        element("Prefix", key(page.prefix)),
        element("KeyMarker", key(page.keyMarker)),
        element("VersionIdMarker", page.versionIdMarker),
        ...(last === undefined
          ? []
          : [element("NextKeyMarker", key(last.key)), element("NextVersionIdMarker", last.versionId)]),
        ...(page.urlEncoded ? [element("EncodingType", "url")] : []),
        element("MaxKeys", String(page.maxKeys)),
        element("IsTruncated", String(page.isTruncated)),
        ...entries,
      ],
      NAMESPACE,
    ),
  );
}

/** What became of one object that was to be deleted. */
export type DeletedItem = { readonly key: string; readonly versionId: string | undefined } & (
  | { readonly markerVersionId: string | undefined }
  | { readonly error: AwsError }
);

/** What became of the objects of a DeleteObjects; a quiet one hears of failures alone. */
export function deletionAnswer(items: readonly DeletedItem[], quiet: boolean): WireAnswer {
  const entries = items.flatMap((item) => {
    const named = [
      element("Key", item.key),
      ...(item.versionId === undefined ? [] : [element("VersionId", item.versionId)]),
    ];
    if ("error" in item) {
      const { code } = s3Refusal(item.error);
      return [element("Error", [...named, element("Code", code), element("Message", "Access Denied")])];
    }
    const { markerVersionId } = item;
    const marker =
      markerVersionId === undefined
        ? []
        : [element("DeleteMarker", "true"), element("DeleteMarkerVersionId", markerVersionId)];
    return quiet ? [] : [element("Deleted", [...named, ...marker])];
  });
  return xmlAnswer(200, element("DeleteResult", entries, NAMESPACE));
}

/** The answer to an upload by a form, as the form wants it: 201 with a document, 200 or 204 without, or a way on. */
export function uploadAnswer(
  { status, redirect }: { readonly status: string; readonly redirect: string | undefined },
  {
    location,
    bucket,
    key,
    headers,
  }: {
    readonly location: string;
    readonly bucket: string;
    readonly key: string;
    readonly headers: Readonly<Record<string, string>>;
  },
): WireAnswer {
  const etag = headers["ETag"] ?? "";
  const told = { ...headers, Location: location };
  if (redirect !== undefined && URL.canParse(redirect)) {
    const next = new URL(redirect);
    for (const [name, value] of Object.entries({ bucket, key, etag })) next.searchParams.append(name, value);
    return emptyAnswer(303, { ...told, Location: next.href });
  }
  if (status !== "201") return emptyAnswer(status === "200" ? 200 : 204, told);
  const answer = xmlAnswer(
    201,
    element("PostResponse", [
      element("Location", location),
      element("Bucket", bucket),
      element("Key", key),
      element("ETag", etag),
    ]),
  );
  return { ...answer, headers: { ...told, ...answer.headers } };
}

function xmlAnswer(statusCode: number, document: string): WireAnswer {
  return {
    statusCode,
    headers: { "Content-Type": XML },
    content: `<?xml version="1.0" encoding="UTF-8"?>\n${document}`,
  };
}

/** An element with text, which is escaped, or with elements. */
function element(name: string, content: string | readonly string[], namespace?: string): string {
  const inner = typeof content === "string" ? escaped(content) : content.join("");
  return `<${name}${namespace === undefined ? "" : ` xmlns="${namespace}"`}>${inner}</${name}>`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;");
}

function withRequestId(answer: WireAnswer): WireAnswer {
  return { ...answer, headers: { "x-amz-request-id": randomUUID(), ...answer.headers } };
}
