import type { IncomingHttpHeaders } from "node:http";
import type { JsonRecord } from "../json-shape.ts";
import { type AwsError, awsError } from "./aws-error.ts";
import type { RequestUnits } from "./dynamodb/request-units.ts";
import type { LocalFunction } from "./functions.ts";
import type { PermissionCheck } from "./iam.ts";

/** Who called: a function by its access key, this host itself, or nobody (unsigned sign-in calls). */
export type Caller =
  | {
      readonly kind: "function";
      readonly function: LocalFunction;
      /** Which of the function's instances; undefined for the function's own key. */
      readonly instance?: string;
    }
  | { readonly kind: "host" }
  | { readonly kind: "anonymous" };

/** One HTTP request that reached the gateway. */
export type GatewayRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as UTF-8 text. */
  readonly body: string;
  /** Path and query as the caller wrote them, where they are more than `path`. */
  readonly target?: string;
  /** The body as it came, where it may be other than text. */
  readonly content?: Buffer;
};

/** An HTTP answer of a service whose protocol is not JSON. */
export type WireAnswer = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: string | Buffer;
};

/** How a service writes its answers where they are not JSON documents. */
export type WireFormat = {
  /** What `run` gave, as an HTTP answer. */
  answer(result: unknown): WireAnswer;
  /** An error of the service or of the gateway (a policy's refusal, a fault) in the service's own form. */
  refusal(error: AwsError): WireAnswer;
};

/** A request as the operation of a service that it asks for. */
export type Operation = { readonly name: string; readonly input: JsonRecord };

/** A call that its caller signed for somebody else to make: the signature stands in the address or in a form. */
export type PresignedCall = {
  readonly accessKeyId: string;
  readonly region: string;
  /** Throws where the service does not know what is asked; to be read after `verify`. */
  readonly operation: Operation;
  /** Throws unless the signature was made with this secret and the call is one that it covers, at the local clock. */
  verify(secretAccessKey: string): void;
};

/** What a service does for browsers, which reach it with presigned calls and from pages of other origins. */
export type BrowserAccess = {
  /** Whether a request to this path is the service's, whoever makes it. */
  claims(path: string): boolean;
  /** The most bytes that the body of such a request may have. */
  readonly bodyBytesMax: number;
  /** The answer to a page's question before its request; undefined for any other request. */
  preflight(request: GatewayRequest): WireAnswer | undefined;
  presigned(request: GatewayRequest): PresignedCall | undefined;
  /** The answer with what lets the asking page see it. */
  dressed(request: GatewayRequest, answer: WireAnswer): WireAnswer;
};

/** A stand-in for one AWS service behind the gateway. */
export type AwsService = {
  /** The service's name in a credential scope, and in call records. */
  readonly name: string;
  /** Reads what is asked; throws an AwsError for an operation that it does not implement. */
  read(request: GatewayRequest): Operation;
  /** Every permission that the operation needs on AWS. */
  permissions(operation: Operation): readonly PermissionCheck[];
  /**
   * Runs the operation; throws an AwsError where AWS would answer one. The result is the answer's document. Where the
   * service bills by request units, `note` is told them, also of a call that is refused.
   */
  run(operation: Operation, caller: Caller, note?: (units: RequestUnits) => void): unknown;
  /** The code in the header that clients of once-XML services read, where it differs from the error's. */
  queryErrorCode?(code: string): string | undefined;
  /** Only for services that do not speak JSON. */
  readonly wire?: WireFormat;
  /** Only for services that browsers reach. */
  readonly browser?: BrowserAccess;
};

/** Reads an operation of the JSON protocol: its name stands in X-Amz-Target after the service's prefix. */
export function readJsonOperation(request: GatewayRequest, targetPrefix: string): Operation {
  const [prefix, name] = String(request.headers["x-amz-target"] ?? "").split(".");
  if (prefix !== targetPrefix || name === undefined || name === "") {
    throw awsError("UnknownOperationException", "The request names no operation of this service.");
  }
  return { name, input: parseJsonObject(request.body) };
}

/** The JSON object in a request's body; an empty body is an empty object. */
export function parseJsonObject(body: string): JsonRecord {
  let value: unknown;
  try {
    value = JSON.parse(body === "" ? "{}" : body);
  } catch {
    throw awsError("SerializationException", "The request body is not JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw awsError("SerializationException", "The request body is not a JSON object.");
  }
  return value as JsonRecord;
}
