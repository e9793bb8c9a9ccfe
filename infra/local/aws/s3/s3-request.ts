import type { IncomingHttpHeaders } from "node:http";
import { unknownOperation } from "../aws-error.ts";
import type { GatewayRequest, Operation } from "../service.ts";
import { s3Error } from "./s3-error.ts";

/** A request to S3, taken apart. */
export type S3Request = {
  readonly bucket: string;
  /** Empty for a request about the bucket itself. */
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

/** The longest key, in bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;
/** Asks for nothing: it names the operation for logs. */
const OPERATION_ID = "x-id";

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
  { name: "GetObject", method: "GET", onObject: true, parameters: ["versionId"] },
  { name: "HeadObject", method: "HEAD", onObject: true, parameters: ["versionId"] },
  { name: "DeleteObject", method: "DELETE", onObject: true, parameters: ["versionId"] },
  {
    name: "ListObjectsV2",
    method: "GET",
    onObject: false,
    marker: "list-type",
    parameters: ["prefix", "start-after", "continuation-token", "max-keys", "encoding-type", "fetch-owner"],
  },
  { name: "HeadBucket", method: "HEAD", onObject: false, parameters: [] },
];
/** Headers that change what an operation does and are not imitated. */
const REFUSED_HEADERS = [
  "range",
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
  const path = mark === -1 ? target : target.slice(0, mark);
  const query = new Map(new URLSearchParams(mark === -1 ? "" : target.slice(mark + 1)));
  query.delete(OPERATION_ID);
  const [, bucket = "", rawKey = ""] = /^\/([^/]*)\/?(.*)$/su.exec(path) ?? [];
  const key = decoded(rawKey);
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
  const asked: S3Request = { bucket: decoded(bucket), key, query, headers, body };
  return { name: operation.name, input: { request: asked } };
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
