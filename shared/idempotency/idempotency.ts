import { createHmac } from "node:crypto";
import canonicalize from "canonicalize";
import type { Lookup, Write } from "../audit/journal.ts";

/** What is remembered of a first request: keyed fingerprint and the ids that it made. */
export interface RememberedRequest {
  readonly fingerprint: string;
  /** The first answer without anything that the caller sent, as JSON. */
  readonly answer: string;
}

/** A request that carries an idempotency key. */
export interface KeyedRequest {
  /** Where the memory of it lies. */
  readonly slot: string;
  readonly fingerprint: string;
}

/** A table's memory of requests. */
export interface RequestMemory {
  /** Null for a request that is remembered no longer. */
  remembered(slot: string): Lookup<RememberedRequest | null>;
  /** Remembers for 24 hours, in the transaction that creates the thing. */
  remember(slot: string, request: RememberedRequest, now: Date): Write;
}

/**
 * Derives slot and fingerprint from one KMS HMAC over (caller, route, key): the fingerprint covers
 * the RFC 8785 form of the body. Neither the key nor a bare digest of the body is ever stored.
 */
export async function keyedRequest(
  mac: (...fields: readonly string[]) => Promise<Uint8Array>,
  request: {
    readonly caller: string;
    readonly route: string;
    readonly key: string;
    readonly body: unknown;
  },
): Promise<KeyedRequest> {
  const secret = await mac("idempotency", request.caller, request.route, request.key);
  const derive = (use: string, text: string) =>
    createHmac("sha256", secret).update(use).update("\0").update(text).digest("base64url");
  return {
    slot: derive("slot", ""),
    fingerprint: derive("body", canonicalize(request.body) ?? ""),
  };
}
