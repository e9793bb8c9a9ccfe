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

/** What memory says of a request. */
export type Recall<Answer> =
  | { readonly kind: "new" }
  | { readonly kind: "same"; readonly answer: Answer }
  | { readonly kind: "conflict" };

/** The slot to look up; one that no request can have stands in where there is no key. */
export function slotOf(keyed: KeyedRequest | null): string {
  return keyed?.slot ?? "none";
}

/** Whether a request is new, the same as a remembered one, or another one under the same key. */
export function recall<Answer>(
  keyed: KeyedRequest | null,
  remembered: RememberedRequest | null | undefined,
): Recall<Answer> {
  if (keyed === null || remembered === undefined || remembered === null) return { kind: "new" };
  if (remembered.fingerprint !== keyed.fingerprint) return { kind: "conflict" };
  return { kind: "same", answer: JSON.parse(remembered.answer) as Answer };
}

/** The write that remembers a keyed request with its answer; none where there is no key. */
export function remembering(
  memory: RequestMemory,
  keyed: KeyedRequest | null,
  answer: unknown,
  now: Date,
): Write[] {
  if (keyed === null) return [];
  const request = { fingerprint: keyed.fingerprint, answer: JSON.stringify(answer) };
  return [memory.remember(keyed.slot, request, now)];
}
