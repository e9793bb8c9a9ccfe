import type { PinVerifier } from "./ports.ts";
import type { PortalSession } from "./records.ts";

/** True where a PIN takes the place of the date of birth. */
export function hasPin(pin: PinVerifier | undefined): boolean {
  return pin !== undefined && pin.removedAt === null;
}

/** Since when the PIN that takes the place of the date of birth stands; null where there is none. */
export function pinSinceOf(pin: PinVerifier | undefined): string | null {
  return pin === undefined || pin.removedAt !== null ? null : pin.since;
}

/**
 * True for a session whose date of birth or PIN was given under another PIN than the one that stands, or under
 * none: whoever knew that much may be who the new one is against.
 */
export function isProofOutdated(
  { birthDateProven, pinSince }: Pick<PortalSession, "birthDateProven" | "pinSince">,
  pin: PinVerifier | undefined,
): boolean {
  const since = pinSinceOf(pin);
  return birthDateProven && since !== null && since !== pinSince;
}

/** What stands where a PIN was removed: nothing that any PIN could match. */
export function noPin(at: string): PinVerifier {
  return { salt: new Uint8Array(1), mac: new Uint8Array(1), since: at, removedAt: at };
}
