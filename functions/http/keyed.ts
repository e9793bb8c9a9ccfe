import type { APIGatewayProxyEvent } from "aws-lambda";
import { type KeyedRequest, keyedRequest } from "#shared/idempotency/idempotency.ts";
import { type Caller, idempotencyKey } from "./request.ts";

/** The keyed form of a request that carries an Idempotency-Key; null for one that does not. */
export async function keyedBy(
  event: APIGatewayProxyEvent,
  caller: Caller,
  route: string,
  body: unknown,
  mac: (...fields: readonly string[]) => Promise<Uint8Array>,
): Promise<KeyedRequest | null> {
  const key = idempotencyKey(event);
  return key === undefined ? null : keyedRequest(mac, { caller: caller.actor, route, key, body });
}
