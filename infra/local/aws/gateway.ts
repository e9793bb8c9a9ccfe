import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonRecord } from "../json-shape.ts";
import { type AwsError, awsError, isAwsError } from "./aws-error.ts";
import type { CallFault, CallLog, CallRecord } from "./call-log.ts";
import type { RequestUnits } from "./dynamodb/request-units.ts";
import type { LocalFunction } from "./functions.ts";
import type { Authorizer } from "./iam.ts";
import type { AwsService, Caller, GatewayRequest, Operation, PresignedCall, WireAnswer } from "./service.ts";

/** The credentials that a caller hands to its SDK clients. */
export type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string };

/** A call that is about to be carried out, or just was. */
export type InterceptedCall = {
  readonly function: string;
  /** The calling instance; undefined where the function's own key was used. */
  readonly instance?: string;
  readonly service: string;
  readonly action: string;
  readonly resource: string;
};

/** What a fault does: the connection breaks without an answer, or the service answers an error. */
export type Fault = (
  | {
      readonly kind: "drop";
      /** What the call record says; `ConnectionLost` unless told. */
      readonly error?: string;
    }
  | { readonly kind: "error"; readonly code: string; readonly statusCode?: number }
) & { readonly cause?: CallFault };

/**
 * Called around every allowed call of a function; what it returns happens instead of the call or of its answer. A call
 * that the service itself refuses has an answer, too.
 */
export type Interceptor = {
  before?(call: InterceptedCall): Fault | undefined | Promise<Fault | undefined>;
  after?(call: InterceptedCall): Fault | undefined | Promise<Fault | undefined>;
};

/** A document that the gateway serves to unsigned GET requests, by path. */
export type PublicDocument = (path: string) => unknown;

/** What the gateway needs once the template is known. */
export type GatewayParts = {
  readonly region: string;
  readonly functions: readonly LocalFunction[];
  readonly authorizer: Authorizer;
  readonly services: readonly AwsService[];
  readonly calls: CallLog;
  readonly publicDocument: PublicDocument;
  /** Operations (`service.Operation`) that may be called without a signature. */
  readonly unsigned: ReadonlySet<string>;
};

/** The one endpoint that every AWS call of every function reaches. */
export type Gateway = {
  readonly url: string;
  /** Opens the gateway: until then it answers 503. */
  open(parts: GatewayParts): void;
  /** The function's own key, or the one of an instance of it: both have the function's rights. */
  credentialsFor(functionName: string, instance?: string): Credentials;
  readonly hostCredentials: Credentials;
  setInterceptor(interceptor: Interceptor | undefined): void;
  /** From now on nothing that this instance sends has an effect or gets an answer. */
  disconnect(instance: string): void;
  /** The services that have a stand-in, as they stand in call records. */
  serviceNames(): readonly string[];
  /** Calls that are being carried out now. */
  inFlight(): number;
  close(): Promise<void>;
};

const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** What is still read of a body that is refused, so that its sender hears why. */
const REFUSED_BYTES_READ_MAX = 64 * 1024 * 1024;

/** Listens on a free port of 127.0.0.1: the SDK treats an IP address as path-style, and `localhost` not. */
export async function listenGateway(): Promise<Gateway> {
  const seed = randomBytes(32);
  const callers = new Map<string, { readonly caller: Caller; readonly secretAccessKey: string }>();
  const disconnected = new Set<string>();
  let parts: GatewayParts | undefined;
  let interceptor: Interceptor | undefined;
  let inFlight = 0;

  const keyFor = (name: string): Credentials => {
    const digest = createHmac("sha256", seed).update(name).digest("hex");
    return { accessKeyId: `AKIA${digest.slice(0, 16).toUpperCase()}`, secretAccessKey: digest };
  };
  const hostCredentials = keyFor("/host");
  const admit = ({ accessKeyId, secretAccessKey }: Credentials, caller: Caller): void => {
    callers.set(accessKeyId, { caller, secretAccessKey });
  };
  admit(hostCredentials, { kind: "host" });

  const server = createServer((request, response) => {
    inFlight += 1;
    // The SDK corrects its own clock by this header, so it must tell the local time.
    response.setHeader("Date", new Date().toUTCString());
    response.setHeader("x-amzn-RequestId", randomUUID());
    answer(request, response)
      .catch(() => {
        if (!response.headersSent)
          respond(response, 500, { __type: "InternalServerError", message: "The local host failed." });
      })
      .finally(() => {
        inFlight -= 1;
      });
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? "/", "http://gateway").pathname;
    const owner = parts?.services.find(({ browser }) => browser?.claims(path) === true);
    const content = await readBody(request, owner?.browser?.bodyBytesMax ?? MAX_BODY_BYTES);
    if (parts === undefined)
      return respond(response, 503, {
        __type: "ServiceUnavailable",
        message: "The gateway is not open yet.",
      });
    if (content === undefined) {
      const named = credentialScope(request)?.service;
      const refused = refusalOf(
        owner ?? parts.services.find(({ name }) => name === named),
        awsError(
          "EntityTooLarge",
          "The request is too large for the local host.",
          {},
          owner === undefined ? 413 : 400,
        ),
      );
      // What is not read any more must not be taken for the next request.
      return send(response, { ...refused, headers: { ...refused.headers, Connection: "close" } });
    }
    const gatewayRequest: GatewayRequest = {
      method: request.method ?? "",
      target: request.url ?? "/",
      path,
      headers: request.headers,
      content,
      get body() {
        return content.toString("utf8");
      },
    };
    if (gatewayRequest.method === "GET" && request.headers.authorization === undefined) {
      const document = parts.publicDocument(gatewayRequest.path);
      if (document !== undefined) return respond(response, 200, document, "application/json");
    }
    const outcome = await handle(parts, gatewayRequest);
    if (outcome === "drop") {
      request.socket.destroy();
      return;
    }
    send(response, owner?.browser?.dressed(gatewayRequest, outcome) ?? outcome);
  };

  const handle = async (
    { region, authorizer, services, calls, unsigned }: GatewayParts,
    request: GatewayRequest,
  ): Promise<"drop" | WireAnswer> => {
    const scope = credentialScope(request);
    const target = String(request.headers["x-amz-target"] ?? "");
    const serviceName =
      scope?.service ?? (target.startsWith("AWSCognitoIdentityProviderService.") ? "cognito-idp" : "unknown");
    // Who brings no signature in a header may bring one made by somebody else.
    const reached =
      scope === undefined
        ? services.find(({ browser }) => browser?.claims(request.path) === true)
        : undefined;
    const service = reached ?? services.find(({ name }) => name === serviceName);
    let caller: Caller | undefined =
      scope === undefined ? { kind: "anonymous" } : callers.get(scope.accessKeyId)?.caller;
    let cause: CallFault | undefined;
    let units: RequestUnits | undefined;
    let record: { action: string; resource: string; allowed: boolean } = {
      action: target.split(".").at(-1) ?? "",
      resource: "",
      allowed: false,
    };
    const log = (error?: string): void => {
      calls.append({
        time: new Date().toISOString(),
        function: callerName(caller),
        role: caller?.kind === "function" ? (caller.function.roleArn.split("/").at(-1) ?? "") : "",
        service: service?.name ?? serviceName,
        ...record,
        ...(error === undefined ? {} : { error }),
        ...(units === undefined ? {} : { units }),
        ...(cause === undefined ? {} : { fault: cause }),
      } satisfies CallRecord);
    };
    /** The answer to a page's question, or the call that the request carries. */
    const readPresigned = (): WireAnswer | PresignedCall | undefined =>
      reached?.browser?.preflight(request) ?? reached?.browser?.presigned(request);
    const isGone = () =>
      caller?.kind === "function" && caller.instance !== undefined && disconnected.has(caller.instance);
    /** Fails the call with a fault: by an error that is thrown, or by no answer. */
    const suffer = (fault: Fault): "drop" => {
      cause = fault.cause;
      if (fault.kind === "error") throw awsError(fault.code, "A fault was asked for.", {}, fault.statusCode);
      log(fault.error ?? "ConnectionLost");
      return "drop";
    };

    try {
      if (isGone()) return "drop";
      if (caller === undefined)
        throw awsError(
          "UnrecognizedClientException",
          "The security token included in the request is invalid.",
        );
      if (scope !== undefined && scope.region !== region)
        throw awsError("InvalidSignatureException", "Credential should be scoped to a valid region.");
      if (service === undefined)
        throw awsError("UnknownOperationException", "The local host has no stand-in for this service.");
      const presigned = readPresigned();
      if (presigned !== undefined && "statusCode" in presigned) return presigned;
      if (presigned !== undefined) {
        caller = verifiedSigner(presigned, callers.get(presigned.accessKeyId), region);
      }
      const operation = presigned?.operation ?? service.read(request);
      record = { ...record, action: operation.name };
      if (caller.kind === "anonymous" && !unsigned.has(`${service.name}.${operation.name}`)) {
        throw awsError("MissingAuthenticationTokenException", "Missing Authentication Token");
      }
      // The host and unsigned callers have no role to check, but their calls name the same resources.
      record = { ...record, ...authorize(authorizer, service, operation, caller) };
      const call: InterceptedCall = {
        function: callerName(caller),
        ...(caller.kind === "function" && caller.instance !== undefined ? { instance: caller.instance } : {}),
        service: service.name,
        action: record.action,
        resource: record.resource,
      };
      // What a browser does is no call of the function that signed it: faults do not meet it.
      const intercepted = caller.kind === "function" && presigned === undefined;
      const before = intercepted ? await interceptor?.before?.(call) : undefined;
      if (before !== undefined) return suffer(before);
      // Another call of the same instance may have ended it while this one was held up.
      if (isGone()) return "drop";
      const ran = await runOf(service, operation, caller, (noted) => {
        units = noted;
      });
      const after = intercepted ? await interceptor?.after?.(call) : undefined;
      if (after !== undefined) return suffer(after);
      if ("refusal" in ran) throw ran.refusal;
      log();
      return service.wire?.answer(ran.document) ?? jsonAnswer(200, ran.document);
    } catch (error) {
      if (!isAwsError(error)) {
        log("InternalServerError");
        // A defect of this host: the caller sees what AWS would show, the person at the terminal sees the defect.
        process.stderr.write(
          `local gateway, ${serviceName} ${record.action}: ${error instanceof Error ? error.stack : "unknown failure"}\n`,
        );
        return refusalOf(service, awsError("InternalServerError", "The local host failed.", {}, 500));
      }
      if (error.code === "AccessDeniedException")
        record = { ...record, resource: deniedResource(record.resource, error.members), allowed: false };
      log(error.code);
      return refusalOf(service, error);
    }
  };

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    open: (opened) => {
      parts = opened;
      for (const localFunction of opened.functions) {
        admit(keyFor(localFunction.name), { kind: "function", function: localFunction });
      }
    },
    credentialsFor: (functionName, instance) => {
      const known = parts?.functions.find(({ name, logicalId, physicalName }) =>
        [name, logicalId, physicalName].includes(functionName),
      );
      if (known === undefined || parts === undefined)
        throw new Error(`There is no function ${functionName}.`);
      // Fails now rather than in the middle of a request where its policies cannot be evaluated.
      parts.authorizer.statementsOf(known);
      if (instance === undefined) return keyFor(known.name);
      const credentials = keyFor(`${known.name}/${instance}`);
      admit(credentials, { kind: "function", function: known, instance });
      return credentials;
    },
    hostCredentials,
    setInterceptor: (next) => {
      interceptor = next;
    },
    disconnect: (instance) => {
      disconnected.add(instance);
    },
    serviceNames: () => (parts?.services ?? []).map(({ name }) => name),
    inFlight: () => inFlight,
    close: () => closeServer(server),
  };
}

/** Who signed a call for a browser, without the instance, which need not live any more; throws where nobody here did. */
function verifiedSigner(
  call: PresignedCall,
  signer: { readonly caller: Caller; readonly secretAccessKey: string } | undefined,
  region: string,
): Caller {
  if (signer === undefined)
    throw awsError(
      "UnrecognizedClientException",
      "The AWS Access Key Id you provided does not exist in our records.",
    );
  if (call.region !== region)
    throw awsError("InvalidSignatureException", "Credential should be scoped to a valid region.");
  call.verify(signer.secretAccessKey);
  return signer.caller.kind === "function"
    ? { kind: "function", function: signer.caller.function }
    : signer.caller;
}

/** What a service answers; a refusal is kept, because a fault may take its place. */
async function runOf(
  service: AwsService,
  operation: Operation,
  caller: Caller,
  note: (units: RequestUnits) => void,
): Promise<{ readonly document: unknown } | { readonly refusal: Error }> {
  try {
    return { document: await service.run(operation, caller, note) };
  } catch (error) {
    if (!isAwsError(error)) throw error;
    return { refusal: error };
  }
}

/** An error in the form of its service; in JSON where the service is not known. */
function refusalOf(service: AwsService | undefined, error: AwsError): WireAnswer {
  if (service?.wire !== undefined) return service.wire.refusal(error);
  const queryErrorCode = service?.queryErrorCode?.(error.code);
  const { deniedResource: _internal, ...members } = error.members;
  return jsonAnswer(
    error.statusCode,
    { __type: error.code, message: error.message, ...members },
    {
      "x-amzn-ErrorType": error.code,
      ...(queryErrorCode === undefined ? {} : { "x-amzn-query-error": `${queryErrorCode};Sender` }),
    },
  );
}

function jsonAnswer(
  statusCode: number,
  document: unknown,
  headers: Readonly<Record<string, string>> = {},
): WireAnswer {
  return {
    statusCode,
    headers: { "content-type": "application/x-amz-json-1.0", ...headers },
    content: JSON.stringify(document ?? {}),
  };
}

function authorize(
  authorizer: Authorizer,
  service: AwsService,
  operation: Operation,
  caller: Caller,
): { resource: string; allowed: true } {
  const checks = service.permissions(operation);
  const resource = [
    ...new Set(checks.filter(({ implied }) => implied !== true).map((check) => check.resource)),
  ].join(",");
  if (caller.kind === "function") {
    for (const check of checks.filter(({ askedByItem }) => askedByItem !== true)) {
      const refusal = authorizer.refuseFunction(caller.function, check);
      if (refusal !== undefined)
        throw awsError("AccessDeniedException", refusal, { deniedResource: resource });
    }
  }
  return { resource, allowed: true };
}

function deniedResource(recorded: string, members: JsonRecord): string {
  return typeof members["deniedResource"] === "string" ? members["deniedResource"] : recorded;
}

function callerName(caller: Caller | undefined): string {
  if (caller === undefined) return "unknown";
  return caller.kind === "function" ? caller.function.name : caller.kind;
}

function credentialScope(
  request: Pick<GatewayRequest, "headers">,
): { accessKeyId: string; region: string; service: string } | undefined {
  const credential = /Credential=([^,\s]+)/.exec(request.headers.authorization ?? "")?.[1];
  if (credential === undefined) return undefined;
  const [accessKeyId = "", , region = "", service = ""] = credential.split("/");
  return { accessKeyId, region, service };
}

/** The body; undefined where it is too large, which is told before it is read where its sender tells its length. */
async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > REFUSED_BYTES_READ_MAX) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const buffer = chunk as Buffer;
    bytes += buffer.length;
    if (bytes > REFUSED_BYTES_READ_MAX) return undefined;
    if (bytes > bytesMax) chunks.length = 0;
    else chunks.push(buffer);
  }
  return bytes > bytesMax ? undefined : Buffer.concat(chunks);
}

function respond(
  response: ServerResponse,
  statusCode: number,
  document: unknown,
  type = "application/x-amz-json-1.0",
): void {
  response.writeHead(statusCode, { "content-type": type });
  response.end(JSON.stringify(document ?? {}));
}

function send(response: ServerResponse, { statusCode, headers, content }: WireAnswer): void {
  response.writeHead(statusCode, { ...headers });
  response.end(content);
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeAllConnections();
  await closed;
}
