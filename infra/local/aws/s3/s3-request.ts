import type { IncomingHttpHeaders } from "node:http";
import { unknownOperation } from "../aws-error.ts";
import type { GatewayRequest, Operation } from "../service.ts";
import { s3Error } from "./s3-error.ts";
import type { UploadForm } from "./upload-form.ts";

/** A request to S3, taken apart. */
export type S3Request = {
  readonly bucket: string;
  /** Empty for a request about the bucket itself. */
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** What an upload by a form wants for an answer; undefined for any other request. */
  readonly form?: { readonly status: string; readonly redirect: string | undefined };
};

/** The longest key, in bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;
/** Asks for nothing: it names the operation for logs. */
const OPERATION_ID = "x-id";

/** Parameters of a read that take the place of a header of its answer. */
export const RESPONSE_HEADERS: Readonly<Record<string, string>> = {
  "response-cache-control": "Cache-Control",
  "response-content-disposition": "Content-Disposition",
  "response-content-encoding": "Content-Encoding",
  "response-content-language": "Content-Language",
  "response-content-type": "Content-Type",
  "response-expires": "Expires",
};

/** The operations, by method and by whether they are about an object, with the parameters that each takes. */
const OPERATIONS: readonly {
  readonly name: string;
  readonly method: string;
  readonly onObject: boolean;
  /** A parameter that must be there. */
  readonly marker?: string;
  readonly parameters: readonly string[];
}[] = [
  { name: "PutObject", method: "PUT", onObject: true, parameters: [] },
  {
    name: "GetObjectRetention",
    method: "GET",
    onObject: true,
    marker: "retention",
    parameters: ["versionId"],
  },
  {
    name: "GetObject",
    method: "GET",
    onObject: true,
    parameters: ["versionId", ...Object.keys(RESPONSE_HEADERS)],
  },
  { name: "HeadObject", method: "HEAD", onObject: true, parameters: ["versionId"] },
  { name: "DeleteObject", method: "DELETE", onObject: true, parameters: ["versionId"] },
  {
    name: "ListObjectsV2",
    method: "GET",
    onObject: false,
    marker: "list-type",
    parameters: ["prefix", "start-after", "continuation-token", "max-keys", "encoding-type", "fetch-owner"],
  },
  {
    name: "ListObjectVersions",
    method: "GET",
    onObject: false,
    marker: "versions",
    parameters: ["prefix", "key-marker", "version-id-marker", "max-keys", "encoding-type"],
  },
  { name: "DeleteObjects", method: "POST", onObject: false, marker: "delete", parameters: [] },
  { name: "HeadBucket", method: "HEAD", onObject: false, parameters: [] },
];
/** Headers that change what an operation does and are not imitated. */
const REFUSED_HEADERS = [
  "if-match",
  "if-modified-since",
  "if-unmodified-since",
  "x-amz-copy-source",
  "x-amz-object-lock-mode",
  "x-amz-object-lock-retain-until-date",
  "x-amz-object-lock-legal-hold",
  "x-amz-server-side-encryption-customer-algorithm",
  "x-amz-server-side-encryption-context",
  "x-amz-tagging",
  "x-amz-website-redirect-location",
  "x-amz-write-offset-bytes",
];

/** Reads an operation of S3's REST protocol, the bucket in the path; throws for what this host does not imitate. */
export function readS3Operation(request: GatewayRequest): Operation {
  const { method, headers, target = request.path } = request;
  const mark = target.indexOf("?");
  const query = new Map(new URLSearchParams(mark === -1 ? "" : target.slice(mark + 1)));
  query.delete(OPERATION_ID);
  const { bucket, key } = bucketOfPath(request);
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw s3Error("KeyTooLongError", "Your key is too long.");
  const operation = OPERATIONS.find(
    ({ method: each, onObject, marker, parameters }) =>
      each === method &&
      onObject === (key !== "") &&
      (marker === undefined || query.has(marker)) &&
      [...query.keys()].every((name) => name === marker || parameters.includes(name)),
  );
  if (operation === undefined || bucket === "") throw unknownOperation(`${method} of S3`);
  if (REFUSED_HEADERS.some((name) => headers[name] !== undefined))
    throw s3Error("NotImplemented", "A header implies functionality that is not implemented.");
  const body = request.content ?? Buffer.from(request.body, "utf8");
  const asked: S3Request = { bucket, key, query, headers, body };
  return { name: operation.name, input: { request: asked } };
}

/** Bucket and key of a path-style address; empty where it has none. */
export function bucketOfPath({ path, target = path }: Pick<GatewayRequest, "path" | "target">): {
  readonly bucket: string;
  readonly key: string;
} {
  const [, bucket = "", key = ""] = /^\/([^/?]*)\/?([^?]*)/su.exec(target) ?? [];
  return { bucket: decoded(bucket), key: decoded(key) };
}

/** Fields of a form that say what is stored with the file. */
const STORED_FIELDS =
  /^(?:cache-control|content-(?:type|disposition|encoding)|x-amz-(?:meta|checksum|server-side-encryption).*)$/u;
/** Fields of a form that are about the upload itself. */
const FORM_FIELDS =
  /^(?:bucket|key|policy|success_action_(?:status|redirect)|x-ignore-.*|x-amz-(?:algorithm|credential|date|security-token|signature))$/u;

/** Throws for a field by which S3 would do what this host does not. */
export function refuseUnknownFields({ fields }: UploadForm): void {
  if ([...fields.keys()].some((name) => !STORED_FIELDS.test(name) && !FORM_FIELDS.test(name)))
    throw s3Error("NotImplemented", "A form field implies functionality that is not implemented.");
}

/** An upload by a form as the operation that it amounts to. */
export function uploadOperation(bucket: string, { fields, file }: UploadForm): Operation {
  const key = fields.get("key");
  if (key === undefined) throw s3Error("InvalidArgument", "Bucket POST must contain a field named 'key'.");
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw s3Error("KeyTooLongError", "Your key is too long.");
  const asked: S3Request = {
    bucket,
    key,
    query: new Map(),
    headers: Object.fromEntries([...fields].filter(([name]) => STORED_FIELDS.test(name))),
    body: file,
    form: {
      status: fields.get("success_action_status") ?? "",
      redirect: fields.get("success_action_redirect"),
    },
  };
  return { name: "PutObject", input: { request: asked } };
}

/** What `readS3Operation` put into an operation. */
export function requestOf(operation: Operation): S3Request {
  return operation.input["request"] as S3Request;
}

/** A header's one value. */
export function headerOf({ headers }: S3Request, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw s3Error("InvalidURI", "Couldn't parse the specified URI.");
  }
}
