import type { Throttle } from "./rest-apis.ts";

/**
 * A token bucket for each method of a stage, as API Gateway throttles: `ratePerSecond` on the given clock, filled to `burst`.
 * The returned function says whether one more request to the method may pass.
 */
export function createThrottle({
  ratePerSecond,
  burst,
}: Throttle): (method: string, nowMs: number) => boolean {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return (method, nowMs) => {
    const bucket = buckets.get(method) ?? { tokens: burst, atMs: nowMs };
    buckets.set(method, bucket);
    bucket.tokens = Math.min(
      burst,
      bucket.tokens + (Math.max(0, nowMs - bucket.atMs) / 1000) * ratePerSecond,
    );
    bucket.atMs = nowMs;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };
}
