import type { AuditEvent, Write } from "../audit/journal.ts";
import { datesIn, pinProblem } from "../domain/pin.ts";
import { type CountMissPorts, countMiss } from "./count-miss.ts";
import { isHeld } from "./held.ts";
import { DAILY_MISSES_MAX, PROVEN_TIER } from "./limits.ts";
import { holdMisses } from "./live-link.ts";
import { hasPin, noPin } from "./pin-verifier.ts";
import type { PinVerifier, PortalPorts, VerifierStore } from "./ports.ts";
import { sameBytes } from "./secrets.ts";
import { openSession, type SessionRequest, type StandingSession } from "./standing-session.ts";

/** A wish, in an open session, that concerns the PIN. */
interface PinRequest extends SessionRequest {
  /** The one that stands, as it was typed; empty where nothing was. */
  readonly presentPin: string;
}

/** A wish to set or replace the PIN. */
export interface SetPinRequest extends PinRequest {
  /** As it was typed. */
  readonly pin: string;
}

/** What changing the PIN needs besides what all of the portal needs. */
export interface PinPorts extends PortalPorts, CountMissPorts {
  readonly pins: { setPinVerifier(patientId: string, pin: PinVerifier): Write };
  readonly randomBytes: (count: number) => Uint8Array;
}

/**
 * What came of it. `length`, `simple` and `birth-date`: the PIN is not taken; `held`: number or date of birth
 * changed less than a day ago; `present-pin`: that was not the one that stands; `needs-proof`: the session was
 * opened with less than date of birth or PIN.
 */
export type SetPinOutcome =
  | "set"
  | "length"
  | "simple"
  | "birth-date"
  | "held"
  | "present-pin"
  | "needs-proof"
  | "ended";

/** What the date of birth is checked against. */
type BirthDateVerifier = Awaited<ReturnType<ReturnType<VerifierStore["birthDateVerifier"]>["parse"]>>;

const SALT_BYTES = 16;
const RACES_MAX = 10;
const PIN = /^\d{6,8}$/;

const plainDigits = (typed: string) => typed.replaceAll(/[\s-]/g, "");

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

/** A problem that keeps a PIN as it is; else the verifier that takes its place. */
type Prepare<Problem extends string> = (
  standing: StandingSession,
  found: { readonly pin: PinVerifier | undefined; readonly birthDate: BirthDateVerifier | undefined },
) => Promise<Problem | PinVerifier>;

/**
 * Changes the PIN in an open session, once whatever races follow. Where there is one already it must be
 * stated: a wrong one is a miss of the link, counted as at its first page, and a right one holds only while the
 * misses are as they were read. The session goes on; every other that was proven before has ended.
 */
async function changePin<Problem extends string>(
  ports: PinPorts,
  action: "pin.set" | "pin.removed",
  { token, cookie, presentPin, requestId }: PinRequest,
  prepare: Prepare<Problem>,
): Promise<Problem | "done" | "held" | "present-pin" | "needs-proof" | "ended"> {
  const { read, journal, portal, verifiers, proofMac, now } = ports;
  for (let count = 1; count <= RACES_MAX; count += 1) {
    const standing = await openSession(ports, token, cookie);
    if (standing === undefined) return "ended";
    if (!isProven(standing)) return "needs-proof";
    const { session, link, head } = standing;
    const { patientId } = session;
    const at = now();
    const day = at.toISOString().slice(0, 10);
    const [pin, birthDate, dailyMisses] = await read(
      verifiers.pinVerifier(patientId),
      verifiers.birthDateVerifier(patientId),
      portal.dailyMisses(patientId, day),
    );
    if (isHeld(birthDate, at)) return "held";
    const prepared = await prepare(standing, { pin, birthDate });
    if (typeof prepared === "string") return prepared;
    const guarded = { link, head, day, dailyMisses };
    const asks = pin !== undefined && hasPin(pin);
    if (asks) {
      const stated = plainDigits(presentPin);
      if (!PIN.test(stated) || (dailyMisses?.count ?? 0) >= DAILY_MISSES_MAX) return "present-pin";
      if (!sameBytes(await proofMac("pin", patientId, pin.salt, stated), pin.mac)) {
        if ((await countMiss(ports, guarded, "pin", requestId, at)) === undefined) continue;
        return "present-pin";
      }
    }
    const outcome = await journal.commit(
      pinEvent(action, standing, requestId),
      [
        ...(asks ? holdMisses(portal, guarded) : []),
        ports.pins.setPinVerifier(patientId, prepared),
        portal.provenUnder(session.hash, prepared.since),
      ],
      head,
    );
    if (outcome.kind === "committed") return "done";
  }
  throw new Error("the link stayed contended; the PIN is as it was");
}

/**
 * Sets the PIN that takes the place of the date of birth from then on. Neither is stored: a salted MAC
 * under ProofKey is, and a PIN that may be written for the date of birth is not taken.
 */
export function createSetPin(ports: PinPorts) {
  const { proofMac, now } = ports;

  async function isBirthDate(
    patientId: string,
    { salt, mac }: BirthDateVerifier,
    pin: string,
  ): Promise<boolean> {
    const macs = await Promise.all(datesIn(pin).map((date) => proofMac("birthDate", patientId, salt, date)));
    return macs.some((candidate) => sameBytes(candidate, mac));
  }

  return async ({ pin: typed, ...request }: SetPinRequest): Promise<SetPinOutcome> => {
    const told = await changePin<"length" | "simple" | "birth-date">(
      ports,
      "pin.set",
      request,
      async ({ session }, { birthDate }) => {
        const { patientId } = session;
        const digits = typed.replaceAll(/\s/g, "");
        const problem = pinProblem(digits);
        if (problem !== undefined) return problem;
        if (birthDate !== undefined && (await isBirthDate(patientId, birthDate, digits))) return "birth-date";
        const salt = ports.randomBytes(SALT_BYTES);
        const mac = await proofMac("pin", patientId, salt, digits);
        return { salt, mac, since: now().toISOString(), removedAt: null };
      },
    );
    return told === "done" ? "set" : told;
  };
}

/**
 * Removes the PIN; from then on the date of birth opens again. Removing none changes nothing. `held` and
 * `present-pin` as for setting one.
 */
export function createRemovePin(ports: PinPorts) {
  return async (
    request: PinRequest,
  ): Promise<"removed" | "held" | "present-pin" | "needs-proof" | "ended"> => {
    const told = await changePin<"none">(ports, "pin.removed", request, async (_standing, { pin }) =>
      hasPin(pin) ? noPin(ports.now().toISOString()) : "none",
    );
    return told === "done" || told === "none" ? "removed" : told;
  };
}

/** Sets the PIN. */
export type SetPin = ReturnType<typeof createSetPin>;
/** Removes the PIN. */
export type RemovePin = ReturnType<typeof createRemovePin>;
