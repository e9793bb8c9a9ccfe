import type { Language } from "../domain/words.ts";
import type { LinkRecord } from "../messaging/records.ts";
import { beginSession, type DeviceChoice, type Opened } from "./begin-session.ts";
import { type CountMissPorts, countMiss } from "./count-miss.ts";
import { type Answer, decideProof } from "./decide-proof.ts";
import { DECOYS } from "./decoys.ts";
import { standingDevices } from "./devices.ts";
import { isHeld } from "./held.ts";
import { killSwitchesOf, killSwitchLookups } from "./kill-switches.ts";
import { CODELESS_LINK_MS, DAILY_MISSES_MAX, PENDING_PROOF_MS, REFUSED_ANSWER_MS } from "./limits.ts";
import { claimLink } from "./link-claim.ts";
import { isSuperseded, linkStands, sessionStands } from "./link-state.ts";
import { codeInForce, type LiveLink } from "./live-link.ts";
import { hasPin, isProofOutdated, pinSinceOf } from "./pin-verifier.ts";
import type { PinVerifier, PortalPorts } from "./ports.ts";
import type { PortalSession } from "./records.ts";
import { deviceKey, sameBytes, sessionKey } from "./secrets.ts";
import { isDeviceForgotten } from "./standing-session.ts";
import type { CodeState, WantCodePorts } from "./want-code.ts";

const RACES_MAX = 10;
const MAC_BYTES = 32;
/** Stand in for what a form or a patient lacks, so that every form costs the same MACs. */
const DECOY_ANSWER = "0";
const DECOY_SALT = new Uint8Array(16);
const DECOY_MAC = new Uint8Array(MAC_BYTES);

/** One part of a proof as it was stated; `value` is null when it cannot be right. */
export interface Stated {
  readonly value: string | null;
}

/** A proof as it arrives. */
export interface Proof {
  readonly token: string;
  /** YYYY-MM-DD; null when the form said nothing. */
  readonly birthDate: Stated | null;
  /** Six to eight digits; null when the form said nothing. */
  readonly pin: Stated | null;
  /** Six digits; null when the form said nothing. */
  readonly code: Stated | null;
  /** The patient asks for another code. */
  readonly newCode: boolean;
  /** The open session of this browser asks for what it lacks to show everything. */
  readonly stepUp: boolean;
  readonly deviceChoice: DeviceChoice;
  /** The cookie of an earlier right date of birth or PIN. */
  readonly pendingCookie: string | null;
  readonly sessionCookie: string | null;
  readonly deviceCookie: string | null;
  readonly requestId: string;
}

/** What became of a proof. Every reason to refuse looks the same. */
export type ProofOutcome =
  | { readonly kind: "refused"; readonly counted: boolean }
  /** An open session lacks the date of birth or PIN. */
  | { readonly kind: "secret-wanted" }
  | {
      readonly kind: "code-wanted";
      /** For the browser to keep; null when it has one that still holds. */
      readonly pendingCookie: string | null;
      readonly code: CodeState;
      /** The patient's. */
      readonly language: Language;
    }
  /** An open session shows all that may be shown until a change of number or date of birth is a day old. */
  | { readonly kind: "held" }
  /** An open session shows everything already. */
  | { readonly kind: "covered" }
  | NonNullable<Opened>;

/** What proving needs besides what all of the portal needs. */
export interface ProvePorts extends PortalPorts, CountMissPorts, WantCodePorts {
  readonly waitUntil: (atMs: number) => Promise<void>;
}

/** How date of birth or PIN were answered, and which of the two that was. */
interface CheckedSecret {
  readonly answer: Answer;
  readonly part: "birthDate" | "pin";
}

/** What is worked out of a proof once, whatever races follow. */
interface Claimed {
  readonly lookup: string;
  readonly pendingHash: string;
  readonly sessionHash: string;
  readonly deviceHash: string;
  readonly codeMac: Uint8Array | null;
}

/**
 * Checks proofs. A guess and its count are one conditional transaction, and so is a right answer:
 * both hold only while the misses are as they were read, so guesses sent at once are worth no more
 * than guesses sent one after another. Throws, and has revealed nothing, when a store fails.
 *
 * Every form costs the same reads and MACs, whether its link is live, dead, past its end, revoked or
 * forged and whether the patient has a PIN: what there is not to read is read of nobody. What still
 * differs, such as the transaction that counts a miss, disappears in {@link REFUSED_ANSWER_MS}: a stranger
 * makes nothing be written.
 */
export function createProve(ports: ProvePorts) {
  const { read, journal, messages, portal, verifiers, proofMac, now } = ports;

  /** Both MACs for every form: nothing tells which of the two the patient has. */
  async function checkSecret(
    { birthDate, pin }: Proof,
    patientId: string,
    dateVerifier: { readonly salt: Uint8Array; readonly mac: Uint8Array } | undefined,
    pinVerifier: PinVerifier | undefined,
  ): Promise<CheckedSecret> {
    const [dateMac, pinMac] = await Promise.all([
      proofMac("birthDate", patientId, dateVerifier?.salt ?? DECOY_SALT, birthDate?.value ?? DECOY_ANSWER),
      proofMac("pin", patientId, pinVerifier?.salt ?? DECOY_SALT, pin?.value ?? DECOY_ANSWER),
    ]);
    const byDate = answerOf(birthDate, dateMac, dateVerifier?.mac);
    const byPin = answerOf(pin, pinMac, pinVerifier?.mac);
    const asked = hasPin(pinVerifier) ? "pin" : "birthDate";
    const [answer, other] = asked === "pin" ? [byPin, byDate] : [byDate, byPin];
    // Whoever states only the other one is wrong, and is told no more than that.
    if (answer === "absent" && other !== "absent") {
      return { answer: "wrong", part: asked === "pin" ? "birthDate" : "pin" };
    }
    return { answer, part: asked };
  }

  /** One look at everything and one decision; undefined when somebody else was faster. */
  async function attempt(proof: Proof, claimed: Claimed): Promise<ProofOutcome | undefined> {
    const { lookup, codeMac } = claimed;
    const at = now();
    const day = at.toISOString().slice(0, 10);
    const [link, earlier, opened, codeRequests] = await read(
      messages.link(lookup),
      portal.session(claimed.pendingHash),
      portal.session(claimed.sessionHash),
      portal.codeRequests(lookup),
    );
    const patientId = link?.patientId ?? DECOYS.patient;
    const [thread, newest, pinVerifier, dailyMisses, remembered, codesForPatient, alert, head, ...found] =
      await read(
        messages.thread(patientId, link?.threadId ?? DECOYS.thread),
        messages.newestLink(patientId, link?.threadId ?? DECOYS.thread),
        verifiers.pinVerifier(patientId),
        portal.dailyMisses(patientId, day),
        portal.devices(patientId),
        portal.codesFor(patientId),
        messages.alert(patientId, link?.alertId ?? DECOYS.alert),
        journal.head({ patientId, actor: `patient:${patientId}` }),
        ...killSwitchLookups(ports, patientId, link),
      );
    const killSwitches = killSwitchesOf(found);
    const { verifier } = killSwitches;
    const secret = await checkSecret(proof, patientId, verifier, pinVerifier);
    const code = answerOf(
      proof.code,
      codeMac ?? DECOY_MAC,
      link !== undefined && codeInForce(link, at) ? (link.codeMac ?? undefined) : undefined,
    );
    if (
      link === undefined ||
      thread === undefined ||
      !linkStands(link, killSwitches) ||
      (dailyMisses?.count ?? 0) >= DAILY_MISSES_MAX
    ) {
      return { kind: "refused", counted: false };
    }
    const isOpen =
      opened !== undefined &&
      sessionStands(opened, lookup, at) &&
      !isDeviceForgotten(opened, remembered) &&
      !isProofOutdated(opened, pinVerifier);
    const session = isOpen ? opened : undefined;
    const stepsFrom = session !== undefined && stepsUp(proof, session, secret.answer) ? session : undefined;
    // Who has it open may prove more of it, within its hour: only opening anew needs the newest link, within its time.
    if (stepsFrom === undefined && (isSuperseded(link, newest) || isOver(link, at))) {
      return { kind: "refused", counted: false };
    }
    const devices = standingDevices(remembered, killSwitches, at);
    const live: LiveLink = {
      link,
      thread,
      alert,
      head: head ?? null,
      day,
      dailyMisses,
      codeRequests,
      codesForPatient,
      pinSince: pinSinceOf(pinVerifier),
      pending:
        earlier !== undefined && isPending(earlier, lookup, at) && !isProofOutdated(earlier, pinVerifier)
          ? earlier
          : undefined,
      session,
      remembered,
      devices,
      device: devices.find(({ hash }) => hash === claimed.deviceHash),
    };
    const provenBefore = live.pending !== undefined || stepsFrom?.birthDateProven === true;
    const held = isHeld(verifier, at);
    const decision = decideProof({
      tier: thread.highestTier,
      secret: secret.answer,
      code,
      secretProvenBefore: provenBefore,
      onRememberedDevice: live.device !== undefined,
      isLinkOld: at.getTime() - Date.parse(link.createdAt) >= CODELESS_LINK_MS,
      isHeld: held,
    });
    switch (decision.kind) {
      case "refuse":
        return stepsFrom === undefined ? { kind: "refused", counted: false } : { kind: "secret-wanted" };
      case "miss":
        return miss(live, proof, decision.step === "code" ? "code" : secret.part, at);
      case "want-code": {
        if (stepsFrom !== undefined && stepsFrom.tier >= thread.highestTier) return { kind: "covered" };
        // Late: the first pages of links, which most requests are for, need no template of a text.
        const { wantCode } = await import("./want-code.ts");
        return wantCode(ports, live, proof, at);
      }
      case "open": {
        if (stepsFrom !== undefined && stepsFrom.tier >= decision.tier) {
          return { kind: held && thread.highestTier > stepsFrom.tier ? "held" : "covered" };
        }
        const { deviceChoice, requestId } = proof;
        return beginSession(
          ports,
          live,
          {
            tier: decision.tier,
            birthDateProven: secret.answer === "right" || provenBefore,
            secret: secret.answer === "right" ? secret.part : null,
            codeRight: code === "right" && decision.tier === 3,
            deviceChoice,
            beganAt: stepsFrom?.createdAt ?? null,
            requestId,
          },
          at,
        );
      }
      default:
        return decision satisfies never;
    }
  }

  async function miss(
    live: LiveLink,
    proof: Proof,
    step: CheckedSecret["part"] | "code",
    at: Date,
  ): Promise<ProofOutcome | undefined> {
    const counted = await countMiss(ports, live, step, proof.requestId, at);
    if (counted === undefined) return undefined;
    // With both parts stated, saying which one was wrong would be a hint.
    return step === "code" && proof.birthDate === null && proof.pin === null && !counted.dies
      ? { kind: "code-wanted", pendingCookie: null, code: "wrong", language: live.link.language }
      : { kind: "refused", counted: true };
  }

  async function claim(proof: Proof): Promise<Claimed> {
    const [{ lookup, key }, pendingHash, sessionHash, deviceHash] = await Promise.all([
      claimLink(proof.token, ports.linkKeys),
      sessionKey(proofMac, proof.pendingCookie ?? DECOY_ANSWER),
      // A browser without the cookie costs no call: that it has none is no secret.
      proof.sessionCookie === null ? DECOY_ANSWER : sessionKey(proofMac, proof.sessionCookie),
      proof.deviceCookie === null ? DECOY_ANSWER : deviceKey(proofMac, proof.deviceCookie),
    ]);
    const codeMac =
      proof.code === null ? null : await key.mac("code", lookup, proof.code.value ?? DECOY_ANSWER);
    return { lookup, pendingHash, sessionHash, deviceHash, codeMac };
  }

  async function settle(proof: Proof): Promise<ProofOutcome> {
    const claimed = await claim(proof);
    for (let race = 0; race < RACES_MAX; race += 1) {
      const outcome = await attempt(proof, claimed);
      if (outcome !== undefined) return outcome;
    }
    return { kind: "refused", counted: false };
  }

  return async (proof: Proof): Promise<ProofOutcome> => {
    const answerAtMs = now().getTime() + REFUSED_ANSWER_MS;
    const outcome = await settle(proof);
    if (outcome.kind !== "refused") return outcome;
    await ports.waitUntil(answerAtMs);
    return outcome;
  };
}

/** Checks a proof. */
export type Prove = ReturnType<typeof createProve>;

function answerOf(stated: Stated | null, mac: Uint8Array, kept: Uint8Array | undefined): Answer {
  const right = sameBytes(mac, kept ?? DECOY_MAC);
  if (stated === null) return "absent";
  return right && kept !== undefined && stated.value !== null ? "right" : "wrong";
}

/**
 * True where a form asks for more of an open session rather than for another one: it says so, or goes on with
 * the code, or states the first date of birth or PIN of a session that the link alone opened.
 */
function stepsUp({ stepUp, code, newCode }: Proof, session: PortalSession, secret: Answer): boolean {
  return stepUp || code !== null || newCode || (secret !== "absent" && !session.birthDateProven);
}

function isOver({ expiresAt }: LinkRecord, at: Date): boolean {
  return Date.parse(expiresAt) <= at.getTime();
}

function isPending(session: PortalSession, lookup: string, at: Date): boolean {
  return (
    session.stage === "birthDate" &&
    session.linkLookup === lookup &&
    at.getTime() - Date.parse(session.createdAt) < PENDING_PROOF_MS
  );
}
