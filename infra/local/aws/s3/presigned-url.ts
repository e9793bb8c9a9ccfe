import type { GatewayRequest, PresignedCall } from "../service.ts";
import { s3Error } from "./s3-error.ts";
import { readS3Operation } from "./s3-request.ts";
import {
  ALGORITHM,
  checkSignature,
  hexSha256,
  readAmzDate,
  readScope,
  type SignatureScope,
  uriEncoded,
} from "./signature.ts";

/** Parameters that only sign; the other ones whose names begin so stand for headers. */
const SIGNING_PARAMETERS: ReadonlySet<string> = new Set([
  "x-amz-algorithm",
  "x-amz-content-sha256",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-expires",
  "x-amz-security-token",
  "x-amz-signature",
  "x-amz-signedheaders",
]);
const SECONDS_MAX = 604_800;
/** How far a signer's clock may be ahead. */
const AHEAD_MS_MAX = 15 * 60_000;
const UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

type Parameter = readonly [name: string, value: string];

/** A request that is signed in its query (SigV4); undefined for one that is not. Throws where the parameters make no sense. */
export function readPresignedUrl(request: GatewayRequest): PresignedCall | undefined {
  const { target = request.path } = request;
  const mark = target.indexOf("?");
  const parameters: readonly Parameter[] = [...new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1))];
  const find = (name: string) => parameters.find(([each]) => each.toLowerCase() === name)?.[1];
  const signature = find("x-amz-signature");
  if (signature === undefined) return undefined;

  const scope = readScope(find("x-amz-credential"));
  const signedMs = readAmzDate(find("x-amz-date"));
  const seconds = Number(find("x-amz-expires"));
  const signedHeaders = (find("x-amz-signedheaders") ?? "").split(";");
  if (
    find("x-amz-algorithm") !== ALGORITHM ||
    scope?.service !== "s3" ||
    signedMs === undefined ||
    !Number.isInteger(seconds) ||
    seconds < 1 ||
    seconds > SECONDS_MAX ||
    !signedHeaders.includes("host")
  )
    throw s3Error(
      "AuthorizationQueryParametersError",
      "A query parameter of the signature is missing or not valid.",
    );

  const path = mark < 0 ? target : target.slice(0, mark);
  const own = parameters.filter(([name]) => !name.toLowerCase().startsWith("x-amz-"));
  const hoisted = parameters
    .map(([name, value]): Parameter => [name.toLowerCase(), value])
    .filter(([name]) => name.startsWith("x-amz-") && !SIGNING_PARAMETERS.has(name));
  const query = new URLSearchParams(own.map(([name, value]): [string, string] => [name, value])).toString();
  return {
    accessKeyId: scope.accessKeyId,
    region: scope.region,
    get operation() {
      return readS3Operation({
        method: request.method,
        path: request.path,
        target: query === "" ? path : `${path}?${query}`,
        headers: { ...request.headers, ...Object.fromEntries(hoisted) },
        get body() {
          return request.body;
        },
        ...(request.content === undefined ? {} : { content: request.content }),
      });
    },
    verify(secretAccessKey) {
      const nowMs = Date.now();
      if (signedMs > nowMs + AHEAD_MS_MAX) throw s3Error("AccessDenied", "Request is not yet valid");
      if (nowMs >= signedMs + seconds * 1000) throw s3Error("AccessDenied", "Request has expired");
      const canonical = [
        request.method,
        canonicalPath(path),
        canonicalQuery(parameters.filter(([name]) => name.toLowerCase() !== "x-amz-signature")),
        ...signedHeaders.map((name) => `${name}:${canonicalHeader(request, name)}`),
        "",
        signedHeaders.join(";"),
        find("x-amz-content-sha256") ?? UNSIGNED_PAYLOAD,
      ].join("\n");
      checkSignature(
        textToSign(find("x-amz-date") ?? "", scope, canonical),
        signature,
        scope,
        secretAccessKey,
      );
    },
  };
}

function textToSign(date: string, { day, region, service }: SignatureScope, canonical: string): string {
  return [ALGORITHM, date, `${day}/${region}/${service}/aws4_request`, hexSha256(canonical)].join("\n");
}

/** S3 signs the path as it is, each part encoded once. */
function canonicalPath(path: string): string {
  try {
    return path
      .split("/")
      .map((part) => uriEncoded(decodeURIComponent(part)))
      .join("/");
  } catch {
    throw s3Error("InvalidURI", "Couldn't parse the specified URI.");
  }
}

function canonicalQuery(parameters: readonly Parameter[]): string {
  return parameters
    .map(([name, value]) => `${uriEncoded(name)}=${uriEncoded(value)}`)
    .toSorted()
    .join("&");
}

function canonicalHeader({ headers }: GatewayRequest, name: string): string {
  return String(headers[name] ?? "")
    .trim()
    .replaceAll(/ +/gu, " ");
}
