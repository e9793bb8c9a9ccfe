import type { BrowserAccess, GatewayRequest } from "../service.ts";
import { type CorsQuestion, corsHeaders, preflightAnswer } from "./bucket-cors.ts";
import type { BucketSettings } from "./bucket-settings.ts";
import { readPresignedPost } from "./presigned-post.ts";
import { readPresignedUrl } from "./presigned-url.ts";
import { bucketOfPath } from "./s3-request.ts";

/** 50 MB with the form around it, and enough above that for the policy to be what refuses a file that is a little larger. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;

/** What S3 does for browsers: presigned addresses, uploads by forms, and CORS as the bucket has it. */
export function createBrowserAccess(
  settingsOf: (bucket: string) => BucketSettings | undefined,
): BrowserAccess {
  const bucketOf = (request: Pick<GatewayRequest, "path">) =>
    settingsOf(bucketOfPath({ path: request.path }).bucket);
  return {
    claims: (path) => bucketOf({ path }) !== undefined,
    bodyBytesMax: BODY_BYTES_MAX,
    preflight(request) {
      if (request.method !== "OPTIONS") return undefined;
      return preflightAnswer(bucketOf(request)?.corsRules ?? [], questionOf(request));
    },
    presigned: (request) => readPresignedUrl(request) ?? readPresignedPost(request),
    dressed(request, answer) {
      const headers = corsHeaders(bucketOf(request)?.corsRules ?? [], questionOf(request));
      // A preflight was answered with all of them, or refused.
      return request.method === "OPTIONS"
        ? answer
        : { ...answer, headers: { ...answer.headers, ...headers } };
    },
  };
}

function questionOf({ method, headers }: GatewayRequest): CorsQuestion {
  const asked = String(headers["access-control-request-headers"] ?? "");
  return {
    origin: headers.origin,
    method: method === "OPTIONS" ? String(headers["access-control-request-method"] ?? "") : method,
    headers:
      method === "OPTIONS"
        ? asked
            .toLowerCase()
            .split(",")
            .map((name) => name.trim())
            .filter((name) => name !== "")
        : [],
  };
}
