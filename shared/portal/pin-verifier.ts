import type { PinVerifier } from "./ports.ts";

/** True where a PIN takes the place of the date of birth. */
export function hasPin(pin: PinVerifier | undefined): boolean {
  return pin !== undefined && pin.removedAt === null;
}

/** What stands where a PIN was removed: nothing that any PIN could match. */
export function noPin(at: string): PinVerifier {
  return { salt: new Uint8Array(1), mac: new Uint8Array(1), since: at, removedAt: at };
}
