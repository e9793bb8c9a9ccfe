import type { AuditEvent, Write } from "../audit/journal.ts";
import { datesIn, pinProblem } from "../domain/pin.ts";
import { PROVEN_TIER } from "./limits.ts";
import { hasPin, noPin } from "./pin-verifier.ts";
import type { PinVerifier, PortalPorts } from "./ports.ts";
import { sameBytes } from "./secrets.ts";
import { openSession, type StandingSession } from "./standing-session.ts";

/** A wish, in an open session, to set or replace the PIN. */
export interface SetPinRequest {
  readonly token: string;
  readonly cookie: string | null;
  /** As it was typed. */
  readonly pin: string;
  readonly requestId: string;
}

/** A wish, in an open session, to have no PIN. */
export type RemovePinRequest = Omit<SetPinRequest, "pin">;

/** What changing the PIN needs besides what all of the portal needs. */
export interface PinPorts extends PortalPorts {
  readonly pins: { setPinVerifier(patientId: string, pin: PinVerifier): Write };
  readonly randomBytes: (count: number) => Uint8Array;
}

/**
 * What came of it. `length`, `simple` and `birth-date`: the PIN is not taken; `needs-proof`: the session
 * was opened with less than date of birth or PIN.
 */
export type SetPinOutcome = "set" | "length" | "simple" | "birth-date" | "needs-proof" | "ended";

const SALT_BYTES = 16;

/** Whoever opened the session knew the date of birth or the present PIN. */
function isProven({ session }: StandingSession): boolean {
  return session.birthDateProven && session.tier >= PROVEN_TIER;
}

function pinEvent(
  action: "pin.set" | "pin.removed",
  { session, link }: StandingSession,
  requestId: string,
): AuditEvent {
  return {
    action,
    actor: `patient:${session.patientId}`,
    role: "patient",
    patientId: session.patientId,
    purpose: link.purpose,
    details: { threadId: session.threadId },
    requestId,
  };
}

/**
 * Sets the PIN that takes the place of the date of birth from then on. Neither is stored: a salted MAC
 * under ProofKey is, and a PIN that may be written for the date of birth is not taken.
 */
export function createSetPin(ports: PinPorts) {
  const { read, journal, verifiers, proofMac, now } = ports;

  async function isBirthDate(patientId: string, pin: string): Promise<boolean> {
    const [verifier] = await read(verifiers.birthDateVerifier(patientId));
    if (verifier === undefined) return false;
    const { salt, mac } = verifier;
    const macs = await Promise.all(datesIn(pin).map((date) => proofMac("birthDate", patientId, salt, date)));
    return macs.some((candidate) => sameBytes(candidate, mac));
  }

  return async ({ token, cookie, pin, requestId }: SetPinRequest): Promise<SetPinOutcome> => {
    const standing = await openSession(ports, token, cookie);
    if (standing === undefined) return "ended";
    if (!isProven(standing)) return "needs-proof";
    const digits = pin.replaceAll(/\s/g, "");
    const problem = pinProblem(digits);
    if (problem !== undefined) return problem;
    const { patientId } = standing.session;
    if (await isBirthDate(patientId, digits)) return "birth-date";
    const salt = ports.randomBytes(SALT_BYTES);
    const verifier = {
      salt,
      mac: await proofMac("pin", patientId, salt, digits),
      since: now().toISOString(),
      removedAt: null,
    };
    await journal.commit(
      pinEvent("pin.set", standing, requestId),
      [ports.pins.setPinVerifier(patientId, verifier)],
      standing.head,
    );
    return "set";
  };
}

/** Removes the PIN; from then on the date of birth opens again. Removing none changes nothing. */
export function createRemovePin(ports: PinPorts) {
  const { read, journal, verifiers, now } = ports;

  return async ({
    token,
    cookie,
    requestId,
  }: RemovePinRequest): Promise<"removed" | "needs-proof" | "ended"> => {
    const standing = await openSession(ports, token, cookie);
    if (standing === undefined) return "ended";
    if (!isProven(standing)) return "needs-proof";
    const { patientId } = standing.session;
    const [pin] = await read(verifiers.pinVerifier(patientId));
    if (!hasPin(pin)) return "removed";
    const at = now().toISOString();
    await journal.commit(
      pinEvent("pin.removed", standing, requestId),
      [ports.pins.setPinVerifier(patientId, noPin(at))],
      standing.head,
    );
    return "removed";
  };
}

/** Sets the PIN. */
export type SetPin = ReturnType<typeof createSetPin>;
/** Removes the PIN. */
export type RemovePin = ReturnType<typeof createRemovePin>;
