import { isRecord } from "../json-shape.ts";

/** The `$context` of one request, as API Gateway's templates and access logs read it. */
export type RequestContext = {
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
  readonly domainName: string;
  readonly domainPrefix: string;
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly xrayTraceId: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly protocol: string;
  readonly requestTime: string;
  readonly requestTimeEpoch: number;
  readonly identity: { readonly sourceIp: string; readonly userAgent: string | null };
  resourcePath?: string;
  resourceId?: string;
  authorizer?: Readonly<Record<string, string | number>>;
  error?: { readonly message: string; readonly messageString: string; readonly responseType: string };
  integration?: { readonly latency: number; readonly status?: number; readonly requestId?: string };
  integrationLatency?: number;
  integrationStatus?: number;
  wafResponseCode?: string;
  webaclArn?: string;
  status?: number;
  responseLatency?: number;
  responseLength?: number;
};

/** The value at a dotted path of the context, or undefined. */
export function lookUp(context: RequestContext, path: string): string | number | null | undefined {
  let value: unknown = context;
  for (const part of path.split(".")) {
    if (!isRecord(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return typeof value === "string" || typeof value === "number" || value === null ? value : undefined;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** A time in the form of `$context.requestTime`, for example `22/Nov/2026:16:00:00 +0000`. */
export function commonLogTime(at: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()] ?? ""}/${String(at.getUTCFullYear())}`;
  return `${day}:${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`;
}
